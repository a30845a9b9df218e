package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// place is a whole house in memory, and the machines of those who read.
type place struct {
	*house
	coordinator machine
	public      string
	readers     map[string]machine
	clock       time.Time
	letters     byte
	heard       []string // notices that were carried and not asked about yet
}

func (p *place) later(d time.Duration) { p.clock = p.clock.Add(d) }

func newPlace(t *testing.T) *place {
	t.Helper()
	ctx := context.Background()
	p := &place{clock: someDay, coordinator: machine{dir: t.TempDir(), dice: dice(70), now: func() time.Time { return someDay }}, readers: map[string]machine{}}
	out, errs, status := p.coordinator.run(testPassphrase+"\n"+testPassphrase+"\n", "keys", "coordinator", "-dir", p.coordinator.dir)
	if status != 0 {
		t.Fatal(errs)
	}
	p.public = strings.TrimSpace(out)
	g := ground{now: func() time.Time { return p.clock }, rand: dice(71), kiln: seal.QuickKiln()}
	g.engine = mem.New(g.now)
	dir := t.TempDir()
	var err error
	if g.keys, err = seal.CreateHouse(filepath.Join(dir, "keys"), someDay, g.rand); err != nil {
		t.Fatal(err)
	}
	if err := g.keys.PinCoordinator(p.public); err != nil {
		t.Fatal(err)
	}
	if g.roots, err = seal.OpenRoots(filepath.Join(dir, "run"), someDay, g.rand); err != nil {
		t.Fatal(err)
	}
	if p.house, err = newHouse(ctx, &config{path: "test", Profile: "example", Zone: "UTC", Drafts: []string{"en", "ar"}}, g); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	for i, e := range []ticket.Entry{
		{ID: "amina", Name: "Amina", Org: "example_relief", Role: ticket.FocalPoint, Backup: "bashir"},
		{ID: "bashir", Name: "Bashir", Org: "example_health", Role: ticket.Backup},
		{ID: "chair", Name: "Chair", Org: "example_children", Role: ticket.Coordinator},
	} {
		p.join(t, e, byte(i+1))
	}
	p.confirm(t)
	return p
}

// join walks somebody from the invitation to the enrolment file.
func (p *place) join(t *testing.T, e ticket.Entry, seed byte) {
	t.Helper()
	ctx, m := context.Background(), newMachine(t, seed)
	e.Status = ticket.StatusConfirmed
	word, err := p.registry.Invite(ctx, e, "en", false)
	if err != nil {
		t.Fatal(err)
	}
	at := bot.Address("telegram:" + e.ID)
	if _, err := p.registry.Follow(ctx, at, word); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(m.dir, enrolmentFile))
	if err != nil {
		t.Fatal(err)
	}
	print, err := p.registry.Enrol(ctx, at, file)
	if err != nil {
		t.Fatal(err)
	}
	shown, errs, status := m.run("", "keys", "show", "-dir", m.dir)
	if status != 0 || !strings.Contains(shown, print) {
		t.Fatalf("the fingerprint at the server is %s, on the machine\n%s%s", print, shown, errs)
	}
	if _, errs, status := m.run("", "keys", "pin", "-dir", m.dir, p.public); status != 0 {
		t.Fatal(errs)
	}
	p.readers[e.ID] = m
}

// confirm signs everybody who waits, with the key as it lies on the coordinator's machine.
func (p *place) confirm(t *testing.T, revoke ...string) {
	t.Helper()
	p.sign(t, nil, revoke...)
}

// confirmMore signs entries besides that bring no enrolment, as recovery keys do.
func (p *place) confirmMore(t *testing.T, more ...ticket.Entry) {
	t.Helper()
	p.sign(t, more)
}

