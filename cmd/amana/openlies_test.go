package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// A server that lies about readers is caught by the program on the reader's own machine: nothing is shown, nothing is
// sealed, and the reader is told to call the coordinator.
func TestOpenCatchesALyingServer(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if _, errs, status := m.run("", "keys", "pin", "-dir", m.dir, d.coordinator.Public()); status != 0 {
		t.Fatal(errs)
	}
	liar, err := seal.NewCoordinatorKey(dice(99))
	if err != nil {
		t.Fatal(err)
	}
	spy := newIdentity(t, 98)
	spyCard := seal.Card{Version: d.version, ID: "amina2", Name: "Amina", Role: "reader", Key: spy.Public()}
	swapped := newDesk(t, m.key(t))
	swapped.entries[1].Key = spy.Public()
	swapped.version = 0
	swapped.sign(t, liar)

	for _, c := range []struct {
		what string
		do   func(*seal.Packet)
		want string
	}{
		{"a reader added without a signature", func(p *seal.Packet) { p.Cards = append(p.Cards, spyCard) }, "is not signed by the coordinator"},
		{"a reader signed by somebody else", func(p *seal.Packet) { p.Cards = append(p.Cards, seal.SignCard(liar, spyCard)) }, "is not signed by the coordinator"},
		{"another key on a card", func(p *seal.Packet) { p.Cards[1].Key = spy.Public() }, "is not signed by the coordinator"},
		{"a signed card that is not in the roster", func(p *seal.Packet) { p.Cards = append(p.Cards, seal.SignCard(d.coordinator, spyCard)) }, "is not, or no longer, in the signed roster"},
		{"a card of an older roster", func(p *seal.Packet) {
			p.Cards[1].Version = 7
			p.Cards[1] = seal.SignCard(d.coordinator, p.Cards[1])
		}, "is of roster 7"},
		{"a card with another name", func(p *seal.Packet) {
			p.Cards[1].Name = "Amina"
			p.Cards[1] = seal.SignCard(d.coordinator, p.Cards[1])
		}, "says something else than the signed roster"},
		{"a card twice", func(p *seal.Packet) { p.Cards = append(p.Cards, p.Cards[1]) }, "stands in the file twice"},
		{"a roster of another coordinator", func(p *seal.Packet) { *p = swapped.packet(); p.Thread = d.thread }, "is not signed by the coordinator whose key is pinned"},
		{"one byte of the roster", func(p *seal.Packet) { p.Roster = bytes.Replace(p.Roster, []byte("Amina"), []byte("Amin4"), 1) }, "is not signed by the coordinator whose key is pinned"},
		{"a roster that is none", func(p *seal.Packet) { p.Roster = []byte("{}") }, "damaged or of a later version"},
		{"no roster", func(p *seal.Packet) { p.Roster = nil }, "no signed roster"},
		{"no cards", func(p *seal.Packet) { p.Cards = nil }, "no reader's card"},
		{"one's own card left out", func(p *seal.Packet) { p.Cards = p.Cards[1:] }, "your own card is missing"},
		{"a message of another report", func(p *seal.Packet) {
			other := newDesk(t, m.key(t))
			other.report = ticket.ID{9}
			other.thread = make([]seal.Item, 5)
			other.add(t, ticket.Inside{Message: &ticket.Message{ID: other.report, Time: someDay, Text: "x"}})
			p.Thread = append(p.Thread, other.thread[5])
		}, "belongs to another report"},
		{"the id asked for", func(p *seal.Packet) { p.Report = ticket.ID{9} }, "belongs to another report"},
		{"a second report", func(p *seal.Packet) {
			d := newDesk(t, m.key(t))
			d.thread[0].ID[0] = 99
			p.Thread = append(p.Thread, d.thread[0])
		}, "does not begin with the one report"},
		{"a message twice", func(p *seal.Packet) { p.Thread = append(p.Thread, p.Thread[0]) }, "stands in the file twice"},
		{"a thread that begins with something else", func(p *seal.Packet) {
			d.add(t, ticket.Inside{Note: &ticket.Note{ID: d.report, Time: someDay, By: "bashir", Text: "x"}})
			p.Thread = slices.Insert(p.Thread, 0, d.thread[1])
			d.thread = d.thread[:1]
		}, "does not begin with the one report"},
	} {
		t.Run(c.what, func(t *testing.T) {
			p := d.packet()
			c.do(&p)
			dir := t.TempDir()
			file := hand(t, dir, "BDFGHJ.amana", p, m.key(t))
			out, errs, status := m.run(testPassphrase+"\nyes\nWe read this.\n.\nread\n", "open", file, "-dir", m.dir, "-answer", "-out", filepath.Join(dir, "a.amana"))
			if status != 1 || !strings.Contains(errs, c.want) || !strings.Contains(errs, "do not answer, and tell the coordinator by voice") {
				t.Errorf("status %d: %s", status, errs)
			}
			if out != "" || strings.Contains(errs, "بطاقة") {
				t.Errorf("it showed:\n%s%s", out, errs)
			}
			if _, err := os.Stat(filepath.Join(dir, "a.amana")); err == nil {
				t.Error("it wrote an answer")
			}
		})
	}
}

