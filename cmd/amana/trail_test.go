package main

import (
	"context"
	"encoding/binary"
	"path/filepath"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/telegram"
)

// TestTrailGivesEverythingThatIsDueAPageAtATime walks the shelf as the sweep of a door does, past a chat that cannot be
// wiped, and leaves young messages alone.
func TestTrailGivesEverythingThatIsDueAPageAtATime(t *testing.T) {
	t.Parallel()
	const chats = 500
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	keys, err := seal.CreateHouse(filepath.Join(t.TempDir(), "keys"), now, dice(72))
	if err != nil {
		t.Fatal(err)
	}
	roots, err := seal.OpenRoots(filepath.Join(t.TempDir(), "run"), now, dice(73))
	if err != nil {
		t.Fatal(err)
	}
	tr := trail{store: store.New(mem.New(clock), keys, roots), now: clock}
	ctx := context.Background()
	note := func(n int, at time.Time) {
		var p bot.Person
		binary.BigEndian.PutUint32(p[:], uint32(n+1))
		if err := tr.Note(ctx, telegram.Trace{Person: p, Address: "telegram:1", IDs: []int64{int64(n)}, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	for n := range chats {
		note(n, now.Add(-47*time.Hour-time.Duration(n)*time.Second))
	}
	note(chats, now.Add(-45*time.Hour))

	due := func(limit int) []telegram.Trace {
		traces, err := tr.Due(ctx, now.Add(-46*time.Hour), limit)
		if err != nil || len(traces) > limit {
			t.Fatalf("%d of at most %d traces, %v", len(traces), limit, err)
		}
		return traces
	}
	for gone := 0; gone < chats-1; {
		page := due(51)
		if len(page) < min(51, chats-gone) {
			t.Fatalf("%d traces, and %d are due", len(page), chats-gone)
		}
		for _, one := range page[1:] {
			if err := tr.Forget(ctx, one); err != nil {
				t.Fatal(err)
			}
			gone++
		}
	}
	if left := due(51); len(left) != 1 {
		t.Errorf("%d traces are left of the one that was passed over", len(left))
	}
}
