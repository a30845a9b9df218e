package mem_test

import (
	"errors"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/kv/mem"
)

func open(t *testing.T, now func() time.Time) kvtest.Engine {
	st := mem.New(now)
	t.Cleanup(func() { st.Close() })
	return st
}

func TestContract(t *testing.T) { kvtest.Run(t, open) }

func TestModel(t *testing.T) { kvtest.Model(t, open(t, nil), nil) }

// TestImpure writes closures as they must not be: each does something else when it is run a second time.
func TestImpure(t *testing.T) {
	st := open(t, nil)
	n := 0
	for name, fn := range map[string]func(kv.Tx) error{
		"another value": func(tx kv.Tx) error {
			n++
			return tx.Put([]byte("a"), []byte{byte(n)})
		},
		"another key": func(tx kv.Tx) error {
			n++
			return tx.Put([]byte{1, byte(n)}, nil)
		},
		"one write more": func(tx kv.Tx) error {
			if n++; n%2 == 0 {
				tx.Put([]byte("b"), nil)
			}
			return tx.Put([]byte("a"), nil)
		},
		"delete for put": func(tx kv.Tx) error {
			if n++; n%2 == 0 {
				return tx.Delete([]byte("a"))
			}
			return tx.Put([]byte("a"), nil)
		},
		"fails once": func(tx kv.Tx) error {
			if n++; n%2 == 0 {
				return errors.New("now and then")
			}
			return nil
		},
	} {
		n = 0
		if err := st.Update(t.Context(), kv.ID{1}, fn); !errors.Is(err, kv.ErrImpure) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := st.View(t.Context(), func(r kv.Reader) error {
		if pairs, _ := r.Scan(nil, nil, 10); len(pairs) != 0 {
			t.Errorf("an impure closure wrote %d pairs", len(pairs))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFlaky(t *testing.T) {
	st := &kvtest.Flaky{Engine: open(t, nil)}
	n := 0
	write := func(id kv.ID) error {
		n++
		return st.Update(t.Context(), id, func(tx kv.Tx) error { return tx.Put([]byte{'k', id[0]}, nil) })
	}
	st.Fail(kvtest.Fine, kvtest.Full, kvtest.LostBefore, kvtest.LostAfter)
	for i, want := range []struct {
		err     error
		settled bool
	}{{nil, true}, {kv.ErrFull, false}, {kv.ErrUnknown, false}, {kv.ErrUnknown, true}, {nil, true}} {
		id := kv.ID{byte(i + 1)}
		if err := write(id); !errors.Is(err, want.err) {
			t.Errorf("update %d: %v, want %v", i, err, want.err)
		}
		if settled, err := st.Settled(t.Context(), id); settled != want.settled || err != nil {
			t.Errorf("update %d: settled %v, %v", i, settled, err)
		}
	}
}

func TestWalks(t *testing.T) {
	kvtest.Walks(t, open, func(t *testing.T, now func() time.Time, from kv.Walk) (kvtest.Walker, error) {
		st := mem.New(now)
		return st, st.Load(t.Context(), from)
	})
}
