package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/flow"
)

// holds says what is true of every screen.
func (p *player) holds(o bot.Outgoing) {
	p.t.Helper()
	if n := len([]rune(o.Text)); n == 0 || n > 4096 && !p.long {
		p.t.Errorf("%s: a message of %d characters", p.at, n)
	}
	for _, c := range flatten(o.Rows) {
		if n := len(c.Data); n > 64 || n == 0 && c.Copy == "" {
			p.t.Errorf("%s: the button %q carries %d bytes", p.at, c.Label, n)
		}
		if n := len([]rune(c.Label)); n > 44 {
			p.t.Errorf("%s: the label %q has %d characters", p.at, c.Label, n)
		}
	}
	if len(o.Rows) == 0 || !o.Closing.IsZero() {
		return
	}
	offered := map[string]bool{}
	for _, b := range buttons(flatten(o.Rows)) {
		offered[b.choice] = true
	}
	ways := []string{flow.WordHide, flow.WordServices, flow.WordStop, flow.WordHelp}
	if offered["yes"] && offered["no"] && buttons(flatten(o.Rows))[0].step == "guess" {
		ways = ways[:1] // a question about a spelling stands for a moment only; the words still count when typed
	}
	for _, w := range ways {
		if !offered["!"+w] {
			p.t.Errorf("%s: a question without a way out: %s is not offered", p.at, w)
		}
	}
}

var errNever = errors.New("words that must never appear")

// everNever gives words that nobody is shown: of forms and offices, of doubt, of alarm (voice.md), in small letters. Those of
// the later languages were written down by whoever read them a second time.
func everNever(t *testing.T, lang string) []string {
	t.Helper()
	if words := never[lang]; words != nil {
		return words
	}
	return append(unsaidIn(t, lang+".txt"), "!")
}

// unsaidIn reads a list of words beside the flows.
func unsaidIn(t *testing.T, file string) (words []string) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("../../flows/testdata/unsaid", file))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(src), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			words = append(words, strings.ToLower(line))
		}
	}
	return words
}

var never = map[string][]string{
	"en": {"perpetrator", "allegation", "beneficiar", "incident", "confidential", "psea", "gbv", "survivor", "submit", "!"},
	"ar": {"الجاني", "ادعاء", "مستفيد", "الضحية", "ضحية", "سرية", "!"},
	"fr": {"agresseur", "allégation", "bénéficiaire", "incident", "confidenti", "vbg", "victime", "survivant", "soumettre", "!"},
	"es": {"víctima", "sobreviviente", "agresor", "acusad", "presunt", "beneficiari", "incidente", "confidencial", "denuncia", "informante", "!", "¡"},
	"bn": {"অপরাধী", "অভিযুক্ত", "সুবিধাভোগী", "ভিকটিম", "ভুক্তভোগী", "সারভাইভার", "ধর্ষণ", "গোপনীয়", "!"},
}

// checkNever holds the bot's lines and the notices to the words that must not be in them.
func (p *player) checkNever(got transcript) {
	p.t.Helper()
	var bot, after, notices strings.Builder
	for _, l := range got.chat {
		if strings.HasPrefix(l, ">") || strings.HasPrefix(l, ".") {
			bot.WriteString(l + "\n")
			after.WriteString(l + "\n")
		}
		if strings.Contains(l, "{receipt}") && strings.HasPrefix(l, ">") {
			after.Reset()
		}
	}
	for _, l := range got.notice {
		if strings.HasPrefix(l, ">") { // not what the staff did
			notices.WriteString(l + "\n")
		}
	}
	look := func(where, in, word string) { // in small letters
		if word != "" && strings.Contains(in, strings.ToLower(word)) {
			p.t.Errorf("%v: %q in the %s", errNever, word, where)
		}
	}
	p.firstLines(got.chat)
	inChat, inAfter, inNotices := strings.ToLower(bot.String()), strings.ToLower(after.String()), strings.ToLower(notices.String())
	for _, word := range everNever(p.t, p.lang) {
		look("chat", inChat, word)
		if never[p.lang] != nil { // the lists beside the flows are about what people read, not the staff
			look("notices", inNotices, word)
		}
	}
	for _, text := range p.own { // what people wrote is read where it was sealed for, and nowhere else
		look("notices", inNotices, text)
	}
	for _, line := range got.never {
		where, word, _ := strings.Cut(line, ": ")
		switch where {
		case "chat":
			look(where, inChat, word)
		case "after":
			look("chat after the sending", inAfter, word)
			look("notices", inNotices, word)
		case "notice":
			look(where, inNotices, word)
		default:
			p.t.Errorf("never: %q begins neither with chat:, nor after:, nor notice:", line)
		}
	}
}

// alarming are words that a glance at a notification must not show.
var alarming = regexp.MustCompile(`(?i)report|abuse|harm|danger|violence|sex|police|complain|wrong|secret|بلاغ|إساءة|أذى|خطر|عنف|جنس|شرطة|شكوى|خاطئ|سر|` +
	`signal|abus|grave|viol|plain|normal|` +
	`denuncia|abuso|daño|peligro|violencia|polic[ií]a|queja|no está bien|` +
	`রিপোর্ট|নির্যাতন|ক্ষতি|বিপদ|সহিংস|যৌন|শারীরিক|পুলিশ|অভিযোগ|অন্যায়|গোপন`)

// firstLines holds what a locked screen shows to be neutral: the first words of a conversation, and what comes unasked.
func (p *player) firstLines(chat []string) {
	p.t.Helper()
	shown := true
	var more []string
	if never[p.lang] == nil {
		more = unsaidIn(p.t, p.lang+".alarming.txt")
	}
	for _, l := range chat {
		switch {
		case strings.HasPrefix(l, "> ") && shown:
			small := strings.ToLower(l)
			if alarming.MatchString(l) || slices.ContainsFunc(more, func(w string) bool { return strings.Contains(small, w) }) {
				p.t.Errorf("a notification would show %q", l)
			}
			shown = false
		case strings.HasPrefix(l, "< /start"), strings.HasPrefix(l, "< /hide"), strings.HasSuffix(l, " later"):
			shown = true
		case strings.HasPrefix(l, "< "):
			shown = false
		}
	}
}
