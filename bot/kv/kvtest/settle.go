package kvtest

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/kv"
)

func testSettled(t *testing.T, open Open) {
	st := begin(t, open)
	id, other := kv.ID{1}, kv.ID{2}
	settled := func(id kv.ID, want bool) {
		t.Helper()
		if got, err := st.Settled(t.Context(), id); got != want || err != nil {
			t.Errorf("settled: %v, %v, want %v", got, err, want)
		}
	}
	settled(id, false)
	settled(kv.ID{}, false)
	write := func(value string) func(kv.Tx) error {
		return func(tx kv.Tx) error { return tx.Put([]byte("a"), []byte(value)) }
	}
	for i := range 3 {
		if err := st.Update(t.Context(), id, write(strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	if v, _ := st.get("a"); v != "0" {
		t.Errorf("the same update was applied again: %q", v)
	}
	settled(id, true)
	settled(other, false)
	// The zero id names nothing: each is an update of its own.
	for range 2 {
		st.put("a", "3")
		st.put("a", "4")
	}
	if v, _ := st.get("a"); v != "4" {
		t.Errorf("an update without id was taken for one before: %q", v)
	}
	settled(kv.ID{}, false)
	// An update that writes nothing has an outcome too.
	if err := st.Update(t.Context(), other, func(kv.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	settled(other, true)
}

// testSettledOnce sends the same update from many sides at once.
func testSettledOnce(t *testing.T, open Open) {
	st := begin(t, open)
	for round := range 5 {
		id := kv.ID{byte(round + 1)}
		atOnce(12, func(int) {
			err := st.Update(t.Context(), id, func(tx kv.Tx) error {
				v, _, err := tx.Get([]byte("n"))
				if err != nil {
					return err
				}
				n, _ := strconv.Atoi(string(v))
				return tx.Put([]byte("n"), strconv.AppendInt(nil, int64(n+1), 10))
			})
			if err != nil {
				t.Error(err)
			}
			if settled, err := st.Settled(t.Context(), id); !settled || err != nil {
				t.Errorf("right after the update: settled %v, %v", settled, err)
			}
		})
	}
	if v, _ := st.get("n"); v != "5" {
		t.Errorf("5 updates were applied %s times", v)
	}
}

func testForget(t *testing.T, open Open) {
	var hours atomic.Int64
	start := time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)
	st := simple{t, open(t, func() time.Time { return start.Add(time.Duration(hours.Load()) * time.Hour) })}
	const days, each = 4, 3
	id := func(day, i int) kv.ID { return kv.ID{byte(day + 1), byte(i)} }
	for day := range days {
		for i := range each {
			hours.Store(int64(day*24 + i*10)) // 01:00, 11:00, 21:00
			if err := st.Update(t.Context(), id(day, i), func(tx kv.Tx) error { return tx.Put([]byte("kept"), nil) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	today := kv.DayOf(start)
	for _, step := range []struct {
		before kv.Day
		want   int
	}{{today, 0}, {today + 2, 2 * each}, {today + 2, 0}, {today + 3, each}} {
		if n, err := st.Forget(t.Context(), step.before); n != step.want || err != nil {
			t.Errorf("forgetting before day %d: %d, %v, want %d", step.before-today, n, err, step.want)
		}
	}
	for day := range days {
		for i := range each {
			if settled, err := st.Settled(t.Context(), id(day, i)); settled != (day == 3) || err != nil {
				t.Errorf("day %d: settled %v, %v", day, settled, err)
			}
		}
	}
	if _, found := st.get("kept"); !found {
		t.Error("forgetting a record took what the update had written")
	}
}
