//go:build etcd

package main

import (
	"flag"
	"strings"
	"sync"
	"testing"
	"time"
)

var wrongClock = flag.Duration("wrong-clock", 45*time.Second, "by how much the clock of one of two machines is ahead in TestWrongClock; behind if negative")

// TestWrongClock lets one of two machines have a clock that is wrong, by less than the program promises to bear. People are
// heard by both in turn, in one conversation: nothing is lost, nothing doubled, nobody is somebody else for it, and the check
// on that machine names the clock.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, trialOptions{}, nil)
	wrong := f.machines[1]
	wrong.env = append(wrong.env, clockMark+"="+wrongClock.String())
	f.serveAll()
	f.enrol()
	var took []time.Duration
	for n, step := range []string{"story", "check"} {
		w := f.walker(8_111_222_333+int64(n), "en", reporter("He wanted something for the card."))
		var once sync.Once
		w.about = func(now string) {
			if now != step {
				return
			}
			once.Do(func() {
				h := f.hearer()
				h.kill()
				begun := time.Now()
				took = append(took, f.heardAfter(begun).Sub(begun))
				h.serve()
			})
		}
		if _, err := w.report(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.copies(); n != 1 || w.lost > 0 {
			t.Errorf("the receipt was shown %d times, and somebody had to write again %d times: %v", n, w.lost, w.trace)
		}
	}
	t.Logf("another machine heard %v after the one that did was killed", took)
	for n, m := range f.machines {
		_, out, _ := m.try("check", "-config", m.config())
		if says := strings.Contains(out, "differs from this machine's by "+wrongClock.Abs().String()); says != (n == 1) {
			t.Errorf("machine %d, whose clock is wrong: %v, says %s", n, n == 1, out)
		}
	}
	f.one()
	f.ended(2)
}
