//go:build etcd

package main

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// gate keeps what the first machine that comes to it sends to staff, and lets the others through.
type gate struct {
	mu    sync.Mutex
	kept  *ear
	tries int           // how often that machine has tried to send
	came  chan struct{} // closed at the first try
	opens chan struct{} // closed when it keeps nothing any more, and breaks off what it keeps
}

// passes says whether a message to staff goes on. One that is kept never does.
func (e *ear) passes(r *http.Request) bool {
	e.mu.Lock()
	g := e.gate
	e.mu.Unlock()
	if g == nil {
		return true
	}
	g.mu.Lock()
	if g.kept == nil {
		g.kept = e
		close(g.came)
	}
	kept := g.kept == e
	if kept {
		g.tries++
	}
	g.mu.Unlock()
	if !kept {
		return true
	}
	_, _ = io.Copy(io.Discard, r.Body) // only then is it seen that whoever sent it is gone
	select {
	case <-g.opens:
	case <-r.Context().Done():
	}
	return false
}

// gated puts a gate before all machines.
func (f *fleet) gated() *gate {
	g := &gate{came: make(chan struct{}), opens: make(chan struct{})}
	f.gateAll(g)
	return g
}

func (f *fleet) gateAll(g *gate) {
	for _, m := range f.machines {
		m.ear.mu.Lock()
		m.ear.gate = g
		m.ear.mu.Unlock()
	}
}

// mostCarried is how long it may take until another machine has carried what one had in its hands.
const mostCarried = 20 * time.Second

// TestInTheHandsOfAMachine stops a machine in the midst of sending notices, once for a while and once with kill -9. The other
// one sends them within seconds. The one that was paused sends none of them when it goes on, and everybody is told once.
func TestInTheHandsOfAMachine(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, trialOptions{}, nil)
	f.serveAll()
	f.enrol()
	f.quiet()
	ana := f.hands["ana"]
	var known []string
	for n, what := range []string{"paused", "killed"} {
		g := f.gated()
		w := f.walker(8_111_222_333+int64(n), "en", reporter("He wanted something for the card."))
		if _, err := w.report(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-g.came:
		case <-time.After(patience):
			t.Fatal("no machine sends a notice")
		}
		g.mu.Lock()
		m := f.machines[0]
		if g.kept == f.machines[1].ear {
			m = f.machines[1]
		}
		g.mu.Unlock()
		begun := time.Now()
		if what == "paused" {
			_ = m.served.cmd.Process.Signal(syscall.SIGSTOP)
		} else {
			m.kill()
		}
		code := f.noticed(ana, known...)
		known = append(known, code)
		took := time.Since(begun)
		t.Logf("carried %v after the machine that had it in its hands was %s", took.Round(10*time.Millisecond), what)
		if took > mostCarried {
			t.Errorf("that is too long")
		}
		time.Sleep(time.Second) // whoever else is to be told is told
		g.mu.Lock()
		tries := g.tries
		g.mu.Unlock()
		if what == "paused" {
			_ = m.served.cmd.Process.Signal(syscall.SIGCONT)
			time.Sleep(500 * time.Millisecond)
		}
		close(g.opens)
		if what == "paused" {
			time.Sleep(3 * time.Second)
			g.mu.Lock()
			if g.tries != tries {
				t.Errorf("the machine that was paused sent %d times more what another one had taken", g.tries-tries)
			}
			g.mu.Unlock()
			f.gateAll(nil)
		} else {
			f.gateAll(nil)
			m.serve()
		}
		told := 0
		for _, h := range f.hands {
			switch n := strings.Count(toldAll(h), code); {
			case n > 1:
				t.Errorf("%s was told %d times", h.id, n)
			case n == 1:
				told++
			}
		}
		if told < 2 {
			t.Errorf("%d were told", told)
		}
	}
	f.ended(2)
}
