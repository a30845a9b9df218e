//go:build etcd

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// tales are the first story in two languages.
func tales() []tale {
	return []tale{
		{lang: "en", told: "He wanted something for the card, at the gate.", answer: "We believe you. Nobody will be asked for your name.", more: "It was on the second day."},
		{lang: "ar", told: "طلب مني شيئا مقابل البطاقة عند البوابة", answer: "نحن نصدق ما كُتب. لن يُسأل أحد عن اسمك.", more: "كان ذلك في اليوم الثاني"},
	}
}

// mostTakeOver is far more than another machine takes to hear in the place of one that was killed. What it took is printed.
const mostTakeOver = 30 * time.Second

// TestServeTogether walks through the first story in two languages while two machines serve, then three. Whichever of them
// asks Telegram is killed in the midst of what is told, and again while it is being sent: another one goes on where the
// conversation was, and nothing is doubled.
func TestServeTogether(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 3, trialOptions{}, nil)
	f.machines[0].serve()
	f.machines[1].serve()
	f.enrol()
	var took []time.Duration
	for n, s := range tales() {
		if n == 1 {
			f.machines[2].serve()
		}
		at := map[string]*sync.Once{"story": new(sync.Once), "check": new(sync.Once)}
		s.trial = f.trial
		s.tell(8_111_222_333+int64(n), func(step string) {
			once := at[step]
			if once == nil {
				return
			}
			once.Do(func() {
				h := f.hearer()
				h.kill()
				begun := time.Now()
				next := f.heardAfter(begun)
				took = append(took, next.Sub(begun))
				h.serve()
			})
		})
	}
	t.Logf("another machine heard %v after the one that did was killed", took)
	if slices.Max(took) > mostTakeOver {
		t.Errorf("it took %v", slices.Max(took))
	}
	f.one()
	f.ended(2)
}

// heardAfter waits until any machine asks for updates after a moment, and gives when.
func (f *fleet) heardAfter(at time.Time) time.Time {
	f.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		for _, m := range f.machines {
			if first, ok := m.ear.after(at); ok {
				return first
			}
		}
	}
	f.Fatal("no machine asks for updates")
	return time.Time{}
}

// one says that at no time two machines asked at once.
func (f *fleet) one() {
	f.Helper()
	for n, m := range f.machines {
		if m.ear.both > 0 {
			f.Errorf("machine %d asked for updates %d times while another one did", n, m.ear.both)
		}
	}
}

// ended waits until everything was carried and said, stops all machines, and holds what is in the cluster against what should
// be there.
func (f *fleet) ended(want int) {
	f.Helper()
	f.quiet()
	f.stopAll()
	h := f.house()
	n := 0
	err := h.store.View(f.Context(), func(rd *store.Read) error {
		return rd.Reports(func(store.Ref, ticket.Report) error { n++; return nil })
	})
	if err != nil || n != want {
		f.Errorf("%d reports, want %d: %v", n, want, err)
	}
	(&killing{trial: f.trial}).rest(h)
	if err := f.sound(h); err != nil {
		f.Error(err)
	}
	if err := h.Close(); err != nil {
		f.Error(err)
	}
}

// sound looks whether the shelves hold together, and into the logs.
func (f *fleet) sound(h *house) error {
	problems, err := h.registry.Verify(f.Context())
	for _, p := range problems {
		err = errors.Join(err, errors.New(p))
	}
	for n, m := range f.machines {
		if log := m.log(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic:") {
			err = errors.Join(err, fmt.Errorf("the log of machine %d holds a race or a panic", n))
		}
	}
	return err
}
