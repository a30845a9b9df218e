package main

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v4"

	"amana/bot/speech"
	"amana/flows"
)

// coverage notes what all transcripts together show of the flows.
type coverage struct {
	mu     sync.Mutex
	said   map[string]*strings.Builder // all that the bot said, by language
	chosen map[string]bool             // step=choice
	walked int
}

func (c *coverage) add(lang string, got transcript) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.walked++
	if c.said[lang] == nil {
		c.said[lang] = &strings.Builder{}
	}
	for _, l := range got.chat {
		if text, ok := strings.CutPrefix(l, "> "); ok {
			c.said[lang].WriteString(text)
		}
		c.said[lang].WriteString("\n")
	}
	for _, l := range got.script {
		l = strings.TrimPrefix(strings.TrimPrefix(l, "tap "), "number ")
		step, choices, ok := strings.Cut(l, "=")
		for name := range strings.SplitSeq(choices, ",") {
			if ok {
				c.chosen[step+"="+name] = true
			}
		}
	}
}

// unsaid are texts that no conversation of one person with a working bot can bring about, and who shows them instead.
var unsaid = map[string]string{
	"word.language.draft":   "only where the language is a draft",
	"word.saved.not":        "only when the disk refuses",
	"word.saved.wait":       "only when the disk refuses: said by the door",
	"word.saved.perhaps":    "only when a cluster does not say: TestPageNobodyKnows",
	"word.saved.unsure":     "only when a cluster does not say: said by the door",
	"word.saved.lost":       "only when the disk refuses for long: said by the door",
	"word.ended.nothing":    "only after a reboot",
	"word.ended.perhaps":    "only after a reboot",
	"word.refused.group":    "said by the door to groups",
	"word.zawgyi":           "told to whoever writes Burmese in its old encoding: TestZawgyiIsAnswered",
	"word.voice.lost":       "only when a voice message does not arrive: TestVoiceThatIsGoneIsToldOf, and the door",
	"word.voice.gone":       "only when the disk has damaged a voice message: TestVoiceThatIsGoneIsToldOf",
	"word.readers.within":   "only where everybody who can read works at the accused: Readership",
	"inside.inside_few":     "only where too few are left without the people of the accused: TestRouteOfASmallMission",
	"word.number.range":     "no shipped flow asks for a number",
	"word.later":            "only after more than anybody has to tell",
	"word.unsent":           "asks again what had to wait: after word.busy and word.later",
	"word.busy":             "said when the machine is full",
	"word.services.none":    "only where a profile has no line",
	"word.review.empty":     "a consent is always among the answers",
	"word.lines.none":       "only where a profile has no such line",
	"card.asks":             "no example names a role: in a sheet it stands in one language alone",
	"hours.open":            "said where a door stays open into the day after tomorrow, and not day and night",
	"card.unchecked":        "each example says when it was checked",
	"service.language.rhg":  "the invented camp speaks five languages, and this is none of them",
	"service.language.ctg":  "the same",
	"service.language.shu":  "the same",
	"service.language.mrt":  "the same",
	"service.language.pga":  "the same",
	"service.language.shk":  "the same",
	"service.language.wba":  "the same",
	"service.language.guc":  "the same",
	"service.language.rki":  "the same",
	"service.language.kmr":  "the same",
	"service.language.ckb":  "the same",
	"word.place.write":      "the invented camp knows where its areas lie: the shipped places show it",
	"report.not_taken":      "only when readers go while somebody sends",
	"support.not_taken":     "the same",
	"child.not_taken":       "the same",
	"remedy.not_taken":      "the same",
	"participate.not_taken": "the same",
	"feedback.not_taken":    "the same",
}

// check demands that the transcripts show every step of every flow, and every choice on which a flow turns, in every
// language, and what the house itself says.
func (c *coverage) check(t *testing.T, langs []string) {
	t.Helper()
	book, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	all, err := shippedFlows()
	if err != nil {
		t.Fatal(err)
	}
	var keys, choices []string
	for _, f := range all {
		src, err := flows.FS.ReadFile(f.Name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Steps []struct {
				Name string    `yaml:"name"`
				Goto yaml.Node `yaml:"goto"`
			} `yaml:"steps"`
		}
		if err := yaml.Unmarshal(src, &file); err != nil {
			t.Fatal(err)
		}
		for _, s := range file.Steps {
			keys = append(keys, f.Name+"."+s.Name)
			var to map[string]string
			if s.Goto.Kind == yaml.MappingNode && s.Goto.Decode(&to) == nil {
				for choice := range to {
					if choice != "*" && book.Has(langs[0], f.Name+"."+s.Name+"."+choice) {
						choices = append(choices, s.Name+"="+choice)
					}
				}
			}
		}
	}
	for _, k := range book.Keys() {
		head, rest, _ := strings.Cut(k, ".")
		switch { // what the house says, and what stands on a card
		case head == "word" && strings.Contains(rest, ".") && !strings.HasSuffix(rest, ".also"),
			head == "card", head == "service" && !strings.HasPrefix(rest, "kind."), strings.HasPrefix(k, "hours.open"), k == "hours.call":
			keys = append(keys, k)
		}
	}
	for _, lang := range langs {
		said := c.said[lang].String()
		for _, k := range keys {
			if !book.Has(lang, k) {
				continue
			}
			shown := slices.ContainsFunc(patterns(t, book, lang, k), func(form *regexp.Regexp) bool { return form.MatchString(said) })
			switch {
			case unsaid[k] == "" && !shown:
				t.Errorf("no transcript in %s shows %s", lang, k)
			case unsaid[k] != "" && shown && lang == langs[0]:
				t.Errorf("a transcript shows %s, which is kept as: %s", k, unsaid[k])
			}
		}
	}
	slices.Sort(choices)
	for _, k := range slices.Compact(choices) {
		if !c.chosen[k] {
			t.Errorf("no transcript takes %s, on which a flow turns", k)
		}
	}
}

// counts fill a text, one for every plural form, and are found in it again.
var counts = func() map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{}
	for _, n := range []string{"0", "1", "2", "3", "11", "100"} {
		all[n] = regexp.MustCompile(`\b` + n + `\b`)
	}
	return all
}()

// patterns gives the forms of a text of the catalog, with any value in its placeholders. Each stands for itself, and so is
// looked for by the words that it begins with: what was said in a language is some megabytes.
func patterns(t *testing.T, book *speech.Book, lang, key string) (out []*regexp.Regexp) {
	t.Helper()
	var forms []string
	for n, count := range counts {
		values := speech.Args{}
		for _, name := range book.Placeholders(lang, key) {
			values[name] = n
		}
		text, err := book.Text(lang, key, values)
		if err != nil {
			t.Fatal(err)
		}
		text = regexp.QuoteMeta(unsteered.Replace(text))
		forms = append(forms, count.ReplaceAllString(text, "[^\n]+"))
	}
	slices.Sort(forms)
	for _, form := range slices.Compact(forms) {
		out = append(out, regexp.MustCompile(form))
	}
	return out
}

var unsteered = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "", "\u061c", "")
