//go:build etcd

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

var fleetRolls = flag.Int("fleet-rolls", 1, "how often TestRollingUpgrade brings a newer program to both machines: of the next form, and every second time of the same")

var fleetTalkers = flag.Int("fleet-talkers", 2, "how many people talk to the machines meanwhile")

// TestRollingUpgrade brings a newer program to two machines, one after the other, while a crowd talks and reports and the
// staff is told. One that writes in the same form serves beside the older one. One that writes in the next form, which the
// older program could not read, serves alone from the moment on in which it starts: the older one ends by itself, says why,
// and is refused when it is started again. The promise is that of TestKillNineTogether, held against the same transcripts;
// and nobody is told that something could not be saved, in either case.
func TestRollingUpgrade(t *testing.T) {
	t.Parallel()
	s := newRolling(t, nil)
	s.run()
	s.proved()
	s.fleet.one()
}

// TestRollingUpgradeByWebhook does the same where Telegram brings updates, now to one machine and now to the other.
func TestRollingUpgradeByWebhook(t *testing.T) {
	t.Parallel()
	addrs := []string{freePort(t), freePort(t)}
	s := newRolling(t, func(n int) string {
		return "telegram: {webhook: \"https://hook.example/" + hiddenPath + "\", listen: \"" + addrs[n] + "\"}"
	})
	balance, both := balancer(t, addrs)
	s.api.Forward("hook.example", balance)
	s.run()
	s.proved()
	for n := range both {
		if both[n].Load() == 0 {
			t.Errorf("machine %d was brought nothing", n)
		}
	}
}

// rolling is a crowd before two machines whose program is replaced.
type rolling struct {
	*storm
	form, versions int
}

func newRolling(tb testing.TB, lines func(int) string) *rolling {
	s := &rolling{storm: newStorm(tb, 0, lines), form: store.Format}
	s.kills, s.crowd = *fleetRolls, *fleetTalkers
	s.strike = func() func() {
		s.versions++
		first, second := s.order(lines == nil)
		if s.versions%2 == 0 {
			return func() { s.beside(first, second) }
		}
		return func() { s.instead(first, second) }
	}
	return s
}

// order says on which machine the newer program comes first: on the one that hears, or on the other.
func (s *rolling) order(polled bool) (first, second *station) {
	n := s.rand.IntN(2)
	if polled {
		hears := s.fleet.hearer()
		n = 0
		if (hears == s.fleet.machines[0]) == (s.versions%4 < 2) {
			n = 1
		}
	}
	return s.fleet.machines[n], s.fleet.machines[1-n]
}

// beside replaces the program of one machine after the other.
func (s *rolling) beside(first, second *station) {
	for _, m := range []*station{first, second} {
		m.stop()
		m.upgrade(s.versions, s.form)
		m.serve()
		time.Sleep(500 * time.Millisecond) // both versions serve
	}
}

// instead brings a program of the next form to one machine; the older one on the other ends by itself, and never comes back.
func (s *rolling) instead(first, second *station) {
	s.form++
	first.stop()
	first.upgrade(s.versions, s.form)
	first.serve()
	began := time.Now()
	older := second.served
	select {
	case <-older.ended:
	case <-time.After(patience):
		s.Fatal("an older program goes on beside one that writes in the next form")
	}
	second.served = nil
	older.close()
	s.Logf("an older program ended %v after the newer one served", time.Since(began).Round(10*time.Millisecond))
	second.refused(older.err, "the end of an older program")

	again := second.launch()
	select {
	case <-again.ended:
	case state := <-again.states:
		s.Fatalf("an older program serves again: %s", state)
	case <-time.After(patience):
		s.Fatal("an older program neither serves nor ends")
	}
	second.served = nil
	again.close()
	second.refused(again.err, "its next start")
	for _, args := range [][]string{{"confirm", "-config", second.config(), "-yes"}, {"invite", "-config", second.config(), "-id", "nora", "-name", "Nora", "-org", "example_relief"}} {
		status, _, errs := second.try(args...)
		if status != 1 || !strings.Contains(errs, "a later version of this program") {
			s.Errorf("amana %v by an older program: status %d, %s", args, status, errs)
		}
	}
	second.upgrade(s.versions, s.form)
	second.serve()
}

