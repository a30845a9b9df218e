package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"amana/bot/kv"
)

// Walker is an engine whose database can be copied.
type Walker interface {
	Engine
	Walk(ctx context.Context, fn func(kv.Pair) error) error
}

// Filled gives an engine that was filled with a walk, and sees to it that it is closed at the end.
type Filled func(t *testing.T, now func() time.Time, from kv.Walk) (Walker, error)

// sumOfWalk is the digest of what Walks writes, the same on every engine.
const sumOfWalk = "2eb0dbc097b9baa38339c5812e4a6fa50ca8d325d01578304eda6c9f98a3600b"

// Walks holds an engine to what it must give to another one, and take from it.
func Walks(t *testing.T, open Open, filled Filled) {
	day := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	now := func() time.Time { return day }
	st, is := open(t, now).(Walker)
	if !is {
		t.Fatal("the engine cannot be walked")
	}
	if sum, err := kv.Digest(t.Context(), st.Walk); err != nil || sum.Pairs+sum.Settled != 0 {
		t.Errorf("an empty one gives %d pairs and %d records: %v", sum.Pairs, sum.Settled, err)
	}
	const updates, each = 60, 40
	for u := range updates {
		err := st.Update(t.Context(), kv.ID{byte(u + 1), 9}, func(tx kv.Tx) error {
			for i := range each {
				// Long and short, with every byte in them, empty values among them; more than one page of a walk.
				key := append([]byte{byte(1 + (u*each+i)%255)}, bytes.Repeat([]byte{byte(i)}, u*4)...)
				if err := tx.Put(append(key, byte(u), byte(i)), bytes.Repeat([]byte{byte(u), byte(i)}, i*20)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := kv.Digest(t.Context(), st.Walk)
	if err != nil || want.Pairs != updates*each || want.Settled != updates {
		t.Fatalf("%d pairs and %d records, of %d and %d: %v", want.Pairs, want.Settled, updates*each, updates, err)
	}
	if want.String() != sumOfWalk {
		t.Errorf("the digest is %s, and %s on other engines", want, sumOfWalk)
	}
	other, err := filled(t, now, st.Walk)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := kv.Digest(t.Context(), other.Walk); err != nil || got != want {
		t.Errorf("the copy holds %d pairs, %d records, digest %s: %v", got.Pairs, got.Settled, got, err)
	}
	// An update that is asked for again after the move does nothing.
	err = other.Update(t.Context(), kv.ID{7, 9}, func(tx kv.Tx) error { return tx.Put([]byte("doubled"), nil) })
	if err != nil {
		t.Error(err)
	}
	simple{t, other}.absent("doubled")
	testWalkStops(t, st, now, filled)
}

// testWalkStops ends walks early, and gives copies what they must not take.
func testWalkStops(t *testing.T, st Walker, now func() time.Time, filled Filled) {
	enough := errors.New("enough")
	n := 0
	err := st.Walk(t.Context(), func(kv.Pair) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 3 {
		t.Errorf("a walk that was ended went on for %d pairs: %v", n, err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := st.Walk(gone, func(kv.Pair) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a walk without time: %v", err)
	}
	record := kv.SettleKey(kv.ID{1})
	for name, pairs := range map[string][]kv.Pair{
		"out of order":         {{Key: []byte("b")}, {Key: []byte("a")}},
		"twice":                {{Key: []byte("b")}, {Key: []byte("b")}},
		"an engine's own key":  {{Key: []byte{kv.Reserved, 0, 'v'}, Value: []byte{2}}},
		"a short record":       {{Key: record[:9], Value: kv.SettleValue(1)}},
		"a record without day": {{Key: record}},
		"an empty key":         {{}},
		"a long key":           {{Key: bytes.Repeat([]byte{1}, kv.MaxKey+1)}},
		"a long value":         {{Key: []byte("a"), Value: make([]byte, kv.MaxValue+1)}},
	} {
		_, err := filled(t, now, func(_ context.Context, fn func(kv.Pair) error) error {
			for _, p := range pairs {
				if err := fn(p); err != nil {
					return fmt.Errorf("walking: %w", err)
				}
			}
			return nil
		})
		if !errors.Is(err, kv.ErrCorrupt) && !errors.Is(err, kv.ErrLimit) {
			t.Errorf("a copy took what was %s: %v", name, err)
		}
	}
}