// An old roster, signed as it is, does not bring a removed reader back, unless the coordinator says so by voice.
func TestOpenRemembersTheRoster(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	old := hand(t, dir, "BDFGHJ.amana", d.packet(), m.key(t))
	d.sign(t, d.coordinator)
	fresh := hand(t, dir, "fresh.amana", d.packet(), m.key(t))
	open := func(args ...string) (string, int) {
		_, errs, status := m.run(testPassphrase+"\n", append([]string{"open", "-dir", m.dir}, args...)...)
		return errs, status
	}
	for range 2 {
		if errs, status := open(old); status != 0 {
			t.Fatal(errs)
		}
	}
	if errs, status := open(fresh); status != 0 {
		t.Fatal(errs)
	}
	errs, status := open(old)
	if status != 1 || !strings.Contains(errs, "the file carries roster 1, and this machine has seen roster 2") || !strings.Contains(errs, "-roster 1") {
		t.Errorf("status %d: %s", status, errs)
	}
	if errs, status := open(old, "-roster", "1"); status != 0 {
		t.Error(errs)
	}
	if errs, status := open(old); status != 0 { // after a restore the confirmed version is the one in force
		t.Error(errs)
	}
	revoked := newDesk(t, m.key(t))
	revoked.sign(t, revoked.coordinator, "bashir")
	p := revoked.packet()
	p.Cards = append(p.Cards, d.signed.Cards[1])
	if errs, status := open(hand(t, dir, "revoked.amana", p, m.key(t))); status != 1 || !strings.Contains(errs, "not, or no longer, in the signed roster") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// What was sealed before this reader joined is named as missing, and what a liar wrote obeys no terminal.
func TestOpenShowsWhatIsMissing(t *testing.T) {
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "ar", Text: "x"}}, d.entries[1].Key)
	out, errs, status := m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-lang", "en", hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t)))
	if status != 0 || !strings.Contains(out, "not sealed to you yet") {
		t.Errorf("%s%s", out, errs)
	}
	for _, bad := range []string{"\x1b", "\u202e", "\r"} {
		if strings.Contains(out, bad) {
			t.Errorf("the terminal was given %q", bad)
		}
	}
	d.thread = nil
	d.add(t, ticket.Inside{Report: d.body()}, d.entries[1].Key)
	_, errs, status = m.run(testPassphrase+"\n", "open", "-dir", m.dir, hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t)))
	if status != 1 || !strings.Contains(errs, "the report itself is not sealed to you yet") {
		t.Error(errs)
	}
}

// The states on offer are those that the thread leaves possible.
func TestOpenOffersPossibleStates(t *testing.T) {
	at := someDay
	reply := func(s ticket.State) ticket.Inside {
		at = at.Add(time.Hour)
		return ticket.Inside{Reply: &ticket.Reply{State: s, Time: at}}
	}
	again := ticket.Inside{Message: &ticket.Message{}}
	for want, insides := range map[string][]ticket.Inside{
		"read, referred, confirmed, closed":  nil,
		"referred, confirmed, closed":        {reply(ticket.Read), reply(ticket.Referred)},
		"read, closed":                       {reply(ticket.Closed)},
		"confirmed, closed":                  {reply(ticket.Confirmed), again},
		"read, referred, confirmed, closed ": {reply(ticket.Closed), again},
	} {
		var later []entry
		for _, in := range insides {
			later = append(later, entry{Inside: in}, entry{Inside: reply(ticket.Closed), forged: true})
		}
		if got := joined((&openedReport{later: later}).moves()); got != strings.TrimSpace(want) {
			t.Errorf("after %d messages: %s, want %s", len(insides), got, want)
		}
	}
}