// upgrade puts another program on a machine.
func (m *station) upgrade(version, form int) {
	m.form, m.version = form, fmt.Sprintf("upgrade-%d", version)
}

// refused says that a program ended with status 1, once, for the one reason, and with what is to be done.
func (m *station) refused(err error, what string) {
	m.Helper()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		m.Errorf("%s: %v", what, err)
	}
	lines := strings.Split(strings.TrimSpace(m.log()), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, "a later version of this program has written") || !strings.Contains(last, "Start the later version here") {
		m.Errorf("%s: the last line of the log is %q", what, last)
	}
}

// proved holds the promise.
func (s *rolling) proved() {
	s.crowd = 0 // too few to send everything that can be sent: that is for TestKillNineTogether
	s.judge()
	for _, lang := range []string{"en", "ar"} {
		for _, key := range []string{"word.saved.wait", "word.saved.not", "word.saved.perhaps", "word.saved.unsure", "word.saved.lost"} {
			words := s.words(lang, key, nil)
			for _, w := range s.people {
				if n := shownTimes(w.phone, words); n > 0 {
					s.Errorf("somebody was told %d times: %s", n, words)
				}
			}
		}
	}
	for n, m := range s.fleet.machines {
		if want := fmt.Sprintf("version=upgrade-%d", s.versions); !strings.Contains(m.log(), want) {
			s.Errorf("machine %d never served as %s", n, want)
		}
	}
}

// TestOtherQuestionsTogether brings a program whose report asks one question more to one of two machines, in the midst of what
// somebody tells to both of them in turns. From then on the other one hears nobody, until it has that program as well; the
// question is asked and answered once, and its answer is in the report.
func TestOtherQuestionsTogether(t *testing.T) {
	t.Parallel()
	addrs := []string{freePort(t), freePort(t)}
	text, err := os.ReadFile("../../flows/report.yaml")
	if err != nil {
		t.Fatal(err)
	}
	older := regexp.MustCompile(`(?m)^  - name: where\n(    .*\n)+`).ReplaceAll(text, nil)
	if len(older) == len(text) {
		t.Fatal("the question that is left out is not there")
	}
	own := []string{t.TempDir(), t.TempDir()}
	asks := func(n int, text []byte) {
		if err := os.WriteFile(filepath.Join(own[n], "report.yaml"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asks(0, older)
	asks(1, older)
	f := newFleet(t, 2, trialOptions{}, func(n int) string {
		return "telegram: {webhook: \"https://hook.example/" + hiddenPath + "\", listen: \"" + addrs[n] + "\"}\nflows: " + own[n]
	})
	balance, _ := balancer(t, addrs)
	f.api.Forward("hook.example", balance)
	f.serveAll()
	f.enrol()
	newer := func(n int) {
		f.machines[n].stop()
		asks(n, text)
		f.machines[n].serve()
	}
	w := f.walker(8_111_222_333, "en", reporter("He wanted something for the card."))
	w.plan["where"] = "distribution"
	w.at("concern", func() {
		newer(0)
		for until := time.Now().Add(patience); !strings.Contains(f.machines[1].log(), "asks people other questions"); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("the machine that asks less goes on hearing people")
			}
		}
	})
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := func(who string, known ...string) string {
		t.Helper()
		code := f.noticed(f.hands[who], known...)
		o := f.read(f.hands[who], code)
		if o.body == nil || !slices.ContainsFunc(o.body.Answers, func(a ticket.Said) bool { return a.Step == "where" && slices.Equal(a.Values, []string{"distribution"}) }) {
			t.Error("the answer to the new question is not in the report")
		}
		return code
	}
	first := told("ana")
	if n := strings.Count(strings.Join(w.trace, " "), "where"); n != 1 {
		t.Errorf("the new question was asked %d times: %v", n, w.trace)
	}
	newer(1)
	w = f.walker(8_111_222_334, "en", reporter("It was the same man."))
	w.plan["where"] = "distribution"
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	told("ana", first)
	f.ended(2)
}
