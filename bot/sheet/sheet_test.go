package sheet

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

// span is a value that reads itself.
type span struct{ time.Duration }

func (s *span) UnmarshalText(text []byte) (err error) {
	if s.Duration, err = time.ParseDuration(string(text)); err != nil {
		return errors.New(`"` + string(text) + `" is not a time; write for example 15m`)
	}
	return nil
}

// paper has a setting of every form.
type paper struct {
	unseen string

	Zone   string            `yaml:"zone"`
	Langs  []string          `yaml:"languages"`
	On     bool              `yaml:"on_disk"`
	Count  int               `yaml:"count"`
	Wait   span              `yaml:"wait"`
	Labels map[string]string `yaml:"labels"`
	Hours  struct {
		From string `yaml:"from"`
		Zone string `yaml:"place"`
	} `yaml:"hours"`
	Routes []struct {
		Name    string   `yaml:"name"`
		Readers []string `yaml:"readers"`
	} `yaml:"routes"`
	Clocks map[string]map[string]span `yaml:"clocks"`
}

// spoken are words of programmers that no operator is told.
var spoken = regexp.MustCompile(`(?i)unmarshal|!!(str|seq|map|int|bool)\b|yaml|struct|go-|mapping|scalar|token|sequence|node|nil|EOF`)

