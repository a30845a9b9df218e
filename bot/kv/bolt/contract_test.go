package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/kv/kvtest"
)

func open(t *testing.T, now func() time.Time) kvtest.Engine {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	st, err := bolt.Open(path, bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func TestContract(t *testing.T) { kvtest.Run(t, open) }

// TestContractUnlisted is the same on a file without a free list.
func TestContractUnlisted(t *testing.T) {
	kvtest.Run(t, func(t *testing.T, now func() time.Time) kvtest.Engine {
		st := open(t, now)
		if err := st.(*bolt.Store).Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		return st
	})
}

// TestModel closes and opens the file between the updates of the model, and checks it each time.
func TestModel(t *testing.T) {
	st, path := fresh(t)
	kvtest.Model(t, st, func(st kvtest.Engine) kvtest.Engine {
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		again := reopen(t, path)
		if err := again.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		return again
	})
}

// TestElector: who holds the file holds every office.
func TestElector(t *testing.T) {
	st, _ := fresh(t)
	for range 2 {
		term, err := kv.Elector(st).Campaign(t.Context(), "hear")
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Update(term.Bind(t.Context()), kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) }); err != nil {
			t.Error(err)
		}
	}
}
