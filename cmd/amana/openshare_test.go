package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// opens runs `amana open` on what the house hands to somebody now.
func (p *place) opens(t *testing.T, who, code string, args ...string) (out, errs string, status int) {
	t.Helper()
	m := p.readers[who]
	return m.run(testPassphrase+"\n", append(append([]string{"open", "-dir", m.dir, "-lang", "en"}, args...), p.read(t, who, code)...)...)
}

// grants runs `amana open` so that it shares or seals again, and sends the house what it wrote.
func (p *place) grants(t *testing.T, who, code string, args ...string) casework.Granted {
	t.Helper()
	path := filepath.Join(t.TempDir(), "grants.amana")
	if _, errs, status := p.opens(t, who, code, append(args, "-yes", "-out", path)...); status != 0 {
		t.Fatal(errs)
	}
	return p.brings(t, who, path)
}

func (p *place) brings(t *testing.T, who, path string) casework.Granted {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g, err := p.registry.Grant(context.Background(), who, file)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// told lets the clock run, and gives what somebody is told, as "event code".
func (p *place) told(t *testing.T, who string) (out []string) {
	t.Helper()
	ctx := context.Background()
	if _, err := p.registry.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	p.later(time.Hour)
	for {
		due, err := p.registry.Notices(ctx, 50, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(due) == 0 {
			break
		}
		for _, n := range due {
			p.heard = append(p.heard, n.Reader+" "+n.Event+" "+n.Code)
			if err := p.registry.NoticeDone(ctx, n); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.heard = slices.DeleteFunc(p.heard, func(line string) bool {
		what, mine := strings.CutPrefix(line, who+" ")
		if mine {
			out = append(out, what)
		}
		return mine
	})
	return out
}

func (p *place) letter(t *testing.T, receipt, text string) {
	t.Helper()
	ctx := context.Background()
	mail, err := p.registry.Open(ctx, bot.Person{1}, receipt)
	if err != nil {
		t.Fatal(err)
	}
	p.letters++
	if _, err := p.registry.Commit(ctx, bot.Turn{
		Person: bot.Person{1}, Mark: bot.Mark{9, p.letters}, Lang: "ar", Letter: &bot.Letter{Box: mail.Box, Text: text, Lang: "ar"},
	}); err != nil {
		t.Fatal(err)
	}
}

func (p *place) answers(t *testing.T, who, code, text string) {
	t.Helper()
	dir := t.TempDir()
	words, path := filepath.Join(dir, "text"), filepath.Join(dir, "answer.amana")
	if err := os.WriteFile(words, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := p.opens(t, who, code, "-answer", "-text", words, "-state", "read", "-yes", "-out", path); status != 0 {
		t.Fatal(errs)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if taken, err := p.registry.Answer(context.Background(), who, file); err != nil || len(taken.Missing) > 0 {
		t.Fatalf("%+v %v", taken, err)
	}
}

// Story (d) with the programs that people have: a report is shared with a colleague, and a message arrives meanwhile.
func TestOpenShares(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	receipt, code := p.file(t)
	p.answers(t, "amina", code, "We have read it.")
	p.join(t, ticket.Entry{ID: "dora", Name: "Dora", Org: "example_health", Role: ticket.FocalPoint}, 9)
	p.confirm(t)
	p.told(t, "dora")

	path := filepath.Join(t.TempDir(), "share.amana")
	out, errs, status := p.opens(t, "amina", code, "-share", "dora", "-yes", "-out", path)
	if status != 0 || !strings.Contains(errs, "Dora, example_health: key ") || !strings.Contains(errs, path) {
		t.Fatalf("%s%s", out, errs)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	p.letter(t, receipt, "وصلت رسالة أخرى")
	g := p.brings(t, "amina", path)
	if !slices.Equal(g.Added, []string{"Dora"}) || g.Copies != 2 || len(g.Missing) != 1 {
		t.Fatalf("%+v", g)
	}
	if got := p.told(t, "dora"); !slices.Equal(got, []string{"sealed " + code}) {
		t.Errorf("dora is told %v", got)
	}
	out, errs, status = p.opens(t, "dora", code)
	if status != 0 || !strings.Contains(out, "طلبوا مالًا مقابل البطاقة") || !strings.Contains(out, "We have read it.") ||
		!strings.Contains(out, "A reader was added: Dora.") || !strings.Contains(out, "Some later messages are not sealed to you yet") ||
		strings.Contains(out+errs, "Do not trust") {
		t.Errorf("dora reads\n%s%s", out, errs)
	}

	out, _, status = p.opens(t, "amina", code)
	if status != 0 || !strings.Contains(out, "Dora cannot open one message yet.") {
		t.Errorf("amina is not shown what dora lacks:\n%s", out)
	}
	if g := p.grants(t, "amina", code, "-seal"); g.Copies != 1 || len(g.Missing) != 0 {
		t.Errorf("%+v", g)
	}
	out, _, status = p.opens(t, "dora", code)
	if status != 0 || !strings.Contains(out, "وصلت رسالة أخرى") || strings.Contains(out, "not sealed to you yet") || strings.Contains(out, "cannot open") {
		t.Errorf("dora reads\n%s", out)
	}
	_, errs, status = p.opens(t, "amina", code, "-seal", "-yes", "-out", path+"2")
	if _, err := os.Stat(path + "2"); status != 0 || !strings.Contains(errs, "There is nothing to seal again") || err == nil {
		t.Errorf("%d %s", status, errs)
	}
	if g := p.grants(t, "amina", code, "-seal", "-all"); g.Copies != 3 || len(g.Missing) != 0 {
		t.Errorf("all of it again: %+v", g)
	}
	p.answers(t, "dora", code, "From Dora.")
	if mail, err := p.registry.Open(context.Background(), bot.Person{1}, receipt); err != nil || len(mail.Answers) != 2 {
		t.Errorf("the reporter reads %+v, %v", mail, err)
	}
	// The backup, to whom it is sealed and who waits, needs the share alone.
	if g := p.grants(t, "dora", code, "-share", "bashir"); len(g.Added) != 1 || g.Copies != 0 || len(g.Missing) != 0 {
		t.Errorf("%+v", g)
	}
	if got := p.told(t, "bashir"); !slices.Contains(got, "sealed "+code) {
		t.Errorf("bashir is told %v", got)
	}
}

// Whoever cannot become a reader is refused on the sharer's own machine, before the server is asked.
func TestOpenSharesWithNoStranger(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	receipt, code := p.file(t)
	p.confirmMore(t, ticket.Entry{ID: "safe", Name: "Safe", Org: "example_relief", Role: ticket.Recovery, Key: newIdentity(t, 93).Public(), Status: ticket.StatusConfirmed})
	p.join(t, ticket.Entry{ID: "gone", Name: "Gone", Org: "example_health", Role: ticket.FocalPoint}, 9)
	p.confirm(t)
	p.confirm(t, "gone")
	for who, want := range map[string]string{
		"eve":  "nobody in the signed roster has the id",
		"safe": "safe is no person with a key that counts",
		"gone": "gone is no person with a key that counts",
	} {
		path := filepath.Join(t.TempDir(), "x.amana")
		_, errs, status := p.opens(t, "amina", code, "-share", who, "-yes", "-out", path)
		if _, err := os.Stat(path); status != 1 || !strings.Contains(errs, want) || err == nil {
			t.Errorf("%s: %d %s", who, status, errs)
		}
	}
	mail, err := p.registry.Open(context.Background(), bot.Person{1}, receipt)
	if err != nil {
		t.Fatal(err)
	}
	withdraw := func(keep bool) {
		p.letters++
		if _, err := p.registry.Commit(context.Background(), bot.Turn{
			Person: bot.Person{1}, Mark: bot.Mark{8, p.letters}, Lang: "ar", Withdraw: &bot.Withdraw{Box: mail.Box, Keep: keep},
		}); err != nil {
			t.Fatal(err)
		}
	}
	withdraw(false)
	out, _, _ := p.opens(t, "amina", code)
	if !strings.Contains(out, "The server says: on 2026-11-23 the reporter asked to withdraw this report.") {
		t.Errorf("the withdrawal is not shown:\n%s", out)
	}
	if _, errs, status := p.opens(t, "amina", code, "-share", "bashir", "-yes", "-out", filepath.Join(t.TempDir(), "x.amana")); status != 1 || !strings.Contains(errs, "nothing is passed on") {
		t.Errorf("%d %s", status, errs)
	}
	withdraw(true)
	out, _, _ = p.opens(t, "amina", code)
	if !strings.Contains(out, "The server says: on 2026-11-23 the reporter undid the withdrawal.") || strings.Contains(out, "asked to withdraw") {
		t.Errorf("that it was taken back is not shown:\n%s", out)
	}
	out, _, _ = p.opens(t, "amina", code, "-json")
	var j jsonReport
	if err := json.Unmarshal([]byte(out), &j); err != nil || j.Server.State != "received" || len(j.Server.Turns) != 2 || j.Server.Turns[0] != (jsonTurn{"2026-11-23", "withdraw"}) || j.Readers[3].ID != "safe" || j.Readers[3].Lacks != 1 {
		t.Errorf("%v %s", err, out)
	}
	withdraw(false)
	p.later(8 * 24 * time.Hour)
	if _, err := p.registry.Tick(context.Background()); err != nil {
		t.Fatal(err)
	}
	out, _, _ = p.opens(t, "amina", code)
	if !strings.Contains(out, "and that is final") {
		t.Errorf("that it is final is not shown:\n%s", out)
	}
}

// lose takes somebody's machine away; what they still have is the staff bot's copy of the enrolment file and, on paper,
// the recovery code.
func (p *place) lose(t *testing.T, who string) (enrolment, code string) {
	t.Helper()
	m := p.readers[who]
	delete(p.readers, who)
	paper, err := os.ReadFile(filepath.Join(m.dir, deviceFile))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(m.dir, enrolmentFile), strings.TrimSpace(string(paper))
}

// Story (e), the first half: with the recovery code the key comes back, and nothing has to be sealed again.
func TestOpenLostPhoneWithTheCode(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	_, code := p.file(t)
	enrolment, paper := p.lose(t, "amina")
	m := machine{dir: filepath.Join(t.TempDir(), "new"), dice: dice(40), now: p.now}
	if _, errs, status := m.run(paper+"\n"+testPassphrase+"\n", "keys", "new", "-restore", enrolment, "-dir", m.dir); status != 0 {
		t.Fatal(errs)
	}
	if _, errs, status := m.run("", "keys", "pin", "-dir", m.dir, p.public); status != 0 {
		t.Fatal(errs)
	}
	p.readers["amina"] = m
	out, errs, status := p.opens(t, "amina", code)
	if status != 0 || !strings.Contains(out, "طلبوا مالًا مقابل البطاقة") || strings.Contains(out, "cannot open") {
		t.Errorf("%s%s", out, errs)
	}
	p.answers(t, "amina", code, "From the new phone.")
}

// Story (e), the second half: without the code there is a new key, which the coordinator confirms; then a colleague seals
// what was there before, or the holder of a recovery key does, to whom the file is handed on.
func TestOpenLostPhoneWithoutTheCode(t *testing.T) {
	for _, by := range []string{"bashir", "safe"} {
		t.Run(by, func(t *testing.T) {
			p := newPlace(t)
			dir := t.TempDir()
			holder := machine{dir: filepath.Join(dir, "wallet"), dice: dice(50), now: p.now}
			secret := filepath.Join(dir, "recovery.txt")
			public, errs, status := holder.run("", "keys", "recovery", secret)
			if status != 0 {
				t.Fatal(errs)
			}
			p.confirmMore(t, ticket.Entry{ID: "safe", Name: "Safe", Org: "example_relief", Role: ticket.Recovery, Key: strings.TrimSpace(public), Status: ticket.StatusConfirmed})
			receipt, code := p.file(t)
			p.answers(t, "amina", code, "We have read it.")
			if by == "bashir" {
				p.grants(t, "amina", code, "-share", "bashir") // else he waits, and it comes to him
			}
			lost := p.readers["amina"]
			p.lose(t, "amina")
			p.join(t, ticket.Entry{ID: "amina", Name: "Amina", Org: "example_relief", Role: ticket.FocalPoint, Backup: "bashir"}, 41)
			p.confirm(t)
			p.told(t, "amina")
			if got := p.told(t, "bashir"); !slices.Contains(got, "reseal "+code) || slices.Contains(got, "report "+code) != (by == "safe") {
				t.Errorf("bashir is told %v", got)
			}
			p.letter(t, receipt, "وصلت رسالة أخرى")
			_, errs, status = p.opens(t, "amina", code)
			if status != 1 || !strings.Contains(errs, "the report itself is not sealed to you yet") || !strings.Contains(errs, "-for-recovery ID") {
				t.Errorf("%d %s", status, errs)
			}
			var g casework.Granted
			if by == "bashir" {
				out, _, _ := p.opens(t, "bashir", code)
				if !strings.Contains(out, "Amina cannot open 2 messages yet.") {
					t.Errorf("bashir is not shown what amina lacks:\n%s", out)
				}
				g = p.grants(t, "bashir", code, "-seal")
			} else {
				g = p.byRecovery(t, code, secret, holder)
			}
			if g.Copies != 2 || len(g.Missing) != 0 {
				t.Errorf("%+v", g)
			}
			if got := p.told(t, "amina"); slices.Contains(got, "sealed "+code) != (by == "bashir") {
				t.Errorf("amina is told %v", got)
			}
			out, errs, status := p.opens(t, "amina", code)
			if status != 0 || strings.Contains(out+errs, "Do not trust") || strings.Contains(out, "cannot open") {
				t.Fatalf("%s%s", out, errs)
			}
			for _, want := range []string{"طلبوا مالًا مقابل البطاقة", "We have read it.", "وصلت رسالة أخرى"} {
				if !strings.Contains(out, want) {
					t.Errorf("%q does not open:\n%s", want, out)
				}
			}
			if _, errs, status := lost.run(testPassphrase+"\n", append([]string{"open", "-dir", lost.dir}, p.read(t, "amina", code)...)...); status != 1 || !strings.Contains(errs, "is not sealed to your key") {
				t.Errorf("the lost machine: %d %s", status, errs)
			}
			p.answers(t, "amina", code, "From the new phone.")
		})
	}
}

// byRecovery hands the file on to the holder of a recovery key, whose own machine knows the pinned coordinator and no key
// beside that one.
func (p *place) byRecovery(t *testing.T, code, secret string, holder machine) casework.Granted {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	_, errs, status := p.opens(t, "amina", code, "-for-recovery", "chair")
	if status != 1 || !strings.Contains(errs, `no recovery key of this report has the id "chair"; there are: safe`) {
		t.Errorf("%d %s", status, errs)
	}
	out, errs, status := p.opens(t, "amina", code, "-for-recovery", "safe")
	handed := filepath.Join(dir, code+"-for-safe.amana")
	if status != 0 || out != "" || !strings.Contains(errs, "opens with the recovery key alone") {
		t.Fatalf("%s%s", out, errs)
	}
	if _, errs, status := holder.run("", "keys", "pin", "-dir", holder.dir, p.public); status != 0 {
		t.Fatal(errs)
	}
	run := func(args ...string) (string, string, int) {
		return holder.run("", append([]string{"open", "-dir", holder.dir, "-identity", secret, "-lang", "en", handed}, args...)...)
	}
	if _, errs, status := run("-answer"); status != 2 || !strings.Contains(errs, "answers and notes are written by readers") {
		t.Errorf("%d %s", status, errs)
	}
	if out, errs, status := run(); status != 0 || !strings.Contains(out, "Amina cannot open 2 messages yet.") {
		t.Errorf("%s%s", out, errs)
	}
	if out, errs, status := run("-seal", "-yes"); status != 0 || !strings.Contains(errs, "sends it to the staff bot") {
		t.Errorf("%s%s", out, errs)
	}
	// Another identity is none of this report's; a file that holds none is named.
	other := filepath.Join(dir, "other.txt")
	if err := os.WriteFile(other, []byte(newIdentity(t, 94).Reveal()), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{other: "is not sealed to your key", handed: "holds no age identity", "none.txt": "reading the recovery key"} {
		if _, errs, status := holder.run("", "open", "-dir", holder.dir, "-identity", file, handed); status != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s", file, status, errs)
		}
	}
	return p.brings(t, "amina", filepath.Join(dir, code+"-seal.amana"))
}

// What a reader did not sign is shown as such: nobody acts on a note or an answer that the server made up.
func TestOpenNamesWhatNobodySigned(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	d.add(t, ticket.Inside{Note: &ticket.Note{ID: d.report, Time: someDay, Lang: "en", By: "bashir", Text: "Call the neighbour."}})
	d.add(t, ticket.Inside{Reply: &ticket.Reply{ID: d.report, Time: someDay, Lang: "en", Role: ticket.Backup, State: ticket.Referred, Text: "It is with them."}})
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Text: "When?"}})
	other := newDesk(t, m.key(t))
	other.seed = newSeed(t)
	const warning = "Do not trust this: no reader of this report has signed it."
	for what, c := range map[string]struct {
		at int // place in the thread
		do func(*seal.Item)
	}{
		"nothing":                   {0, func(*seal.Item) {}},
		"no signature of a note":    {1, func(i *seal.Item) { i.Header, i.Signature = nil, nil }},
		"no signature of an answer": {2, func(i *seal.Item) { i.Header, i.Signature = nil, nil }},
		"another seed":              {1, func(i *seal.Item) { other.vouch(t, i, *i.Header) }},
		"another header":            {2, func(i *seal.Item) { h := *i.Header; h.State = "closed"; i.Header = &h }},
		"signed for another place":  {1, func(i *seal.Item) { i.ID[3] ^= 1 }},
		"signed as another kind":    {1, func(i *seal.Item) { h := *i.Header; h.Kind = "answer"; d.vouch(t, i, h) }},
		"signed for another report": {2, func(i *seal.Item) { h := *i.Header; h.Report[0] ^= 1; d.vouch(t, i, h) }},
		"the reporter signed": {3, func(i *seal.Item) {
			d.vouch(t, i, seal.Header{Report: d.report, Message: i.ID, Kind: "message", Readers: d.thread[1].Header.Readers})
		}},
		"other words, signed by whoever wrote others": {1, func(i *seal.Item) { i.File = d.thread[2].File }},
	} {
		t.Run(what, func(t *testing.T) {
			p := d.packet()
			c.do(&p.Thread[c.at])
			file := hand(t, t.TempDir(), "BDFGHJ.amana", p, m.key(t))
			out, errs, status := m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-lang", "en", file)
			if n := strings.Count(out, warning); status != 0 || (n == 1) != (c.at > 0) || n > 1 || strings.Contains(errs, warning) != (c.at > 0) {
				t.Errorf("warned %d times:\n%s%s", n, out, errs)
			}
			if moved := strings.Contains(out, "State: referred"); moved == (c.at == 2) {
				t.Errorf("an answer moved the report: %v", moved)
			}
			out, _, _ = m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-json", file)
			var j jsonReport
			if err := json.Unmarshal([]byte(out), &j); err != nil || (j.Forged == 1) != (c.at > 0) || c.at > 0 && !j.Thread[c.at-1].Forged {
				t.Errorf("%v %s", err, out)
			}
		})
	}
}

// A copy that no reader made is left aside, and named; one that was made by a reader opens.
func TestOpenLooksAtCopies(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	bashir := newIdentity(t, 91)
	d.thread = nil // all of it of before the reader's key
	d.add(t, ticket.Inside{Report: d.body()}, bashir.Public())
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Text: "sealed before"}}, bashir.Public())
	sealAgain := func(seed seal.Seed, item *seal.Item) {
		t.Helper()
		id := ticket.ID{byte(len(item.Copies) + 1), 3}
		g, err := seal.SignCopy(seed, seal.Header{
			Report: d.report, Message: id, Of: item.ID, Kind: ticket.TypeCopy, Readers: []seal.Reader{{ID: "amina", Key: m.key(t)}},
		}, item.File, dice(70), bashir)
		if err != nil {
			t.Fatal(err)
		}
		item.Copies = append(item.Copies, g)
	}
	open := func(p seal.Packet) (string, string, int) {
		return m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-lang", "en", hand(t, t.TempDir(), "BDFGHJ.amana", p, m.key(t)))
	}
	if _, errs, status := open(d.packet()); status != 1 || !strings.Contains(errs, "not sealed to you yet") {
		t.Errorf("%d %s", status, errs)
	}
	good := d.packet()
	for i := range good.Thread {
		sealAgain(d.seed, &good.Thread[i])
	}
	if out, errs, status := open(good); status != 0 || !strings.Contains(out, "sealed before") || strings.Contains(out+errs, "Do not trust") {
		t.Errorf("%s%s", out, errs)
	}
	for at := range good.Thread {
		bad := d.packet()
		for i := range bad.Thread {
			seed := d.seed
			if i == at {
				seed = newSeed(t)
			}
			sealAgain(seed, &bad.Thread[i])
		}
		out, errs, status := open(bad)
		if status != 0 || !strings.Contains(errs, "Do not trust") || strings.Contains(out, "sealed before") == (at == 1) {
			t.Errorf("%d: %d %s%s", at, status, out, errs)
		}
	}
}

// A share beyond the places of a message is not even written.
func TestOpenSharesNoSixteenth(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	for n := range 12 {
		d.entries = append(d.entries, ticket.Entry{
			ID: "more" + string(rune('a'+n)), Name: "More", Org: "example_health", Role: ticket.FocalPoint, Key: newIdentity(t, byte(100+n)).Public(), Status: ticket.StatusConfirmed,
		})
	}
	d.sign(t, d.coordinator)
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	p := d.packet()
	for n, want := range map[int]int{14: 0, 15: 1} {
		q := p
		q.Cards = p.Cards[:n]
		path := filepath.Join(t.TempDir(), "share.amana")
		_, errs, status := m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-share", "morel", "-yes", "-out", path, hand(t, t.TempDir(), "BDFGHJ.amana", q, m.key(t)))
		if status != want || want == 1 && !strings.Contains(errs, "15 readers and recovery keys are the most") {
			t.Errorf("%d readers: %d %s", n, status, errs)
		}
	}
}

// Whom the reporter named may not be shared with, though the coordinator has signed them since.
func TestOpenSharesWithNobodyNamed(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	d.entries = append(d.entries, ticket.Entry{ID: "new", Name: "New", Org: "example_police", Role: ticket.FocalPoint, Key: newIdentity(t, 99).Public(), Status: ticket.StatusConfirmed})
	d.sign(t, d.coordinator)
	body := d.body()
	said := func(step, value string) {
		body.Answers = append(body.Answers, ticket.Said{Flow: "report", Step: step, Values: []string{value}})
	}
	said("involved", "yes")
	said("involved_org", "example_police")
	said("involved_role", "focal_point")
	d.thread = nil
	d.add(t, ticket.Inside{Report: body})
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	p := d.packet()
	p.Cards = p.Cards[:4]
	path := filepath.Join(t.TempDir(), "share.amana")
	_, errs, status := m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-share", "new", "-yes", "-out", path, hand(t, t.TempDir(), "BDFGHJ.amana", p, m.key(t)))
	if _, err := os.Stat(path); status != 1 || !strings.Contains(errs, "may be the person whom the reporter names") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%d %s", status, errs)
	}
}