func TestSlips(t *testing.T) {
	bomb := "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
	for _, c := range []struct {
		name, src string
		line      int
		says      string
	}{
		{"empty", "", 0, "the file is empty; begin here"},
		{"only a comment", "# nothing\n\n", 0, "the file is empty; begin here"},
		{"blank lines", "\r\n  \r\n", 0, "the file is empty"},
		{"binary", "\x7fELF\x02\x00\x00\x00", 0, "is not a text file; is it the right file?"},
		{"control character", "zone: UTC\ncount: \x011\n", 2, "cannot be seen; is it the right file?"},
		{"not UTF-8", "zone: UTC\nlabels: {fr: \"\xe9t\xe9\"}\n", 2, "not UTF-8: a letter of this line"},
		{"UTF-16", "\xff\xfez\x00o\x00n\x00e\x00", 0, "UTF-16; save it as UTF-8"},
		{"byte order mark", "\ufeffzone: UTC\n", 1, "byte order mark, which cannot be seen; save it as UTF-8 without BOM"},
		{"too large", strings.Repeat("# x\n", MaxFile/4+1), 0, "larger than 1 MiB"},
		{"tab", "hours:\n\tfrom: x\n", 2, "indented with a tab; indent with spaces"},
		{"tab in a list", "languages:\n  - en\n\t- ar\n", 3, "indented with a tab"},
		{"tab, Windows", "hours:\r\n\tfrom: x\r\n", 2, "indented with a tab"},
		{"no colon", "count: 1\nzone UTC\non_disk: true\n", 2, "the line has no colon; write it as name: value"},
		{"no colon at the beginning", "zone UTC\ncount: 1\n", 1, "the line has no colon"},
		{"no colon at the end", "count: 1\nzone UTC", 2, "the line has no colon"},
		{"no space behind the colon", "zone:UTC\ncount: 1\n", 1, "no space behind the colon; write it as name: value"},
		{"no space further down", "count: 1\nzone:UTC\non_disk: true\n", 2, "no space behind the colon"},
		{"two colons", "zone: UTC\nhours: from: x\n", 2, "a second colon stands in the line; put the value between quotation marks"},
		{"deeper", "zone: UTC\n  count: 1\n", 2, "indented deeper than the one above"},
		{"between", "hours:\n    from: x\n  place: y\n", 3, "indented in another way than the lines above"},
		{"list under a value", "zone: UTC\n- en\n", 2, "a list begins here, and no name stands above it"},
		{"list open", "languages: [en, ar\nzone: UTC\n", 1, "begins here with [ and never ends"},
		{"settings open", "labels: {en: x\nzone: UTC\n", 1, "begin here with { and never end"},
		{"quotation open", "zone: \"UTC\ncount: 1\n", 1, "begins here and never ends"},
		{"behind a quotation", "zone: 'it's'\ncount: 1\n", 1, "behind the end of a text in quotation marks"},
		{"quoted in part", "zone: \"UTC\" or so\n", 1, "behind the end of a text in quotation marks"},
		{"at sign", "zone: @here\n", 1, "a value cannot begin with '@'; put the value between"},
		{"percent", "count: 1\nzone: %x\n", 2, "a value cannot begin with '%'"},
		{"backslash", "zone: \"C:\\dir\"\n", 1, "a backslash means something else"},
		{"star", "zone: *x\n", 1, "begins with & or * means something else"},
		{"star alone", "zone: * x\n", 1, "begins with & or * means something else"},
		{"ampersand", "zone: & x\n", 1, "begins with & or *"},
		{"anchor", "zone: &x UTC\n", 1, "anchors and aliases (& and *) are not used here; write the thing itself"},
		{"bomb", bomb, 1, "anchors and aliases"},
		{"merge", "hours: {from: x}\nlabels:\n  <<: {en: x}\n", 3, "merging with << is not used"},
		{"tag", "zone: !!python/object x\n", 1, "tags such as !!python/object are not used"},
		{"tag of nobody", "zone: !here!x UTC\n", 1, "begins with ! means something else"},
		{"list in the line", "languages: - en\n", 1, "a list begins in the middle of the line"},
		{"no dash", "languages:\n- en\nar\n", 3, "the line has no colon"},
		{"after a list", "- en\nzone: UTC\n", 2, "stands in a list, and does not begin with -"},
		{"block", "zone: |UTC\n", 1, "something follows | or > in the same line"},
		{"comma", "languages: [en,, ar]\n", 1, "something is missing beside a comma"},
		{"hash", "zone: \"UTC\"# here\n", 1, "a # stands right behind a value"},
		{"two documents", "zone: UTC\n---\nzone: UTC\n", 2, "a second document follows"},
		{"document end", "zone: UTC\n... x\n", 2, "are not used here; take the line out"},
		{"directive", "%YAML 9\n---\nzone: UTC\n", 1, "are not used here; take the line out"},
		{"deep", "zone: " + strings.Repeat("[", 20_000) + "\n", 1, "nested too deep"},
		{"a list alone", "- en\n- ar\n", 1, "does not consist of settings; write each setting on a line"},
		{"a word alone", "hello\n", 1, "does not consist of settings"},

		{"unknown", "zone: UTC\nzoone: UTC\n", 2, `there is no setting "zoone"; did you mean zone?`},
		{"capitals", "Zone: UTC\n", 1, `no setting "Zone"; did you mean zone?`},
		{"hyphen", "on-disk: true\n", 1, "did you mean on_disk?"},
		{"swapped", "langauges: [en]\n", 1, "did you mean languages?"},
		{"short", "lang: [en]\n", 1, "did you mean languages?"},
		{"like nothing", "colour: red\n", 1, "known here: zone, languages, on_disk, count"},
		{"of another place", "from: x\n", 1, "it belongs under hours: move it there, and indent it"},
		{"of a list", "readers: [x]\n", 1, "it belongs under routes"},
		{"unknown below", "hours: {from: x, til: y}\n", 1, `hours has no setting "til"; known here: from, place`},
		{"unknown in a list", "routes:\n  - name: x\n  - nmae: y\n", 3, `routes[1] has no setting "nmae"; did you mean name?`},
		{"not for files", "unseen: x\n", 1, `no setting "unseen"`},
		{"twice", "zone: UTC\ncount: 1\nzone: UTC\n", 3, "zone stands twice, first in line 1; keep one"},
		{"twice below", "labels:\n  en: x\n  en: y\n", 3, "labels.en stands twice, first in line 2"},
		{"no plain name", "[zone]: UTC\n", 1, "no plain name"},
		{"list for a text", "zone: [UTC]\n", 1, "zone must be one text, and is a list; write zone: and the text"},
		{"settings for a text", "zone: {a: b}\n", 1, "zone must be one text, and is settings of its own"},
		{"text for a list", "languages: en\n", 1, `languages must be a list, and is "en"; write languages: [first, second]`},
		{"settings for a list", "routes: {name: x}\n", 1, "routes must be a list, and is settings of its own; write each on a line"},
		{"list in a list", "languages: [[en]]\n", 1, "languages[0] must be one text, and is a list"},
		{"text for settings", "hours: early\n", 1, `hours must be settings, and is "early"`},
		{"text for names", "labels: x\n", 1, `labels must be names with values, and is "x"`},
		{"yes for true", "on_disk: yes\n", 1, `on_disk must be true or false, and is "yes"; write on_disk: true`},
		{"word for a number", "count: many\n", 1, `count must be a whole number, and is "many"`},
		{"fraction", "count: 1.5\n", 1, "count must be a whole number"},
		{"bad time", "zone: UTC\nwait: soon\n", 2, `wait: "soon" is not a time; write for example 15m`},
		{"bad time below", "clocks:\n  answer: {urgent: 3 days}\n", 2, `clocks.answer.urgent: "3 days" is not a time`},
		{"list for a time", "wait: [1m]\n", 1, "wait must be one value, and is a list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p paper
			n, m := Read([]byte(c.src), "begin here")
			all := []Mistake{}
			if m != nil {
				all = append(all, *m)
			} else {
				_, all = Fill(n, &p)
			}
			if len(all) == 0 {
				t.Fatal("it is taken")
			}
			got := all[0].What
			if all[0].Hint != "" {
				got += "; " + all[0].Hint
			}
			if all[0].Line != c.line || !strings.Contains(got, c.says) {
				t.Errorf("line %d: %s\nwant line %d: %s", all[0].Line, got, c.line, c.says)
			}
			if !strings.Contains(got, "; ") {
				t.Errorf("%q names no remedy", got)
			}
			if word := spoken.FindString(got); word != "" && c.name != "tag" {
				t.Errorf("%q says %q", got, word)
			}
		})
	}
}

