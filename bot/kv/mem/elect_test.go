package mem_test

import (
	"errors"
	"testing"

	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/kv/mem"
)

func TestElector(t *testing.T) {
	kvtest.RunElector(t, func(t *testing.T, n int) kvtest.Mission {
		first := mem.New(nil)
		m := kvtest.Mission{Asking: first.Asking, Depose: first.Depose}
		for i := range n {
			st := first
			if i > 0 {
				st = first.Join(nil)
			}
			t.Cleanup(func() { st.Close() })
			m.Processes = append(m.Processes, st)
		}
		return m
	})
}

// TestElsewhere: a term of another memory is worth nothing here.
func TestElsewhere(t *testing.T) {
	here, there := mem.New(nil), mem.New(nil)
	term, err := there.Campaign(t.Context(), "hear")
	if err != nil {
		t.Fatal(err)
	}
	err = here.Update(term.Bind(t.Context()), kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) })
	if !errors.Is(err, kv.ErrDeposed) {
		t.Errorf("an update under a term of elsewhere: %v", err)
	}
}

// TestJoin: processes see one memory, and close one by one.
func TestJoin(t *testing.T) {
	first := mem.New(nil)
	second := first.Join(nil)
	if err := first.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
	}
	err := second.View(t.Context(), func(r kv.Reader) error {
		if _, found, err := r.Get([]byte("k")); !found || err != nil {
			t.Errorf("what another process wrote: %v, %v", found, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := first.View(t.Context(), func(kv.Reader) error { return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("a view of a process that is closed: %v", err)
	}
}
