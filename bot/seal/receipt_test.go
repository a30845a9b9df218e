package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"filippo.io/age"
	"golang.org/x/crypto/argon2"
)

const receipt = "4821773055169042"

// One stretching finds the mailbox of every month, and no other key directory finds any.
func TestReceiptOpensItsMailbox(t *testing.T) {
	h := newHouse(t)
	k := NewKiln()
	at := must(h.Stretch(t.Context(), k, receipt))
	peppers := h.Peppers()
	var months []KeyID
	seen := map[[16]byte]bool{}
	for _, p := range peppers {
		months = append(months, p.Month())
		box := at.Mailbox(p)
		seen[box.ID] = true
		answer := must(Message([]byte("answer"), []string{newPerson(t).Public()}, box.Public, rand.Reader))
		if _, err := OpenMessage(answer, box.Key); err != nil {
			t.Errorf("%s: %v", p.Month(), err)
		}
		if _, err := age.ParseX25519Identity(box.Key.Reveal()); err != nil {
			t.Error("age does not know the derived key")
		}
	}
	if len(seen) != len(peppers) || len(peppers) != 8 {
		t.Errorf("%d mailboxes for %d peppers", len(seen), len(peppers))
	}
	want := slices.Clone(months)
	slices.SortFunc(want, func(a, b KeyID) int { return strings.Compare(string(b)[:7], string(a)[:7]) })
	if months[0] != "2027-02-report" || string(months[7])[:7] != "2026-11" || !slices.IsSortedFunc(months, func(a, b KeyID) int { return strings.Compare(string(b)[:7], string(a)[:7]) }) {
		t.Errorf("order %v, want like %v", months, want)
	}

	box := at.Mailbox(must(h.Pepper("2026-11-report")))
	carried := must(CarriedPepper("2026-11-report", must(h.Pepper("2026-11-report")).Reveal()))
	if err := h.Forget("2026-11-report"); err != nil {
		t.Fatal(err)
	}
	if got := at.Mailbox(carried); got.ID != box.ID || got.Public != box.Public {
		t.Error("a carried pepper finds another mailbox")
	}
	if other := must(newHouse(t).Stretch(t.Context(), k, receipt)); other.Mailbox(carried).ID == box.ID {
		t.Error("the installation secret is not in it")
	}
	_, err := h.Pepper("standing-1")
	wantErr(t, err, ErrForgotten)
	_, err = CarriedPepper("standing-1", make([]byte, 32))
	wantErr(t, err, ErrMalformed)
}

func TestReceiptIsSixteenDigits(t *testing.T) {
	h, k := newHouse(t), NewKiln()
	for _, s := range []string{"", "482177305516904", receipt + "1", "4821 7730 5516 90", "٤٨٢١٧٧٣٠", "48217730551690 2", "482177305516904x"} {
		_, err := h.Stretch(t.Context(), k, s)
		if err == nil || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// Forty people at once: never more than two in the kiln, everybody served, in the order of coming.
func TestKilnTakesTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := NewKiln()
		var inside, most atomic.Int64
		var order []int
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				if err := k.fire(t.Context(), func() {
					most.Store(max(most.Load(), inside.Add(1)))
					mu.Lock()
					order = append(order, i)
					mu.Unlock()
					time.Sleep(300*time.Millisecond + time.Duration(i)*time.Microsecond)
					inside.Add(-1)
				}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // so that the order of coming is known
		}
		if k.Waiting() != 38 {
			t.Errorf("%d waiting", k.Waiting())
		}
		all.Wait()
		if most.Load() != 2 || len(order) != 40 || !slices.IsSorted(order) || k.Waiting() != 0 {
			t.Errorf("at most %d at once, order %v", most.Load(), order)
		}
	})
}

// Who gives up leaves the queue, and the place goes to the next.
func TestKilnLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := NewKiln()
		for range 2 {
			go func() { _ = k.fire(context.Background(), func() { time.Sleep(time.Minute) }) }()
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantErr(t, k.fire(ctx, func() { t.Error("worked for nobody") }), context.DeadlineExceeded)
		done := false
		if err := k.fire(t.Context(), func() { done = true }); err != nil || !done || k.Waiting() != 0 {
			t.Errorf("%v, %v", err, done)
		}
		wantErr(t, k.fire(ctx, func() { t.Error("began after the end") }), context.DeadlineExceeded)
		synctest.Wait()
	})
}

// The promise of twice 64 MiB, measured: the heap of a crowd never holds a third run, not even as garbage.
func TestKilnKeepsItsMemory(t *testing.T) {
	h, k := newHouse(t), NewKiln()
	runtime.GC()
	heap := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	before, most := heap(), uint64(0)
	stop := make(chan struct{})
	var watch, all sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				most = max(most, heap())
			}
		}
	})
	for range 5 {
		all.Go(func() { must(h.Stretch(context.Background(), k, receipt)) })
	}
	all.Wait()
	close(stop)
	watch.Wait()
	const mib = 1 << 20
	if most > before+(2*64+8)*mib {
		t.Errorf("the heap grew by %d MiB", (most-before)/mib)
	}
	if most < before+60*mib {
		t.Errorf("the heap grew by %d MiB only: was it stretched at all?", (most-before)/mib)
	}
}

func TestStretchDependsOnEverything(t *testing.T) {
	a := stretch(receipt, &[32]byte{1}, protocolHeat)
	if bytes.Equal(a.x()[:], stretch("4821773055169043", &[32]byte{1}, protocolHeat).x()[:]) || bytes.Equal(a.x()[:], stretch(receipt, &[32]byte{2}, protocolHeat).x()[:]) {
		t.Error("two receipts stretch alike")
	}
}

// Whatever tests may do, a receipt costs what the protocol says: three passes over 64 MiB in one thread.
func TestKilnHasTheHeatOfTheProtocol(t *testing.T) {
	h := newHouse(t)
	want := argon2.IDKey([]byte(receipt), h.installation[:], 3, 64*1024, 1, 32)
	if got := must(h.Stretch(t.Context(), NewKiln(), receipt)); !bytes.Equal(got.x()[:], want) {
		t.Error("a receipt is stretched in another way than the protocol says")
	}
	if got := must(h.Stretch(t.Context(), QuickKiln(), receipt)); bytes.Equal(got.x()[:], want) {
		t.Error("the quick kiln has the heat of the other")
	}
}