func (p *place) sign(t *testing.T, more []ticket.Entry, revoke ...string) {
	t.Helper()
	ctx := context.Background()
	waiting, err := p.registry.Propose(ctx)
	if err != nil {
		t.Fatal(err)
	}
	waiting.Pending = append(waiting.Pending, more...)
	key, err := coordinatorKey(&call{stdin: strings.NewReader(testPassphrase + "\n"), env: func(string) string { return "" }}, p.coordinator.dir)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := casework.Sign(key, waiting, revoke...)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.registry.Apply(ctx, signed); err != nil {
		t.Fatal(err)
	}
}

// file files a report and gives its receipt and code.
func (p *place) file(t *testing.T) (receipt, code string) {
	t.Helper()
	ctx := context.Background()
	said := func(step, value string) bot.Fact {
		return bot.Fact{Flow: "report", Step: step, Lang: "ar", Values: []string{value}}
	}
	done, err := p.registry.Commit(ctx, bot.Turn{
		Person: bot.Person{1}, Mark: bot.Mark{1}, Address: "telegram:77", Lang: "ar",
		Filing: &bot.Filing{Flow: "report", Kind: "sea", Lang: "ar", Facts: bot.Facts{
			said("age", "adult"), said("matter", "favours"), said("area", "town"),
			{Flow: "report", Step: "story", Lang: "ar", Text: "طلبوا مالًا مقابل البطاقة"},
			{Flow: "report", Step: "consent_complaint", Lang: "ar", Values: []string{"yes"}, Consent: true, Shown: "هل يمكن إرسال هذا؟"},
			said("nudge", "yes"), said("nudge_hours", "evening"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := p.registry.Inbox(ctx, "amina")
	if err != nil || len(lines) != 1 {
		t.Fatalf("inbox %v, %v", lines, err)
	}
	return done.Receipt, lines[0].Code
}

// read brings the sealed files of a report onto a reader's machine.
func (p *place) read(t *testing.T, who, code string) (paths []string) {
	t.Helper()
	files, err := p.registry.ReadOut(context.Background(), who, code)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, f.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// One report from filing to the reporter's mailbox, with real keys on real folders: made, enrolled, signed, sealed, handed
// out, opened, answered, taken, read. Beside it the stories of the answer file: the same bytes twice, one byte changed, a
// removed reader, unsigned, and a note that stays inside.
func TestKeysAndOpenWalkAReport(t *testing.T) {
	ctx := context.Background()
	p := newPlace(t)
	receipt, code := p.file(t)
	amina := p.readers["amina"]
	t.Chdir(t.TempDir()) // the answer is written where one stands

	out, errs, status := amina.run(testPassphrase+"\nyes\nشكرًا. قرأنا رسالتك.\n\nنكتب لك غدًا.\n.\n2\n",
		append([]string{"open", "-dir", amina.dir, "-lang", "en", "-profile", "example", "-answer"}, p.read(t, "amina", code)...)...)
	if status != 0 {
		t.Fatal(errs)
	}
	for _, want := range []string{"Report " + code, "طلبوا مالًا مقابل البطاقة", "هل يمكن إرسال هذا؟", "Amina", "Example Children", "money or favours", "Area: Town nearby"} {
		if !strings.Contains(bare(out), want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	if !strings.Contains(errs, "do not repeat") || !strings.Contains(errs, "Bashir") {
		t.Errorf("before writing it does not say who will read:\n%s", errs)
	}
	name := code + "-answer.amana"
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("answer file: %v %v", info, err)
	}
	answer, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	a, err := seal.ParseAnswer(answer)
	if err != nil || a.Header.State != "referred" || strings.Join(readerIDs(a.Header), " ") != "amina bashir chair" || len(a.Header.Nudge) != seal.NudgeSize {
		t.Fatalf("header %+v, %v", a.Header, err)
	}

	// Story (i): a byte changed, unsigned, from somebody else.
	changed := bytes.Clone(answer)
	changed[len(changed)-1] ^= 1
	var refusal casework.Refusal
	if _, err := p.registry.Answer(ctx, "amina", changed); !errors.As(err, &refusal) {
		t.Errorf("one byte changed: %v", err)
	}
	forged, err := seal.SignAnswer(newSeed(t), a.Header, a.File)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.registry.Answer(ctx, "amina", forged); !errors.Is(err, casework.BadSignature) {
		t.Errorf("signed with another seed: %v", err)
	}
	taken, err := p.registry.Answer(ctx, "amina", answer)
	if err != nil || taken.Again || taken.Code != code || len(taken.Missing) > 0 {
		t.Fatalf("taken %+v, %v", taken, err)
	}
	if taken, err = p.registry.Answer(ctx, "amina", answer); err != nil || !taken.Again {
		t.Errorf("the same file again: %+v, %v", taken, err)
	}

	mail, err := p.registry.Open(ctx, bot.Person{1}, receipt)
	if err != nil || len(mail.Answers) != 1 || mail.State != "referred" {
		t.Fatalf("mailbox %+v, %v", mail, err)
	}
	if got := mail.Answers[0]; got.Text != "شكرًا. قرأنا رسالتك.\n\nنكتب لك غدًا." || got.Lang != "ar" {
		t.Errorf("the reporter reads %q in %s", got.Text, got.Lang)
	}

	p.notes(t, receipt, code)
	p.removed(t, code, answer)
}

// notes writes a further message, reads it with everything before, and leaves a note that the reporter never sees.
func (p *place) notes(t *testing.T, receipt, code string) {
	t.Helper()
	ctx, amina := context.Background(), p.readers["amina"]
	mail, err := p.registry.Open(ctx, bot.Person{1}, receipt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.registry.Commit(ctx, bot.Turn{Person: bot.Person{1}, Mark: bot.Mark{2}, Lang: "ar", Letter: &bot.Letter{Box: mail.Box, Text: "متى؟", Lang: "ar"}}); err != nil {
		t.Fatal(err)
	}
	note := func() (string, string, int) {
		return amina.run(testPassphrase+"\nyes\nAsk the partner on Sunday.\n.\n",
			append([]string{"open", "-dir", amina.dir, "-lang", "en", "-note"}, p.read(t, "amina", code)...)...)
	}
	out, errs, status := note()
	if status != 0 || !strings.Contains(out, "متى؟") || !strings.Contains(out, "State: ") || !strings.Contains(out, "قرأنا رسالتك") {
		t.Fatalf("%s%s", out, errs)
	}
	file, err := os.ReadFile(code + "-note.amana")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.registry.Answer(ctx, "amina", file); err != nil {
		t.Fatal(err)
	}
	if mail, err = p.registry.Open(ctx, bot.Person{1}, receipt); err != nil || len(mail.Answers) != 1 {
		t.Errorf("the reporter sees %d answers, %v", len(mail.Answers), err)
	}
	a, err := seal.ParseAnswer(file)
	if err != nil || len(a.Header.Nudge) != 0 || a.Header.State != "" {
		t.Errorf("a note's header holds %+v, %v", a.Header, err)
	}
	if _, errs, status = note(); status != 1 || !strings.Contains(errs, "is there already and is never written over") {
		t.Errorf("it wrote over the first note: %d %s", status, errs)
	}
	bashir := p.readers["bashir"]
	if _, errs, status := bashir.run(testPassphrase+"\n", append([]string{"open", "-dir", bashir.dir}, p.read(t, "amina", code)...)...); status != 1 || !strings.Contains(errs, "is not sealed to your key") {
		t.Errorf("another reader's hand-out: %d %s", status, errs)
	}
}

// removed ends the walk: somebody who is no longer in the roster still knows the seed, and is refused all the same.
func (p *place) removed(t *testing.T, code string, answer []byte) {
	t.Helper()
	ctx, amina := context.Background(), p.readers["amina"]
	_, errs, status := amina.run(testPassphrase+"\nyes\nFrom outside.\n.\n1\n",
		append([]string{"open", "-dir", amina.dir, "-lang", "en", "-answer", "-out", "late.amana"}, p.read(t, "amina", code)...)...)
	if status != 0 {
		t.Fatal(errs)
	}
	late, err := os.ReadFile("late.amana")
	if err != nil {
		t.Fatal(err)
	}
	p.confirm(t, "amina")
	for what, file := range map[string][]byte{"a new answer": late, "an old one": answer} {
		if _, err := p.registry.Answer(ctx, "amina", file); err == nil {
			t.Errorf("%s of a removed reader was taken", what)
		}
	}
	if _, err := p.registry.ReadOut(ctx, "amina", code); !errors.Is(err, casework.ErrUnknown) {
		t.Errorf("a removed reader was handed the report: %v", err)
	}
}

func newSeed(t *testing.T) seal.Seed {
	t.Helper()
	s, err := seal.NewSeed(dice(60))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The key backup of a house opens with the recovery key into another folder, and the database knows what it holds.
func TestKeysBackupIsNoted(t *testing.T) {
	t.Parallel()
	p, ctx := newPlace(t), context.Background()
	dir := t.TempDir()
	holder := machine{dir: dir, dice: dice(50), now: p.now}
	public, errs, status := holder.run("", "keys", "recovery", filepath.Join(dir, "recovery.txt"))
	if status != 0 {
		t.Fatal(errs)
	}
	file := filepath.Join(dir, "keys.age")
	ids, err := backupKeys(ctx, p.keys, p.store, []string{strings.TrimSpace(public)}, file, someDay)
	if err != nil || len(ids) == 0 {
		t.Fatalf("%v, %v", ids, err)
	}
	if _, err := backupKeys(ctx, p.keys, p.store, []string{strings.TrimSpace(public)}, file, someDay); err == nil {
		t.Error("a backup was written over")
	}
	var noted []store.Backup
	if err := p.store.View(ctx, func(r *store.Read) (err error) { noted, err = r.KeyBackups(); return err }); err != nil {
		t.Fatal(err)
	}
	if len(noted) != 1 || noted[0].Name != "keys.age" || len(noted[0].Keys) != len(ids) {
		t.Errorf("noted %+v", noted)
	}
	again := filepath.Join(dir, "again")
	restore := func(args ...string) (string, int) {
		_, errs, status := holder.run("", append([]string{"keys", "restore"}, args...)...)
		return errs, status
	}
	if errs, status := restore(file, "-identity", filepath.Join(dir, "recovery.txt"), again); status != 0 {
		t.Fatal(errs)
	}
	h, err := seal.OpenHouse(again, dice(51))
	if err != nil || h.ID() != p.keys.ID() {
		t.Errorf("another house came back: %v", err)
	}
	for want, args := range map[string][]string{
		"something lies in":      {"-identity", filepath.Join(dir, "recovery.txt"), file, again},
		"is not sealed to":       {"-identity", filepath.Join(p.recoveryOf(t), "other.txt"), file, filepath.Join(dir, "x")},
		"holds no age identity":  {"-identity", file, file, filepath.Join(dir, "x")},
		"is no key backup":       {"-identity", filepath.Join(dir, "recovery.txt"), filepath.Join(dir, "recovery.txt"), filepath.Join(dir, "x")},
		"reading the key backup": {"-identity", filepath.Join(dir, "recovery.txt"), filepath.Join(dir, "nothing"), filepath.Join(dir, "x")},
	} {
		if errs, status := restore(args...); status != 1 || !strings.Contains(errs, want) {
			t.Errorf("status %d: %s, want %q", status, errs, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
		t.Error("a failed restore left a folder")
	}
}

func (p *place) recoveryOf(t *testing.T) string {
	t.Helper()
	m := machine{dir: t.TempDir(), dice: dice(52), now: p.now}
	if _, errs, status := m.run("", "keys", "recovery", filepath.Join(m.dir, "other.txt")); status != 0 {
		t.Fatal(errs)
	}
	return m.dir
}

// bare takes the invisible marks of direction out of a text.
func bare(s string) string {
	return strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "").Replace(s)
}

func readerIDs(h seal.Header) (ids []string) {
	for _, r := range h.Readers {
		ids = append(ids, r.ID)
	}
	return ids
}
