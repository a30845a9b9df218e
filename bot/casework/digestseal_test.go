package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Where a mission is told by digests no notice asks anybody to seal a report again; their inbox does, until it is done, and
// nobody is asked who cannot help, or who may not know of the report.
func TestSealingIsAskedUnderDigests(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Digest = casework.Digest{Times: []time.Duration{8 * time.Hour}} })
	_, code := m.chat(1).files("area", "block_a")
	_, hidden := m.chat(2).files("involved", "yes", "involved_org", "relief", "involved_role", "focal_point")
	asked := func(person string) (codes []string) {
		t.Helper()
		lines, err := m.registry.Inbox(t.Context(), person)
		ok(t, err)
		for _, l := range lines {
			if l.Seal {
				codes = append(codes, l.Code)
			}
		}
		return codes
	}
	if got := asked("ana"); got != nil {
		t.Fatalf("asked for nothing: %q", got)
	}
	m.sign([]ticket.Entry{m.entry("bea", "health", ticket.FocalPoint)}) // a new key
	m.wait(time.Hour)
	m.tick()
	for _, n := range m.carried() {
		if n.Event != casework.EventDigest {
			t.Errorf("a notice says %q", n.Event)
		}
	}
	if ana, bea := asked("ana"), asked("bea"); !slices.Equal(ana, []string{code}) || bea != nil {
		t.Errorf("ana is asked for %q, bea for %q; %s is not for ana", ana, bea, hidden)
	}
	m.grantsBy("ana", code)
	if got := asked("ana"); got != nil {
		t.Errorf("after it was done: %q", got)
	}
	m.whole()
}

// A program that ends before any update of laying out digests goes on where it stopped: everybody gets one, and nobody two,
// though they are laid out in several parts.
func TestDigestsAreCutOff(t *testing.T) {
	for at := int64(0); ; at++ {
		m := newMission(t, func(o *casework.Options) { o.Digest = casework.Digest{Times: []time.Duration{12 * time.Hour}} })
		var more []ticket.Entry
		for n := range 90 {
			more = append(more, m.entry("more"+string(rune('a'+n/26))+string(rune('a'+n%26)), "green", ticket.FocalPoint))
		}
		m.sign(more)
		m.tick() // the mission begins with them: the one of today is still to come
		breaks := &cut{engine: m.engine}
		breaks.left.Store(-1)
		m.engine = breaks
		m.open()
		m.wait(2*time.Hour - 5*time.Minute) // they are laid out before their time
		breaks.left.Store(at)
		_, err := m.registry.Tick(t.Context())
		breaks.left.Store(-1)
		m.open() // the next start
		m.tick()
		m.tick()
		got, waiting := map[string]int{}, 0
		ok(t, m.store.View(t.Context(), func(r *store.Read) error {
			all, err := r.Notices(time.Time{}, 10_000)
			for _, n := range all {
				if n.Event == casework.EventDigest {
					got[n.Reader]++
					waiting++
				}
			}
			return err
		}))
		if want := 94; len(got) != want || waiting != want {
			t.Fatalf("cut before update %d: %d notices for %d of %d people", at, waiting, len(got), want)
		}
		if err == nil {
			if at < 3 {
				t.Errorf("laid out with %d updates: they come in no parts", at)
			}
			return
		}
		if !strings.Contains(err.Error(), errCut.Error()) {
			t.Fatal(err)
		}
	}
}