// A long thread comes in parts, which belong together.
func TestOpenWantsAllParts(t *testing.T) {
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Text: "the second part"}})
	dir := t.TempDir()
	one, two := d.packet(), d.packet()
	one.Parts, two.Parts, two.Part = 2, 2, 2
	one.Thread, two.Thread = d.thread[:1], d.thread[1:]
	a := hand(t, dir, "BDFGHJ-1-of-2.amana", one, m.key(t))
	b := hand(t, dir, "BDFGHJ-2-of-2.amana", two, m.key(t))
	other := two
	other.Cards = other.Cards[:2]
	elsewhere := two
	elsewhere.Report = ticket.ID{9}
	for want, files := range map[string][]string{
		"":                          {b, a},
		"part 2 of 2 is missing":    {a},
		"part 1 of 2 is missing":    {b},
		"part 1 of 2 was named":     {a, b, a},
		"not handed out together":   {a, hand(t, dir, "x.amana", other, m.key(t))},
		"belongs to another report": {a, hand(t, dir, "y.amana", elsewhere, m.key(t))},
	} {
		out, errs, status := m.run(testPassphrase+"\n", append([]string{"open", "-dir", m.dir}, files...)...)
		if want == "" {
			if status != 0 || !strings.Contains(out, "the second part") || !strings.Contains(out, "BDFGHJ") {
				t.Errorf("%s%s", out, errs)
			}
			continue
		}
		if status != 1 || !strings.Contains(errs, want) {
			t.Errorf("status %d: %s, want %q", status, errs, want)
		}
	}
}

// What was read and what was answered lies on no disk: neither in the folder of the keys, nor where the files are, nor
// among temporary files.
func TestOpenLeavesNothingInClear(t *testing.T) {
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	work, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	file := hand(t, work, "BDFGHJ.amana", d.packet(), m.key(t))
	const answered = "we come on Tuesday"
	for _, args := range [][]string{{"-json"}, {"-answer", "-out", filepath.Join(work, "a.amana")}, {"-note", "-out", filepath.Join(work, "n.amana")}} {
		_, errs, status := m.run(testPassphrase+"\nyes\n"+answered+"\n.\n1\n", append([]string{"open", file, "-dir", m.dir}, args...)...)
		if status != 0 {
			t.Fatal(errs)
		}
		if strings.Contains(errs, "بطاقة") || strings.Contains(errs, answered) {
			t.Errorf("standard error shows what was told:\n%s", errs)
		}
	}
	marks := []string{"بطاقة", "sex_for_aid", answered, testPassphrase, "AGE-SECRET-KEY", string(d.seed.Reveal())}
	seen := 0
	for _, dir := range []string{m.dir, work, temp} {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			seen++
			data, err := os.ReadFile(path)
			for _, mark := range marks {
				if bytes.Contains(data, []byte(mark)) {
					t.Errorf("%s holds %q", path, mark)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 8 {
		t.Errorf("only %d files were searched", seen)
	}
}

// A reader who wants a report to stay unread has its seed and can sign what opens for nobody, or opens to nonsense. The
// report, and all else that is in it, is shown to the other readers all the same.
func TestOpenIsNotHeldUpByOneReader(t *testing.T) {
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	d.add(t, ticket.Inside{Note: &ticket.Note{ID: d.report, Time: someDay, Lang: "en", By: "bashir", Text: "to be spoilt"}})
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Text: "He came again."}})
	seals := func(body string) []byte {
		file, err := seal.Message([]byte(body), []string{m.key(t)}, "", dice(83))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	inside := func(in ticket.Inside) string {
		body, err := in.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	second := d.body()
	damaged := bytes.Clone(d.thread[1].File)
	damaged[len(damaged)-1] ^= 1
	newer := "of a newer program"
	for what, file := range map[string][]byte{
		"a payload that does not open": damaged,
		newer:                          seals(later(inside(ticket.Inside{Note: &ticket.Note{ID: d.report, Time: someDay, By: "bashir", Text: "x"}}))),
		"no message":                   seals("nonsense"),
		"of another report":            seals(inside(ticket.Inside{Note: &ticket.Note{ID: ticket.ID{9}, Time: someDay, By: "bashir", Text: "x"}})),
		"a second report":              seals(inside(ticket.Inside{Report: second})),
	} {
		t.Run(what, func(t *testing.T) {
			p := d.packet()
			item := &p.Thread[1]
			item.File = file
			d.vouch(t, item, *item.Header)
			path := hand(t, t.TempDir(), "BDFGHJ.amana", p, m.key(t))
			out, errs, status := m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-lang", "en", path)
			if status != 0 || !strings.Contains(out, "He came again.") || !strings.Contains(out, "بطاقة 12") {
				t.Errorf("status %d: %s%s", status, out, errs)
			}
			says, never := "does not open as it should", "was written by a newer program"
			if what == newer {
				says, never = never, says
			}
			if !strings.Contains(errs, says) || strings.Contains(errs, never) {
				t.Errorf("it is not told of: %s", errs)
			}
			out, _, _ = m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-json", path)
			if !strings.Contains(out, `"spoilt": 1`) {
				t.Error(out)
			}
		})
	}
}

// later gives a message as a newer program would write it.
func later(inside string) string { return versionField.ReplaceAllString(inside, `{"v":99,`) }

var versionField = regexp.MustCompile(`^\{"v":[0-9]+,`)
