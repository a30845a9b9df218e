package translate_test

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"amana/bot/directory/table"
	"amana/bot/flow"
	"amana/bot/speech"
	"amana/bot/translate"
	"amana/flows"
	"amana/locales"
)

// shippedFS are the catalogs of the house.
var shippedFS = locales.FS

// limits of the doors.
var limits = translate.Limits{Text: 4096, Label: 48}

func desk(t testing.TB, layers ...fs.FS) *speech.Desk {
	t.Helper()
	d, err := speech.OpenDesk(layers...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shippedSet puts the shipped flows together.
func shippedSet(t testing.TB) *flow.Set {
	t.Helper()
	names, err := fs.Glob(flows.FS, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no flows: %v", err)
	}
	var all []*flow.Flow
	for _, name := range names {
		src, err := fs.ReadFile(flows.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := flow.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	s, err := flow.NewSet(all, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// written gives a sheet as a file of one of the two forms.
func written(t testing.TB, form table.Form, s table.Sheet) []byte {
	t.Helper()
	var out bytes.Buffer
	err := table.WriteCSV(&out, s)
	if form == table.XLSX {
		out.Reset()
		err = table.WriteXLSX(&out, t.TempDir(), s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read takes the rows out of a file.
func read(t testing.TB, file []byte, lang string) []translate.Row {
	t.Helper()
	b, err := table.Open("sheet", bytes.NewReader(file), int64(len(file)), table.Usual, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	rows, err := translate.Read(b, lang)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// damage is what spreadsheet programs do to a whole sheet without being asked.
var damage = map[string]func(string) string{
	"nothing":               func(s string) string { return s },
	"spaces at the ends":    func(s string) string { return "  " + s + " \u00a0" },
	"no spaces at the ends": strings.TrimSpace,
	"Windows line ends":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"hard spaces":           func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
	"soft spaces":           func(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) },
}

// Every shipped language goes out as a sheet and comes back in either form, whole or damaged, without a byte of it changed.
func TestRoundTripChangesNoByte(t *testing.T) {
	d := desk(t, locales.FS)
	order := translate.Order(d, shippedSet(t), limits)
	for _, l := range d.Languages() {
		src, err := fs.ReadFile(locales.FS, l.Tag+"/messages.gotext.json")
		if err != nil {
			t.Fatal(err)
		}
		s, err := translate.Export(d, order, l.Tag, []string{"ar", "es"}, translate.Glossary{})
		if err != nil {
			t.Fatal(err)
		}
		column := slices.Index(s.Head[0], "label::"+l.Name+" ("+l.Tag+")")
		for name, spoil := range damage {
			spoiled := s
			spoiled.Rows = func(yield func([]string) bool) {
				for row := range s.Rows {
					row[column] = spoil(row[column])
					if !yield(row) {
						return
					}
				}
			}
			for _, form := range []table.Form{table.CSV, table.XLSX} {
				if name != "nothing" && (form == table.XLSX && l.Tag != "ar" || !slices.Contains([]string{"ar", "fr", "my"}, l.Tag)) {
					continue // a workbook is slow, and its cells are read in the same way
				}
				p := translate.Compare(d, l.Tag, read(t, written(t, form, spoiled), l.Tag))
				got, err := d.Rewrite(l.Tag, src, p.Changes)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != string(src) || len(p.Changes)+len(p.Refused)+len(p.Told) > 0 {
					t.Errorf("%s as %s with %s changes %d texts: %v %v %v", l.Tag, form, name, len(p.Changes), p.Changes, p.Refused, p.Told)
				}
				if p.Same != d.Progress(l.Tag).Have || p.Left != d.Progress(l.Tag).Want-d.Progress(l.Tag).Have {
					t.Errorf("%s as %s: %d the same and %d left empty of %+v", l.Tag, form, p.Same, p.Left, d.Progress(l.Tag))
				}
			}
		}
	}
}

// Somebody fills in a whole language, here with the English words, and it can be offered as a draft.
func TestEmptyLanguageIsFilled(t *testing.T) {
	d, set := desk(t, locales.FS), shippedSet(t)
	order := translate.Order(d, set, limits)
	for _, tag := range []string{"kr", "shu"} { // one form, and six
		s, err := translate.Export(d, order, tag, nil, translate.Glossary{})
		if err != nil {
			t.Fatal(err)
		}
		filled := s
		filled.Rows = func(yield func([]string) bool) {
			for row := range s.Rows {
				// One form stands for several numbers in some languages, so the number itself is written.
				if row[3] = row[2]; row[1] != "" && row[1] != "other" {
					row[3] = otherOf(d, row[0])
				}
				if !yield(row) {
					return
				}
			}
		}
		p := translate.Compare(d, tag, read(t, written(t, table.CSV, filled), tag))
		src, err := fs.ReadFile(locales.FS, tag+"/messages.gotext.json")
		if err != nil {
			t.Fatal(err)
		}
		next, err := d.Rewrite(tag, src, p.Changes)
		if err != nil {
			t.Fatal(err)
		}
		about, err := fs.ReadFile(locales.FS, tag+"/language.json")
		if err != nil {
			t.Fatal(err)
		}
		over := fstest.MapFS{tag + "/messages.gotext.json": {Data: next}, tag + "/language.json": {Data: bytes.Replace(about, []byte("begun"), []byte("draft"), 1)}}
		after := desk(t, locales.FS, over)
		if p.Hold(d, after, set, order, tag); len(p.Refused) > 0 || p.New != d.Progress(tag).Want {
			t.Errorf("%s: %d new, refused: %v", tag, p.New, p.Refused)
		}
		book, err := speech.Load(locales.FS, over)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := book.Language(tag); !ok {
			t.Errorf("%s is complete and cannot be offered", tag)
		}
		again := translate.Compare(after, tag, read(t, written(t, table.CSV, filled), tag))
		if len(again.Changes)+len(again.Refused) > 0 {
			t.Errorf("%s: the same sheet changes %d texts once more", tag, len(again.Changes))
		}
	}
}

// otherOf gives the English form that shows the number.
func otherOf(d *speech.Desk, key string) string {
	w, _ := d.Text(speech.Base, key)
	return w.Cases[len(w.Cases)-1].Text
}

// Every text stands in the order once, and tells where it is read.
func TestOrderHasEveryText(t *testing.T) {
	d, set := desk(t, locales.FS), shippedSet(t)
	order := translate.Order(d, set, limits)
	seen := map[string]bool{}
	for _, l := range order {
		if seen[l.Key] || l.About == "" || l.Limit <= 0 || strings.Contains(l.About, "mission's own") {
			t.Errorf("%+v", l)
		}
		seen[l.Key] = true
	}
	if len(order) != len(d.Keys()) {
		t.Errorf("%d lines for %d texts", len(order), len(d.Keys()))
	}
	var before []string
	for _, key := range []string{"bot.name", "word.language.ask", "start.safe_now", "start.menu", "report.danger", "report.story", "word.back", "card.where", "hours.open", "pathway.title", "staff.hello", "open.head"} {
		i := slices.IndexFunc(order, func(l translate.Line) bool { return l.Key == key })
		if i < len(before) {
			t.Errorf("%s stands too early", key)
		}
		before = make([]string, i)
	}
	for key, want := range map[string]struct {
		limit int
		about string
	}{
		"start.safe_now.yes": {48, "Conversation start: button 1 of 2 below “Is this a good moment to write?”; it can also be typed."},
		"word.back.also":     {4096, "Words that people may type instead of “Back”, parted by |; a single - for none. Not a translation: write what somebody in a hurry would type."},
		"word.toolong":       {4096, "Said around the questions of every conversation. {Max} becomes a number. If your language needs plural forms here, copy the row for each of them and fill in the column form."},
		"bot.name":           {64, "The name of the bot, which stands in the list of chats: it tells a stranger nothing."},
	} {
		i := slices.IndexFunc(order, func(l translate.Line) bool { return l.Key == key })
		if order[i].Limit != want.limit || order[i].About != want.about {
			t.Errorf("%s: %d, %q", key, order[i].Limit, order[i].About)
		}
	}
}

// No shipped text breaks a rule that an import would hold it to, but those that no flow asks for yet.
func TestShippedTextsHold(t *testing.T) {
	d, set := desk(t, locales.FS), shippedSet(t)
	order := translate.Order(d, set, limits)
	for _, l := range d.Languages() {
		for _, f := range translate.Faults(d, set, order, l.Tag) {
			t.Errorf("%s: %v: %s (%s)", l.Tag, f.Keys, f.What, f.Remedy)
		}
	}
}
