package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// A file of the first layout, with all pairs in a bucket, is served as it is; its copy has the present layout and the same
// pairs. Pairs whose keys look like that bucket are pairs in both.
func TestFirstLayout(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	os.Mkdir(dir, 0o700)
	path, copied, restored := filepath.Join(dir, "first"), filepath.Join(dir, "copied"), filepath.Join(dir, "restored")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("amana"))
		if err != nil {
			return err
		}
		for n := range 5000 {
			err = errors.Join(err, b.Put(fmt.Appendf(nil, "old/%04d", n), make([]byte, 100)))
		}
		return errors.Join(err, b.Put([]byte{0, 0, 'v'}, []byte{1}))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	atRoot := func(path string) (pairs int) {
		t.Helper()
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(func(tx *bbolt.Tx) error {
			for err := range tx.Check() {
				t.Errorf("bbolt finds damage: %v", err)
			}
			c := tx.Cursor()
			for k, v := c.First(); k != nil; k, v = c.Next() {
				if v != nil {
					pairs++
				}
			}
			return nil
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return pairs
	}
	use := func(path, key string) (pairs int) {
		t.Helper()
		st, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(
			st.Update(t.Context(), kv.ID{byte(len(key))}, func(tx kv.Tx) error {
				return errors.Join(tx.Put([]byte(key), []byte("new")), tx.Delete([]byte("old/0007")))
			}),
			st.Check(t.Context()),
			st.View(t.Context(), func(r kv.Reader) error {
				var from []byte
				for {
					page, err := r.Scan(from, nil, kv.MaxScan)
					if pairs += len(page); err != nil || len(page) < kv.MaxScan {
						return err
					}
					from = kv.After(page[len(page)-1].Key)
				}
			}),
		)
		if key == "amana" {
			err = errors.Join(err, st.Compact(t.Context(), copied))
		}
		if err := errors.Join(err, st.Close()); err != nil {
			t.Fatal(err)
		}
		return pairs
	}
	if n := use(path, "amana"); n != 5000 {
		t.Errorf("%d pairs in the first layout", n)
	}
	if atRoot(path) != 0 {
		t.Error("a file of the first layout holds pairs at its root")
	}
	if err := bolt.Restore(t.Context(), copied, restored); err != nil {
		t.Fatal(err)
	}
	if n := use(restored, "another"); n != 5001 {
		t.Errorf("%d pairs in the copy", n)
	}
	if n := atRoot(restored); n != 5001+3 { // the version, and the records of the two updates
		t.Errorf("%d pairs at the root of the copy", n)
	}
}
