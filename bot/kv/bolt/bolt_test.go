package bolt_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// fresh gives a new database, closed at the end of the test.
func fresh(t testing.TB) (*bolt.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	return reopen(t, path), path
}

func reopen(t testing.TB, path string) *bolt.Store {
	t.Helper()
	st, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func put(ctx context.Context, st kv.Store, key, value string) error {
	return st.Update(ctx, kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte(key), []byte(value)) })
}

func get(ctx context.Context, st kv.Store, key string) (value string, found bool, err error) {
	err = st.View(ctx, func(r kv.Reader) error {
		v, ok, err := r.Get([]byte(key))
		value, found = string(v), ok
		return err
	})
	return value, found, err
}

func TestKeepsOverReopening(t *testing.T) {
	st, path := fresh(t)
	if err := put(t.Context(), st, "k", "v"); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	st = reopen(t, path)
	if v, ok, err := get(t.Context(), st, "k"); v != "v" || !ok || err != nil {
		t.Errorf("after reopening: %q, %v, %v", v, ok, err)
	}
	if st.Checked() {
		t.Error("a clean stop made the next start check the whole file")
	}
	if err := st.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestViewDoesNotBlock lets the file grow far beyond what a map usually starts with while a View is open. It must not
// have to map again, which would wait for the View, and the View must see what it saw.
func TestViewDoesNotBlock(t *testing.T) {
	st, _ := fresh(t)
	if err := put(t.Context(), st, "k", "before"); err != nil {
		t.Fatal(err)
	}
	err := st.View(t.Context(), func(r kv.Reader) error {
		written := make(chan error)
		go func() {
			written <- st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("k"), []byte("after")) })
			for i := range 12 {
				written <- st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
					for j := range 10 {
						if err := tx.Put([]byte{'v', byte(i), byte(j)}, make([]byte, 60_000)); err != nil {
							return err
						}
					}
					return nil
				})
			}
		}()
		for range 13 {
			select {
			case err := <-written:
				if err != nil {
					return err
				}
			case <-time.After(time.Minute):
				t.Fatal("an update waits for the view")
			}
		}
		if v, _, err := r.Get([]byte("k")); string(v) != "before" || err != nil {
			t.Errorf("the snapshot changed: %q, %v", v, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if v, _, err := get(t.Context(), st, "k"); v != "after" || err != nil {
		t.Errorf("afterwards: %q, %v", v, err)
	}
}
