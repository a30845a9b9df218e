//go:build etcd

package main

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/telegram/telegramtest"
)

// reporter is a plan that leads to a report.
func reporter(story string) map[string]string {
	return map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "sexual", "concern": "sex_for_aid", "organisation": "example_shelter",
		"involved": "no", "area": "block_a", "story": story, "help": "!skip", "call": "no", "consent_complaint": "yes", "nudge": "no",
	}
}

// mostUntold is how long somebody may wait to hear that something could not be saved yet: the silence after which a cluster
// counts as away, and a commit on its way. Half of it more is for a machine that has much else to do.
const mostUntold = 9 * time.Second

// TestQuorumLostWhileSending takes the node that leads away while somebody writes: the others elect another, and nobody is told
// anything of it. Then it takes two nodes away just before they press send. They are told that it is not saved, or that nobody knows, once, and get
// no receipt; when the nodes are back the same press is heard again, and there is one report.
func TestQuorumLostWhileSending(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, trialOptions{}, nil)
	f.serveAll()
	f.enrol()
	w := f.walker(8_111_222_333, "ar", reporter("طلب مني أن أعود وحدي في المساء"))
	wait, unsure := f.words("ar", "word.saved.wait", nil), f.words("ar", "word.saved.unsure", nil)
	told := func(p *telegramtest.User) int { return shownTimes(p, wait) + shownTimes(p, unsure) }
	var first, once sync.Once
	var back sync.WaitGroup
	w.about = func(step string) {
		if step == "story" {
			first.Do(func() {
				ctx, done := context.WithTimeout(t.Context(), patience)
				defer done()
				leader, err := f.cluster.Leader(ctx)
				if err != nil {
					t.Fatal(err)
				}
				f.cluster.Kill(leader)
				back.Go(func() {
					time.Sleep(5 * time.Second)
					if err := f.cluster.Restart(leader); err != nil {
						f.Error(err)
					}
				})
			})
		}
		if step != "check" {
			return
		}
		once.Do(func() {
			back.Wait()
			if n := told(w.phone); n != 0 {
				f.Error("an election is told as something that is not saved")
			}
			ctx, done := context.WithTimeout(t.Context(), patience)
			defer done()
			if err := f.cluster.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			f.cluster.Kill(0)
			f.cluster.Kill(1)
			begun := time.Now()
			back.Go(func() {
				if _, err := w.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool {
					return w.phone.Seen(wait) || w.phone.Seen(unsure)
				}); err != nil {
					f.Errorf("nobody said that it is not saved: %v", err)
				}
				took := time.Since(begun)
				t.Logf("told after %v that it is not saved", took.Round(10*time.Millisecond))
				if took > mostUntold {
					f.Errorf("that is too long")
				}
				if n := len(receipts(w.phone)); n > 0 {
					f.Errorf("%d receipts were shown of what could not be saved", n)
				}
				for n := range 2 {
					if err := f.cluster.Restart(n); err != nil {
						f.Error(err)
					}
				}
			})
		})
	}
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	back.Wait()
	if n := told(w.phone); n != 1 {
		t.Errorf("it was said %d times that it is not saved", n)
	}
	if n := w.copies(); n != 1 || w.lost > 0 {
		t.Errorf("the receipt was shown %d times, and somebody had to write again %d times", n, w.lost)
	}
	f.noticed(f.hands["ana"])
	f.ended(1)
}

