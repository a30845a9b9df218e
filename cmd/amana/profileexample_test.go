package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/inspect"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
)

// exampleWord gives the word that marks in a language what is invented: the one behind the first line of the profile.
func (p *profile) exampleWord(lang string) string {
	return regexp.MustCompile(`\([^()]+\)$`).FindString(p.Lines[0].Label[lang])
}

// someDayOfExamples is a day on which most of the invented records are believed.
const someDayOfExamples = directory.Date("2026-11-25")

// Every shipped place has an invented directory, which is imported without a word of complaint, and in which nothing could
// be taken for real.
func TestExampleDirectories(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("../../flows/profiles/*.yaml")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no profiles: %v", err)
	}
	if len(folders) != len(shippedProfiles()) {
		t.Errorf("%v are shipped, of %d", shippedProfiles(), len(folders))
	}
	for _, file := range folders {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			p, err := shippedProfile(&config{path: "test", Profile: name}, name)
			if err != nil {
				t.Fatal(err)
			}
			e := &exampleDirectory{T: t, p: p, d: readExampleSheets(t, p)}
			e.areas()
			e.services()
			e.shows()
			e.misleadsNobody()
		})
	}
}

// readExampleSheets imports from the disk, as an operator would, and takes no finding at all.
func readExampleSheets(t *testing.T, p *profile) *directory.Directory {
	t.Helper()
	kinds, err := p.kinds()
	if err != nil {
		t.Fatal(err)
	}
	var sheets []sheetFile
	for _, base := range []string{"areas.csv", "services.csv"} {
		f, err := os.Open(filepath.Join("../../flows/profiles", p.Profile, base))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		sheets = append(sheets, sheetFile{base, f, info.Size()})
	}
	out, _, err := readSheets(intake.Options{Kinds: kinds, Limits: table.Usual}, sheets, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range out.Findings {
		if f.Level == directory.Warning && strings.Contains(f.What, "place of a shelter") {
			f.What = "a place is written down: " + f.What
		}
		t.Errorf("%s: %s", f.Level, f)
	}
	if out.Refused+out.Stopped > 0 {
		t.Errorf("%d refused, %d stopped", out.Refused, out.Stopped)
	}
	p.fillDirectory(out.Directory)
	return out.Directory
}

type exampleDirectory struct {
	*testing.T
	p *profile
	d *directory.Directory
}

// said wants a text in each language of the profile and in no other, and in none a word that nobody is shown.
func (e *exampleDirectory) said(what string, words directory.Words) {
	e.Helper()
	var langs []string
	for _, t := range words {
		langs = append(langs, t.Lang)
		for _, never := range everNever(e.T, t.Lang) {
			if strings.Contains(strings.ToLower(t.Text), never) {
				e.Errorf("%s: %q holds %q", what, t.Text, never)
			}
		}
	}
	slices.Sort(langs)
	if want := slices.Sorted(slices.Values(e.p.Languages)); len(words) > 0 && !slices.Equal(langs, want) {
		e.Errorf("%s is said in %v, want %v", what, langs, want)
	}
}

// invented wants the marker in each language.
func (e *exampleDirectory) invented(what string, words directory.Words) {
	e.Helper()
	e.said(what, words)
	if len(words) == 0 {
		e.Errorf("%s has no name", what)
	}
	for _, t := range words {
		if mark := e.p.exampleWord(t.Lang); mark == "" || !strings.Contains(t.Text, mark) {
			e.Errorf("%s: %q is not marked as an example", what, t.Text)
		}
	}
}

func (e *exampleDirectory) areas() {
	tree, bad := directory.NewAreas(e.d.Areas)
	if len(bad) > 0 {
		e.Error(bad)
	}
	for _, a := range tree.All() {
		e.said("area "+a.ID, a.Name)
		if len(a.Name) == 0 || a.Level == 0 && a.Parent != "" {
			e.Errorf("area %s: %+v", a.ID, a)
		}
		if around, _ := tree.Area(a.Parent); a.Parent != "" && around.Level >= a.Level {
			e.Errorf("area %s of level %d lies in %s of level %d", a.ID, a.Level, around.ID, around.Level)
		}
		if strings.HasPrefix(a.Source, "areas.csv") {
			e.Errorf("area %s has no source", a.ID)
		}
		if strings.HasPrefix(a.Source, "EXAMPLE") && e.p.Profile != "example" {
			e.invented("area "+a.ID, a.Name)
		}
		if a.Code != "" && strings.HasPrefix(a.Source, "EXAMPLE") {
			e.Errorf("area %s is invented and has the code %s", a.ID, a.Code)
		}
	}
}

func (e *exampleDirectory) services() {
	kinds, err := e.p.kinds()
	if err != nil {
		e.Fatal(err)
	}
	if n := len(e.d.Services); n < 15 || n > 40 {
		e.Errorf("%d services", n)
	}
	for _, o := range e.d.Organisations {
		e.said("organisation "+o.ID, o.Name)
		for _, t := range o.Name { // "Example Relief" says it as "Relief (example)" does
			word := strings.Trim(e.p.exampleWord(t.Lang), "()")
			if stem := []rune(word); len(stem) > 5 { // before a noun it may lose its ending
				word = string(stem[:len(stem)-2])
			}
			if !strings.Contains(strings.ToLower(t.Text), word) {
				e.Errorf("the organisation %q is not marked as an example", t.Text)
			}
		}
	}
	for _, s := range e.d.Services {
		e.invented("service "+s.ID, s.Name)
		for what, words := range map[string]directory.Words{"says": s.Says, "address": s.Place.Address, "place": s.Place.Name, "bring": s.Bring, "referral": s.Referral, "cost": s.Cost.Note, "eligibility": s.Eligibility, "remarks": s.Remarks} {
			e.said(s.ID+" "+what, words)
		}
		if !strings.HasPrefix(s.Source, "EXAMPLE") || s.VerifiedBy != "EXAMPLE" || s.VerifiedOn == "" || s.ValidUntil == "" || s.Email+s.Web != "" {
			e.Errorf("%s: source %q, verified on %q by %q, valid until %q, %s%s", s.ID, s.Source, s.VerifiedOn, s.VerifiedBy, s.ValidUntil, s.Email, s.Web)
		}
		if len(s.Extra) > 0 || len(s.Langs) == 0 || s.Times.Open == "" {
			e.Errorf("%s: %+v, languages %v, hours %q", s.ID, s.Extra, s.Langs, s.Times.Said)
		}
		for _, phone := range s.Phones {
			if len(phone.Number) != 7 || !strings.HasPrefix(phone.Number, "000") {
				e.Errorf("%s: the number %s may be somebody's", s.ID, phone.Number)
			}
		}
		if hidden := slices.ContainsFunc(s.Kinds, func(k string) bool { kind, _ := kinds.Kind(k); return kind.Hidden }); hidden != s.Place.Redacted || s.Place.Point != nil {
			e.Errorf("%s: %+v", s.ID, s.Place)
		}
	}
}

// shows wants what a directory must be able to show: each sort of record, and a kind that is missing.
func (e *exampleDirectory) shows() {
	kinds := map[string]bool{}
	sorts := map[string]bool{"out of date": false, "believed": false, "on request": false, "without a number": false, "without a place": false, "day and night": false}
	for _, s := range e.d.Services {
		for _, k := range s.Kinds {
			kinds[k] = true
		}
		for sort, is := range map[string]bool{
			"out of date": s.Stale(someDayOfExamples), "believed": !s.Stale(someDayOfExamples), "on request": s.Visibility == directory.OnRequest,
			"without a number": len(s.Phones) == 0, "without a place": !s.Place.WalkIn(), "day and night": strings.Contains(s.Times.Open, "24/7"),
		} {
			sorts[sort] = sorts[sort] || is
		}
	}
	// In Myanmar no place is told, and so everything has a number.
	placeless := e.p.Profile == "myanmar"
	if placeless && slices.ContainsFunc(e.d.Services, func(s *directory.Service) bool { return s.Place.WalkIn() }) {
		e.Error("a record has a place")
	}
	for _, sort := range slices.Sorted(maps.Keys(sorts)) {
		if !sorts[sort] && !(placeless && sort == "without a number") {
			e.Errorf("no record is %s", sort)
		}
	}
	for _, k := range []string{"health", "cmr", "mhpss", "case_gbv", "case_child", "shelter", "legal", "hotline"} {
		if !kinds[k] {
			e.Errorf("no record is of the kind %s", k)
		}
	}
	if !slices.ContainsFunc(directory.Standard(), func(k directory.Kind) bool { return !kinds[k.Name] }) {
		e.Error("no kind that every mission knows is missing")
	}
}

// misleadsNobody wants nothing that the inspection of a directory warns of, but for what is out of date on purpose.
func (e *exampleDirectory) misleadsNobody() {
	kinds, err := e.p.kinds()
	if err != nil {
		e.Fatal(err)
	}
	zone, err := time.LoadLocation(e.p.Hours.Zone)
	if err != nil {
		e.Fatal(err)
	}
	now, err := time.ParseInLocation(time.DateOnly, string(someDayOfExamples), zone)
	if err != nil {
		e.Fatal(err)
	}
	stale := 0
	for _, f := range inspect.Look(e.d, e.p.inspected(kinds, zone, now)) {
		switch {
		case f.Sort == inspect.Freshness:
			stale++
		case f.Level != directory.Note:
			e.Errorf("%s: %s", f.Level, f)
		}
	}
	if stale == 0 {
		e.Error("the overdue record is not seen")
	}
	for _, f := range e.p.boundTo(e.d, now) {
		if f.Level != remark {
			e.Errorf("%+v", f)
		}
	}
}

// Every shipped place passes the check with the shipped flows and words, each in its own languages.
func TestShippedPlacesAreProved(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, f := range checkShipped(&out) {
		if f.Level == failure || strings.Contains(f.Place, "profiles") {
			t.Errorf("%+v", f)
		}
	}
	for _, name := range shippedProfiles() {
		p, err := shippedProfile(&config{path: "test", Profile: name}, name)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("in %s\n", count(len(p.Languages), "language", "languages")); !strings.Contains(out.String(), name+": ") || !strings.Contains(out.String(), want) {
			t.Errorf("%s is not looked at in its languages: %s", name, out.String())
		}
	}
}

// A place that speaks no English passes as well: English is then only what the other words are compared with.
func TestCheckWithoutEnglish(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../flows/profiles/colombia.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "place.yaml")
	text := regexp.MustCompile(`, en: "[^"]*"`).ReplaceAllString(strings.Replace(string(src), "languages: [es, en]", "languages: [es]", 1), "")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	conf := &config{path: shippedPath, paper: paper{file: shippedPath}, Profile: file, Zone: "UTC"}
	for _, f := range checkContent(io.Discard, conf) {
		if f.Level == failure {
			t.Errorf("%+v", f)
		}
	}
}

// A mission that begins with a shipped place has its languages and its zone, and nothing stands in the way but what only
// the mission can do.
func TestInitOfShippedPlaces(t *testing.T) {
	t.Parallel()
	for _, name := range shippedProfiles() {
		dir := filepath.Join(t.TempDir(), "mission")
		if _, errs, status := program("", "init", "-profile", name, "-runtime", filepath.Join(t.TempDir(), "run"), dir); status != 0 {
			t.Fatalf("%s: %s", name, errs)
		}
		conf, err := readConfig(dir)
		if err != nil {
			t.Fatal(err)
		}
		p, err := readProfile(conf)
		if err != nil {
			t.Fatal(err)
		}
		book, err := readWords()
		if err != nil {
			t.Fatal(err)
		}
		got, err := offered(conf, p, book)
		if err != nil || !slices.Equal(got, conf.Languages) || len(got) < min(len(p.Languages), 2) || conf.Zone != p.Hours.Zone {
			t.Errorf("%s: offered %v of %v in the zone %s: %v", name, got, p.Languages, conf.Zone, err)
		}
	}
}