// A file that was written to be sent is not opened as a report, and flags that contradict each other are refused.
func TestOpenGrantFlags(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	file := filepath.Join(t.TempDir(), "BDFGHJ-share.amana")
	if err := os.WriteFile(file, append([]byte("amana grants 1\n"), bytes.Repeat([]byte{1}, 500)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := m.run("", "open", "-dir", m.dir, file); status != 1 || !strings.Contains(errs, "send it to the staff bot") {
		t.Errorf("%d %s", status, errs)
	}
	for want, args := range map[string][]string{
		"choose one":                           {"-share", "x", "-seal"},
		"choose one, and":                      {"-answer", "-seal"},
		"-json only reads":                     {"-json", "-seal"},
		"-all belongs to -seal":                {"-share", "x", "-all"},
		"answers and notes are written":        {"-identity", "x", "-note"},
		"say with -answer or -note":            {"-seal", "-text", "x"},
		"say with -answer, -note, -share":      {"-out", "x"},
		"-seal and -for-recovery each write a": {"-for-recovery", "x", "-seal"},
	} {
		if _, errs, status := m.run("", append([]string{"open", "-dir", m.dir, file}, args...)...); status != 2 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d %s", args, status, errs)
		}
	}
}

// What needs several files is written as a whole or not at all, and over nothing.
func TestOpenWritesAllOrNone(t *testing.T) {
	dir := t.TempDir()
	o := &openCommand{out: filepath.Join(dir, "seal.amana")}
	paths, err := o.writeAll("BDFGHJ", "seal", [][]byte{{1}, {2}})
	if err != nil || len(paths) != 2 || filepath.Base(paths[1]) != "seal-2-of-2.amana" {
		t.Fatalf("%v %v", paths, err)
	}
	if err := os.Remove(paths[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := o.writeAll("BDFGHJ", "seal", [][]byte{{3}, {4}}); err == nil || !strings.Contains(err.Error(), "never written over") {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "seal-2-of-2.amana" {
		t.Errorf("%v %v", left, err)
	}
}

// A copy that opens to nothing, made last by one reader, hides no copy that another made.
func TestOpenTriesEveryCopy(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	bashir := newIdentity(t, 91)
	d.thread = nil
	d.add(t, ticket.Inside{Report: d.body()}, bashir.Public())
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Text: "sealed before"}}, bashir.Public())
	p := d.packet()
	for i := range p.Thread {
		item := &p.Thread[i]
		for n, of := range [][]byte{p.Thread[1-i].File, item.File} { // the newest wraps the key of the other message
			g, err := seal.SignCopy(d.seed, seal.Header{
				Report: d.report, Message: ticket.ID{byte(n + 1), 3}, Of: item.ID, Kind: ticket.TypeCopy, Readers: []seal.Reader{{ID: "amina", Key: m.key(t)}},
			}, of, dice(70), bashir)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				header, err := g.Header.Encode()
				if err != nil {
					t.Fatal(err)
				}
				file, err := g.File(item.File)
				if err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256(file)
				g.Signature = ed25519.Sign(ed25519.NewKeyFromSeed(d.seed.Reveal()), slices.Concat([]byte("amana/1"), header, sum[:]))
			}
			item.Copies = append(item.Copies, g)
		}
	}
	out, errs, status := m.run(testPassphrase+"\n", "open", "-dir", m.dir, "-lang", "en", hand(t, t.TempDir(), "BDFGHJ.amana", p, m.key(t)))
	if status != 0 || !strings.Contains(out, "sealed before") || !strings.Contains(out, "بطاقة 12") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}