// TestPausedHearer stops the machine that hears for longer than its lease, in the midst of what somebody tells, and lets it
// go on when another one hears: what it then writes is refused, and nobody is answered twice.
func TestPausedHearer(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, trialOptions{}, nil)
	f.serveAll()
	f.enrol()
	var walkers []*walker
	for n, step := range []string{"story", "check"} {
		w := f.walker(8_111_222_333+int64(n), "en", reporter("He wanted something for the card."))
		var once sync.Once
		var back sync.WaitGroup
		w.about = func(now string) {
			if now != step {
				return
			}
			once.Do(func() {
				// What was said and is not confirmed yet would be said again, as it has to be.
				eventually(t, "the last answer is confirmed", func() bool { return w.phone.Pending() == 0 })
				h := f.hearer()
				signal := func(s syscall.Signal) { _ = h.served.cmd.Process.Signal(s) }
				signal(syscall.SIGSTOP)
				begun := time.Now()
				back.Go(func() {
					took := f.otherAfter(h, begun).Sub(begun)
					time.Sleep(500 * time.Millisecond)
					signal(syscall.SIGCONT)
					t.Logf("another machine heard %v after the one that did was paused", took.Round(10*time.Millisecond))
				})
			})
		}
		if _, err := w.report(t.Context()); err != nil {
			t.Fatal(err)
		}
		back.Wait()
		walkers = append(walkers, w)
	}
	last := f.walker(8_111_222_999, "ar", reporter("طلب مني أن أعود وحدي")) // the office has moved twice by now
	if _, err := last.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, w := range append(walkers, last) {
		if n := w.copies(); n != 1 || w.lost > 0 {
			t.Errorf("the receipt was shown %d times, and somebody had to write again %d times: %v", n, w.lost, w.trace)
		}
		before := ""
		for _, e := range w.phone.Transcript() {
			if e.Kind != telegramtest.Sent {
				continue
			}
			if e.Message.Text == before {
				t.Errorf("somebody was told twice: %q", before)
			}
			before = e.Message.Text
		}
	}
	f.ended(3)
}

// otherAfter waits until a machine asks for updates, after a moment, that is not this one.
func (f *fleet) otherAfter(h *station, at time.Time) time.Time {
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		for _, m := range f.machines {
			if first, ok := m.ear.after(at); m != h && ok {
				return first
			}
		}
	}
	f.Errorf("no other machine asks for updates")
	return time.Now()
}

// TestRosterOfAnotherMachine signs rosters on the machine that does not hear: who was taken out of it is served nothing by the
// other one from then on, nor handed anything new, and who came in is handed the very next report.
func TestRosterOfAnotherMachine(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, trialOptions{}, nil)
	f.machines[0].serve()
	f.hearer() // the offices are those of the first machine
	f.machines[1].serve()
	signs := f.machines[1]
	hana, nora := f.hands["hana"], &staffer{id: "nora", org: "example_relief", role: "focal_point"}
	f.enrol()
	w := f.walker(8_111_222_333, "en", reporter("He wanted something for the card."))
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := f.noticed(hana)
	if o := f.read(hana, code); o.body == nil {
		t.Fatal("the reader was given nothing while she was one")
	}
	had := len(files(hana.phone))

	signs.amana("confirm", "-config", signs.config(), "-yes", "-revoke", "hana")
	f.press(hana, "s:read:"+code)
	if _, err := hana.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool { return f.api.Bot(staffToken).Unanswered() == 0 }); err != nil {
		t.Error(err)
	}
	w = f.walker(8_111_222_334, "en", reporter("It was the same man."))
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := f.noticed(f.hands["ana"], code)
	if n := len(files(hana.phone)); n != had {
		t.Errorf("who was revoked was given %d files", n-had)
	}

	var err error
	if nora.key, err = seal.NewIdentity(rand.Reader); err != nil {
		t.Fatal(err)
	}
	nora.lang = "en"
	nora.phone = f.api.Bot(staffToken).User(firstStaff+900, telegramtest.UserOptions{FirstName: "Staff nora", Language: "en"})
	f.hands["nora"] = nora
	signs.invite(nora)
	signs.confirm()
	w = f.walker(8_111_222_335, "en", reporter("He came again."))
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	third := f.noticed(nora)
	if o := f.read(nora, third); o.body == nil {
		t.Error("who came in is given nothing")
	}
	for _, c := range []string{second, third} {
		if slices.Contains(f.codes(hana), c) || strings.Contains(toldAll(hana), c) {
			t.Error("who was revoked was told of a later report")
		}
	}
	f.ended(3)
}

// toldAll is everything that somebody of the staff was ever sent.
func toldAll(h *staffer) string {
	var all strings.Builder
	for _, e := range h.phone.Transcript() {
		if e.Kind == telegramtest.Sent {
			all.WriteString(e.Message.Text + "\n")
		}
	}
	return all.String()
}