func TestFill(t *testing.T) {
	src := "zone: UTC # here\r\nlanguages:\r\n- en\r\n- ar\r\non_disk: true\r\ncount: 072\r\nwait: 15m\r\nlabels: {no: no, ar: \"x: y\"}\r\n" +
		"hours:\r\n  from: 08:00\r\n  place:\r\nroutes:\r\n  - {name: one}\r\n  - name: two\r\n    readers: [ana]\r\nclocks: {answer: {urgent: 24h}}\r\n"
	n, m := Read([]byte(src), "")
	if m != nil {
		t.Fatal(*m)
	}
	var p paper
	lines, bad := Fill(n, &p)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	if p.Zone != "UTC" || strings.Join(p.Langs, " ") != "en ar" || !p.On || p.Count != 72 || p.Wait.Duration != 15*time.Minute ||
		p.Labels["no"] != "no" || p.Labels["ar"] != "x: y" || p.Hours.From != "08:00" || p.Hours.Zone != "" || p.unseen != "" ||
		len(p.Routes) != 2 || p.Routes[1].Readers[0] != "ana" || p.Clocks["answer"]["urgent"].Duration != 24*time.Hour {
		t.Errorf("%+v", p)
	}
	for path, want := range map[string]int{
		"zone": 1, "languages": 2, "languages[1]": 4, "languages[7]": 2, "hours.place": 11, "hours.to": 9, "routes[1].readers[0]": 15,
		"routes[0].exclude": 13, "clocks.answer.normal": 16, "nothing": 0, "": 0,
	} {
		if got := lines.Of(path); got != want {
			t.Errorf("%s stands in line %d, want %d", path, got, want)
		}
	}
}

func TestEveryMistakeAtOnce(t *testing.T) {
	n, m := Read([]byte("zoone: UTC\ncount: many\nhours: {til: x}\n"), "")
	if m != nil {
		t.Fatal(*m)
	}
	if _, bad := Fill(n, new(paper)); len(bad) != 3 || bad[0].Line != 1 || bad[2].Line != 3 {
		t.Errorf("%v", bad)
	}
}

func TestNear(t *testing.T) {
	known := []string{"zone", "zones", "languages", "database", "keys", "hours", "nudge_hours"}
	for word, want := range map[string]string{
		"Zone": "zone", "zoen": "zone", "databse": "database", "data": "database", "nudge hours": "nudge_hours", "LANGUAGES": "languages",
		"key": "keys", "ke": "", "x": "", "": "", "zonee": "", "nothing_like_it": "", strings.Repeat("z", 100): "", "houses": "hours",
	} {
		if got, ok := Near(word, known); ok != (want != "") || ok && got != want {
			t.Errorf("%q is taken for %q, want %q", word, got, want)
		}
	}
}

// Whatever is in a file, Read and Fill say what is wrong with it, or take it.
func FuzzRead(f *testing.F) {
	f.Add("zone: UTC\nlanguages: [en, ar]\nroutes:\n  - {name: x}\n")
	f.Add("a: &a [*a]\n")
	f.Add("? [a]\n: - b\n\t- c")
	f.Add("zone: 'x\n\n---\n...")
	f.Fuzz(func(t *testing.T, src string) {
		n, m := Read([]byte(src), "begin")
		all := 1 + len(regexp.MustCompile("[\n\r\u0085\u2028\u2029]").FindAllString(src, -1)) // what counts as the end of a line
		if m != nil {
			if m.What == "" || m.Hint == "" || m.Line < 0 || m.Line > all+1 {
				t.Fatalf("%+v", *m)
			}
			return
		}
		_, bad := Fill(n, new(paper))
		for _, m := range bad {
			if m.What == "" || m.Line < 1 || m.Line > all+1 {
				t.Fatalf("%+v", m)
			}
		}
	})
}
