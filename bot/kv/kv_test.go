package kv_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"amana/bot/kv"
)

// TestPrefix draws keys and prefixes: a key lies within the bounds if it begins with the prefix, and else does not.
func TestPrefix(t *testing.T) {
	bytesOf := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 0xfe, 0xff}), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		prefix, key := bytesOf.Draw(t, "prefix"), bytesOf.Draw(t, "key")
		if rapid.Bool().Draw(t, "related") {
			key = append(bytes.Clone(prefix), key...)
		}
		from, to := kv.Prefix(prefix)
		within := bytes.Compare(key, from) >= 0 && (to == nil || bytes.Compare(key, to) < 0)
		if within != bytes.HasPrefix(key, prefix) {
			t.Errorf("prefix %x, key %x: within %v", prefix, key, within)
		}
		if next := kv.After(key); bytes.Compare(next, key) <= 0 || bytes.Compare(next, append(bytes.Clone(key), 1)) >= 0 {
			t.Errorf("after %x comes %x", key, next)
		}
	})
}

func TestDay(t *testing.T) {
	east := time.FixedZone("east", 14*60*60)
	for _, c := range []struct {
		at   time.Time
		want kv.Day
	}{
		{time.Unix(0, 0), 0},
		{time.Unix(-1, 0), -1},
		{time.Unix(86399, 999), 0},
		{time.Unix(86400, 0), 1},
		{time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), 20780},
		{time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC), 20780},
		{time.Date(2026, 11, 24, 1, 0, 0, 0, east), 20780}, // still the day before in UTC
	} {
		if got := kv.DayOf(c.at); got != c.want {
			t.Errorf("day of %v: %d, want %d", c.at, got, c.want)
		}
		if back, err := kv.SettleDay(kv.SettleValue(c.want)); back != c.want || err != nil {
			t.Errorf("day %d read back: %d, %v", c.want, back, err)
		}
	}
	if _, err := kv.SettleDay([]byte{1, 2, 3}); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("a record of three bytes: %v", err)
	}
}

func TestSettleKeysLieInTheirRange(t *testing.T) {
	from, to := kv.SettleRange()
	for _, id := range []kv.ID{{}, {1}, {0xff, 0xff}} {
		if key := kv.SettleKey(id); bytes.Compare(key, from) < 0 || bytes.Compare(key, to) >= 0 || key[0] != kv.Reserved {
			t.Errorf("record of %x lies elsewhere", id)
		}
	}
}

var errBase = errors.New("the network is down")

// broken is an engine whose reads fail.
type broken struct{}

func (broken) Get([]byte) ([]byte, bool, error)            { return nil, false, errBase }
func (broken) Scan([]byte, []byte, int) ([]kv.Pair, error) { return nil, errBase }

// TestErrorsStick looks away from an error of the engine: what was decided on it must not be committed.
func TestErrorsStick(t *testing.T) {
	for name, use := range map[string]func(kv.Reader){
		"get":  func(r kv.Reader) { r.Get([]byte("a")) },
		"scan": func(r kv.Reader) { r.Scan(nil, nil, 1) },
	} {
		buffer, guard := kv.NewBuffer(broken{}), kv.NewGuard(broken{})
		use(buffer)
		use(guard)
		buffer.Put([]byte("b"), nil)
		if err := buffer.End(); !errors.Is(err, errBase) {
			t.Errorf("%s in an update: %v", name, err)
		}
		if err := guard.End(); !errors.Is(err, errBase) {
			t.Errorf("%s in a view: %v", name, err)
		}
	}
}
