package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"amana/flows"
)

// jargon are words of programmers that no operator is told.
var jargon = regexp.MustCompile(`(?i)unmarshal|!!(str|seq|map|int|bool)\b|\bstruct\b|go-yaml|mapping|scalar|token|\bnil\b|\bEOF\b|invalid character`)

// soundConfig is a configuration without a mistake.
const soundConfig = `profile: example
database: amana.db
keys: keys
runtime: /run/amana
languages: [en, ar]
drafts: [ar]
zone: Africa/Lagos
notices:
  normal: 15m
posters: {well: block_a}
routes:
  - name: shelter
    organisations: [example_shelter]
    areas: [block_a]
`

// slip is one mistake: the sound file with one piece exchanged, and what is said of it.
type slip struct {
	name, from, to string
	says           string // "LINE: what; remedy", in part
}

func (s slip) in(t *testing.T, sound string) string {
	t.Helper()
	if !strings.Contains(sound, s.from) {
		t.Fatalf("the sound file has no %q", s.from)
	}
	return strings.Replace(sound, s.from, s.to, 1)
}

// holds compares what is said, as "file:line: what", with what should be.
func (s slip) holds(t *testing.T, file string, err error) {
	t.Helper()
	var conf errConfig
	if !errors.As(err, &conf) {
		t.Fatalf("taken, with the error %v", err)
	}
	line, want, _ := strings.Cut(s.says, ": ")
	place := file + ": "
	if line != "" {
		place = file + ":" + line + ": "
	}
	for _, one := range conf {
		if strings.HasPrefix(one, place) && strings.Contains(one, want) {
			if word := jargon.FindString(one); word != "" {
				t.Errorf("%q speaks of %q", one, word)
			}
			return
		}
	}
	t.Errorf("it says\n%v\nwhich should hold %s%s", err, place, want)
}

func TestSlipsInTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	for _, s := range []slip{
		{"empty", soundConfig, "", ": the file is empty; `amana init DIR` writes one"},
		{"spaces only", soundConfig, "\n\n  \n", ": the file is empty"},
		{"binary", soundConfig, "SQLite format 3\x00\x10", ": the file is not a text file"},
		{"other encoding", "profile: example", "profile: example # \xe9", "1: the file is not UTF-8"},
		{"byte order mark", "profile: example", "\ufeffprofile: example", "1: the file begins with a byte order mark"},
		{"tab", "  normal: 15m", "\tnormal: 15m", "9: the line is indented with a tab; indent with spaces"},
		{"no colon", "zone: Africa/Lagos", "zone Africa/Lagos", "7: the line has no colon; write it as name: value"},
		{"no space", "zone: Africa/Lagos", "zone:Africa/Lagos", "7: there is no space behind the colon"},
		{"two colons", "profile: example", "profile: example: two", "1: a second colon stands in the line"},
		{"list open", "languages: [en, ar]", "languages: [en, ar", "5: a list begins here with [ and never ends"},
		{"indentation", "  normal: 15m", "    normal: 15m\n  least: 2m", "10: the line is indented in another way"},
		{"bomb", "zone: Africa/Lagos", "teams: {a: &a [x, x], b: [*a, *a]}\nzone: Africa/Lagos", "7: anchors and aliases"},
		{"unknown setting", "zone:", "zoone:", `7: there is no setting "zoone"; did you mean zone?`},
		{"unknown below", "  normal: 15m", "  normel: 15m", `9: notices has no setting "normel"; did you mean normal?`},
		{"of another place", "notices:\n", "", `8: the line is indented deeper`},
		{"lost its place", "notices:\n  normal: 15m", "normal: 15m", `8: there is no setting "normal"; it belongs under notices`},
		{"twice", "zone: Africa/Lagos", "zone: Africa/Lagos\nzone: UTC", "8: zone stands twice, first in line 7; keep one"},
		{"text for a list", "languages: [en, ar]", "languages: en", `5: languages must be a list, and is "en"; write languages: [first, second]`},
		{"settings for a list", "languages: [en, ar]", "languages: {en: 1}", "5: languages must be a list, and is settings"},
		{"list for a text", "zone: Africa/Lagos", "zone: [Africa/Lagos]", "7: zone must be one text, and is a list"},
		{"text for settings", "notices:\n  normal: 15m", "notices: soon", `8: notices must be settings, and is "soon"`},
		{"yes", "zone: Africa/Lagos", "zone: Africa/Lagos\nruntime_on_disk: yes", `8: runtime_on_disk must be true or false, and is "yes"`},
		{"bad time", "normal: 15m", "normal: soon", `9: notices.normal: "soon" is not a time; write for example 15m, 24h or 7d`},
		{"negative time", "normal: 15m", "normal: -3m", `9: notices.normal: "-3m" is not a time; write`},
		{"time without a unit", "normal: 15m", "normal: 15", `9: notices.normal: "15" is not a time; write`},
		{"unknown zone", "Africa/Lagos", "Atlantis/Town", `7: zone "Atlantis/Town" is not known; write for example Africa/Lagos`},
		{"no zone", "zone: Africa/Lagos\n", "", ": zone is missing: deadlines and safe hours are meant in it; write"},
		{"no database", "database: amana.db\n", "", ": database is missing; add a line"},
		{"an empty one", "keys: keys", "keys:", "3: keys is missing; add a line"},
		{"database among the keys", "database: amana.db", "database: keys/amana.db", "2: the database lies inside the key directory"},
		{"route without a name", "  - name: shelter", "  - nmae: shelter", `12: routes[0] has no setting "nmae"; did you mean name?`},
		{"no list below", "    areas: [block_a]", "    areas: block_a", "14: routes[0].areas must be a list"},
	} {
		t.Run(s.name, func(t *testing.T) {
			file := filepath.Join(dir, strings.ReplaceAll(s.name, " ", "-")+".yaml")
			if err := os.WriteFile(file, []byte(s.in(t, soundConfig)), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readConfig(file)
			s.holds(t, file, err)
		})
	}
	for name, text := range map[string]string{
		"sound": soundConfig, "Windows": strings.ReplaceAll(soundConfig, "\n", "\r\n"), "no last line end": strings.TrimSpace(soundConfig),
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readConfig(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.zone().String() != "Africa/Lagos" || c.delay().Normal != 15*time.Minute || len(c.Routes) != 1 {
			t.Errorf("%s: read as %+v", name, c)
		}
	}
}

// What only the profile and the catalogs can tell is told with the line in the configuration.
func TestNamesInTheConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	book, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []slip{
		{"language", "[en, ar]", "[en, arr]", `5: languages: "arr" is not shipped; did you mean ar?`},
		{"draft", "drafts: [ar]", "drafts: [xx]", `6: drafts: "xx" is not shipped; known here: en, am, ar`},
		{"only drafts", "languages: [en, ar]\ndrafts: [ar]", "languages: [ar]", "5: no language can be offered: all of ar are drafts; list under `drafts:`"},
		{"profile", "profile: example", "profile: exmaple", `1: profile "exmaple" is not shipped; did you mean example?`},
		{"profile that is not there", "profile: example", "profile: ./there.yaml", "1: the profile " + dir + "/there.yaml cannot be read: no such file or directory; name a file that is there"},
		{"poster", "well: block_a", "well: blok_a", `10: posters: well stands for the area "blok_a", which the profile does not have; did you mean block_a?`},
		{"organisation", "[example_shelter]", "[example_sheltr]", `13: routes: shelter: there is no organisation "example_sheltr"; did you mean example_shelter?`},
		{"area", "areas: [block_a]", "areas: [moon]", `14: routes: shelter: there is no area "moon"; known here: block_a`},
	} {
		t.Run(s.name, func(t *testing.T) {
			file := filepath.Join(dir, "amana.yaml")
			if err := os.WriteFile(file, []byte(s.in(t, soundConfig)), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := readConfig(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := readProfile(c)
			if err == nil {
				_, err = offered(c, p, book)
			}
			if err == nil {
				var all errConfig
				for _, f := range checkNames(c) {
					all = append(all, f.Place+": "+f.What+"; "+f.Hint)
				}
				err = all
			}
			s.holds(t, file, err)
		})
	}
}

func TestSlipsInAProfile(t *testing.T) {
	src, err := flows.FS.ReadFile("profiles/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// The later languages have their words in files of their own, which this place does without.
	sound := regexp.MustCompile(`(?m)^languages: \[[^]]*\]`).ReplaceAllString(string(src), "languages: [en, ar, fr, es, bn]")
	for _, s := range []struct {
		slip
		at string // what stands in the line that is named; empty: the file is
	}{
		{slip{"empty", sound, "# nothing", "the file is empty; copy flows/profiles/example.yaml"}, ""},
		{slip{"binary", sound, "\x00\x01", "the file is not a text file"}, ""},
		{slip{"tab", "  - {name: block_a", "\t- {name: block_a", "indented with a tab"}, "block_a"},
		{slip{"unknown", "areas:", "aeras:", `there is no setting "aeras"; did you mean areas?`}, "aeras:"},
		{slip{"unknown below", "first_hours:", "firsthours:", `windows has no setting "firsthours"; did you mean first_hours?`}, "firsthours:"},
		{slip{"unknown in a list", "label: {en: \"Block B", "lable: {en: \"Block B", `areas[1] has no setting "lable"; did you mean label?`}, "Block B"},
		{slip{"list for a text", "profile: example", "profile: [example]", "profile must be one text, and is a list"}, "profile:"},
		{slip{"word for a number", "first_hours: 72", "first_hours: three days", `windows.first_hours must be a whole number, and is "three days"`}, "first_hours:"},
		{slip{"bad time", "answer: {urgent: 168h", "answer: {urgent: a week", `clocks.answer.urgent: "a week" is not a time; write for example 15m, 24h or 7d`}, "a week"},
		{slip{"no language", "languages: [en, ar, fr, es, bn]", "languages:", "languages is missing; list at least one"}, "languages:"},
		{slip{"no text", `label: {en: "River side (example)", ar:`, `label: {ar:`, "areas[2].label has no text in en; every language of the profile needs one"}, "river_side"},
		{slip{"foreign text", `note: {en: "A woman`, `note: {so: "x", en: "A woman`, `lines[2].note has a text in "so", which is no language of the profile; known here: en, ar, fr, es, bn`}, "A woman"},
		{slip{"bad name", "name: block_b", "name: Block B", `the name "Block B" cannot be used; write it with a-z, 0-9 and _`}, "name: Block B"},
		{slip{"name twice", "name: block_b", "name: block_a", `the name "block_a" stands twice, first in place.yaml:21; give one of them another`}, "Block B"},
		{slip{"kind of line", "kind: police", "kind: polise", `there is no kind of line "polise"; did you mean police?`}, "kind: polise"},
		{slip{"no number", `    phone: "000-0005"`, `    phone:`, "a line has no number; add phone"}, "    phone:\n"},
		{slip{"area of a line", "areas: [town]", "areas: [twon]", `there is no area "twon"; did you mean town?`}, "twon"},
		{slip{"place of an organisation", "name: example_health, ", "name: example_health, place: XX01, ", "organisations[1].place: only an area has a place"}, "place: XX01,"},
		{slip{"place twice", "name: block_b, ", "name: block_b, place: block_a, ", `the place "block_a" belongs to two areas, first in place.yaml:21; name another`}, "place: block_a"},
		{slip{"kind without a label", `es: "Semillas y herramientas (ejemplo)", `, "", "kinds[0].label has no text in es; every language"}, "Seeds and tools"},
		{slip{"kind with a bad name", "name: seeds", "name: Seeds and tools", `kinds: the kind of service "Seeds and tools" cannot be used; write it with a-z`}, "name: Seeds"},
		{slip{"word of another kind", `"semences", `, `"food", `, `kinds: the word "food" stands for two kinds of service, distribution and seeds; give it to one`}, "name: seeds"},
		{slip{"kind twice", "kinds:\n", "kinds:\n  - {name: seeds, label: {en: x, ar: x, fr: x, es: x, bn: x}}\n", `the kind "seeds" stands twice, first in place.yaml`}, "  - name: seeds"},
		{slip{"hidden", `    words: ["seeds`, `    hidden: maybe` + "\n" + `    words: ["seeds`, `kinds[0].hidden must be true or false, and is "maybe"`}, "hidden: maybe"},
		{slip{"holiday", "2026-12-16", "16 December", `holidays[1]: "16 December" is not a day; write 2026-12-25, or 12-25`}, "16 December"},
		{slip{"end of a holiday", "to 2027-03-11", "to 2027-03-01", `ends before it begins; write the first day first`}, "2027-03-01"},
		{slip{"windows", "second_hours: 120", "second_hours: 100", "whole days in hours, the second not before the first; write for example"}, "windows:"},
		{slip{"no source", `  source: "Example protocol (invented); ask the health coordination of the place"`, "", "source or reviewed is missing; name who says so"}, "windows:"},
		{slip{"no day", "reviewed: 2026-11-01", "reviewed: last month", `windows.reviewed "last month" is not a day; write for example`}, "reviewed:"},
		{slip{"force", "forces: {police:", "forces: {polise:", `forces: there is no force "polise"; did you mean police?`}, "polise"},
		{slip{"organisation of a force", "[example_police]}", "[example_polise]}", `forces: police: there is no organisation "example_polise"; did you mean example_police?`}, "polise"},
		{slip{"force twice", "[example_police]}", "[example_police], military: [example_police]}", "forces: example_police stands twice, first in place.yaml:"}, "forces:"},
		{slip{"deadline", "  confirm:", "  confrim:", `there is no deadline "confrim"; did you mean confirm?`}, "confrim:"},
		{slip{"urgency", "refer: {urgent:", "refer: {urgnt:", `clocks: refer: there is no urgency "urgnt"; did you mean urgent?`}, "refer:"},
		{slip{"day", "days: [sun,", "days: [sunday,", `there is no day "sunday"; use sun mon tue`}, "sunday"},
		{slip{"zone", `zone: "UTC"`, `zone: "Nowhere"`, `hours: zone "Nowhere" is not known; write for example Africa/Lagos`}, "Nowhere"},
		{slip{"hours", `to: "17:00"`, `to: "07:00"`, "from and to are not times of one day; write for example"}, "07:00\", zone"},
		{slip{"part of the day", "  midday:", "  noon:", `there is no part of the day "noon"; known here: morning`}, "noon:"},
		{slip{"half hours", `from: "07:00", to`, `from: "07:30", to`, "nudge_hours: morning: from and to are not whole hours of one day; write for example"}, "07:30"},
	} {
		t.Run(s.name, func(t *testing.T) {
			bad := s.in(t, sound)
			_, err := parseProfile("place.yaml", []byte(bad), fstest.MapFS{}, "place/words")
			line := ""
			if s.at != "" {
				i := strings.Index(bad, s.at)
				if i < 0 {
					t.Fatalf("the bad file has no %q", s.at)
				}
				line = strconv.Itoa(1 + strings.Count(bad[:i], "\n"))
			}
			slip{says: line + ": " + s.says}.holds(t, "place.yaml", err)
		})
	}
	if _, err := parseProfile("place.yaml", []byte(strings.ReplaceAll(sound, "\n", "\r\n")), fstest.MapFS{}, "place/words"); err != nil {
		t.Errorf("line ends of Windows: %v", err)
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 errors", 1: "1 error", 2: "2 errors", 21: "21 errors"} {
		if got := count(n, "error", "errors"); got != want {
			t.Errorf("%q", got)
		}
	}
}
