package chat_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"amana/bot"
	"amana/bot/speech"
	"amana/locales"
)

// recorded lets somebody record a few texts of the mission.
func (m *mission) recorded(names ...string) {
	m.t.Helper()
	files := fstest.MapFS{}
	for _, name := range names {
		lang, key, _ := strings.Cut(name, " ")
		head := "OggS\x00\x02" + strings.Repeat("\x00", 22) + "OpusHead\x01\x01" + strings.Repeat("\x00", 40)
		files[lang+"/audio/"+key+".ogg"] = &fstest.MapFile{Data: []byte(head + name)}
	}
	book, err := speech.Load(locales.FS, speech.Named{Name: "recordings", FS: files})
	m.ok(err)
	m.room.Book = book
}

// heard gives what the last reply lets somebody hear: the name of each recording, and the words under it.
func (p *person) heard() (out []string) {
	p.t.Helper()
	for _, o := range p.last.Outs {
		if o.Sound == nil {
			continue
		}
		data, err := o.Sound.Load()
		p.ok(err)
		out = append(out, string(data[strings.LastIndexByte(string(data), 0)+1:])+strings.TrimSuffix(" | "+o.Text, " | "))
	}
	return out
}

func (m *mission) word(lang, key string) string {
	m.t.Helper()
	text, err := m.room.Book.Text(lang, key, nil)
	m.ok(err)
	return text
}

func (p *person) offers(label string) bool {
	for _, o := range p.last.Outs {
		for _, row := range o.Rows {
			for _, c := range row {
				if strings.Contains(c.Label, label) {
					return true
				}
			}
		}
	}
	return false
}

// Whoever cannot read hears the languages, then what stands on the screen, and answers with a number.
func TestWhoCannotReadListens(t *testing.T) {
	m := newMission(t)
	m.recorded("en word.language.ask", "ar word.language.ask", "ar start.safe_now", "ar start.here", "ar start.menu", "ar start.bounds", "ar start.menu.services", "ar start.menu.support")
	p := m.person(1)
	in := p.incoming()
	in.Kind = bot.Start
	p.hear(in)
	p.taps("▶")
	if got := strings.Join(p.heard(), "; "); !strings.Contains(got, "en word.language.ask | 1 · ") || !strings.Contains(got, "; ar word.language.ask | 2 · ") {
		t.Fatalf("the languages sound like %q", got)
	}
	p.types("2")
	if !p.offers("▶ استماع") {
		t.Fatalf("nothing to listen with under %s", p.text())
	}
	p.taps("▶")
	if got := strings.Join(p.heard(), "; "); got != "ar start.safe_now" {
		t.Errorf("heard %q", got)
	}
	p.types("1")
	p.types("استماع")
	// The choices are heard under their numbers, so that a listener can answer with one.
	wanted := "ar start.here; ar start.bounds; ar start.menu; ar start.menu.services | 1 · " + m.word("ar", "start.menu.services") +
		"; ar start.menu.support | 3 · " + m.word("ar", "start.menu.support")
	if got := strings.Join(p.heard(), "; "); got != wanted {
		t.Errorf("heard %q", got)
	}
	if !p.offers("1 · ") {
		t.Error("the choices do not stand below what was heard")
	}
	p.types("استماع")
	if got := strings.Join(p.heard(), "; "); got != wanted {
		t.Errorf("heard a second time: %q", got)
	}
	p.types("1")
	if p.offers("▶") {
		t.Error("something is to be heard that nobody recorded")
	}
	p.types("استماع") // and the word alone does no harm
	if len(p.heard()) > 0 {
		t.Errorf("heard %v", p.heard())
	}
}

// A second tap on a button answers nothing, and takes nothing away from what can be heard.
func TestListeningAfterASecondTap(t *testing.T) {
	m := newMission(t)
	m.recorded("en start.menu")
	p := m.person(1)
	in := p.incoming()
	in.Kind = bot.Start
	p.hear(in)
	p.types("1")
	first := p.button("Yes")
	p.taps("Yes")
	if !p.offers("▶") {
		t.Fatalf("nothing to listen with under %s", p.text())
	}
	listen := p.button("▶")
	in = p.incoming()
	in.Kind, in.Tap = bot.Tap, first
	if reply := p.hear(in); len(reply.Outs) > 0 {
		t.Fatalf("a second tap is answered: %s", p.text())
	}
	in = p.incoming()
	in.Kind, in.Tap = bot.Tap, listen
	p.hear(in)
	if got := strings.Join(p.heard(), "; "); got != "en start.menu" {
		t.Errorf("heard %q in %s", got, p.text())
	}
}

// Without a recording, nothing offers to be heard.
func TestNothingToBeHeard(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	if p.offers("▶") || p.offers("Listen") {
		t.Error("there is nothing to be heard")
	}
}

// A recording belongs to its language.
func TestARecordingInTheOtherLanguage(t *testing.T) {
	m := newMission(t)
	m.recorded("ar start.menu")
	p := m.person(1)
	p.start()
	if p.offers("▶") {
		t.Error("a recording of another language is offered")
	}
	p.types("language")
	p.taps("العربية")
	if !p.offers("▶") {
		t.Error("the recording is not offered once its language is chosen")
	}
}
