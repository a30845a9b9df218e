package main

import (
	"context"
	"flag"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/ticket"
)

var resealed = flag.Int("resealed", 24, "how many open reports TestNewKey seals again")

// A focal point gets a new key while many reports are open. A colleague gets the files, names all of them in one call, and
// sends back what it wrote; then the new key opens every one.
func TestNewKey(t *testing.T) {
	p := newPlace(t)
	p.join(t, ticket.Entry{ID: "dora", Name: "Dora", Org: "example_health", Role: ticket.FocalPoint}, 61)
	p.confirm(t)
	ctx := context.Background()
	for n := range *resealed {
		who := [16]byte{2, byte(n), byte(n >> 8)}
		if _, err := p.registry.Commit(ctx, bot.Turn{
			Person: bot.Person(who), Mark: bot.Mark(who), Address: "telegram:77", Lang: "ar",
			Filing: &bot.Filing{Flow: "report", Kind: "sea", Lang: "ar", Facts: bot.Facts{
				{Flow: "report", Step: "age", Lang: "ar", Values: []string{"adult"}},
				{Flow: "report", Step: "story", Lang: "ar", Text: "طلبوا مالًا مقابل البطاقة"},
			}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := p.registry.Inbox(ctx, "amina")
	if err != nil || len(lines) != *resealed {
		t.Fatalf("%d reports, %v", len(lines), err)
	}
	var codes []string
	for _, l := range lines {
		codes = append(codes, l.Code)
	}
	p.lose(t, "dora")
	p.join(t, ticket.Entry{ID: "dora", Name: "Dora", Org: "example_health", Role: ticket.FocalPoint}, 62)
	p.confirm(t)
	if _, errs, status := p.opens(t, "dora", codes[0]); status != 1 || !strings.Contains(errs, "not sealed to you yet") {
		t.Fatalf("%d %s", status, errs)
	}

	begin, before := time.Now(), busyFor(t)
	dir := t.TempDir()
	t.Chdir(dir)
	m := p.readers["amina"]
	args := []string{"open", "-dir", m.dir, "-lang", "en", "-seal", "-yes"}
	for _, code := range codes {
		args = append(args, p.read(t, "amina", code)...)
	}
	handed := time.Since(begin)
	out, errs, status := m.run(testPassphrase+"\n", args...)
	if status != 0 || out != "" || !strings.Contains(errs, count(len(codes), "file", "files")+" written") {
		t.Fatalf("%d %s%s", status, out, errs)
	}
	sealed := time.Since(begin) - handed
	for _, code := range codes {
		g := p.brings(t, "amina", filepath.Join(dir, code+"-seal.amana"))
		if g.Copies == 0 || len(g.Missing) != 0 || g.Code != code {
			t.Fatalf("%s: %+v", code, g)
		}
	}
	all := time.Since(begin)
	busy := busyFor(t) - before
	t.Logf("%d reports: handed out in %v, sealed in %v, taken in %v: %v, of which %v at work", len(codes), handed, sealed, all-handed-sealed, all, busy)
	if most := time.Minute * time.Duration(max(len(codes), 100)) / 1000; len(codes) >= 1000 && min(all, busy) > most {
		t.Errorf("it took %v", min(all, busy))
	}
	for _, code := range []string{codes[0], codes[len(codes)-1]} {
		if out, errs, status := p.opens(t, "dora", code); status != 0 || !strings.Contains(out, "طلبوا مالًا مقابل البطاقة") {
			t.Errorf("dora opens %s: %d %s", code, status, errs)
		}
	}

	// Nothing is left to do; and what does not belong together is told.
	args = args[:7]
	for _, code := range codes[:2] {
		args = append(args, p.read(t, "amina", code)...)
	}
	if _, errs, status := m.run(testPassphrase+"\n", args...); status != 0 || !strings.Contains(errs, "2 reports that nobody lacks anything of") {
		t.Errorf("%d %s", status, errs)
	}
	if _, errs, status := m.run(testPassphrase+"\n", append(args, "-out", "x")...); status != 2 || !strings.Contains(errs, "leave it out") {
		t.Errorf("%d %s", status, errs)
	}
	args[6] = "-all" // in place of -yes: asked once, and refused once
	if _, errs, status := m.run(testPassphrase+"\nno\nyes\n", args...); status != 1 || !strings.Contains(errs, "nothing was sealed") {
		t.Errorf("%d %s", status, errs)
	}
}

// busyFor is how long processors have worked for this process: what else the machine does is not in it.
func busyFor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
