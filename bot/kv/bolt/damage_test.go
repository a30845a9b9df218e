package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// grown gives a closed database with a tree of some depth, values over several pages, and free pages, and how long it
// really is: the file itself ends in a hole.
func grown(t *testing.T) (path string, size int) {
	t.Helper()
	st, path := fresh(t)
	for i := range 12 {
		err := st.Update(t.Context(), kv.ID{1, byte(i)}, func(tx kv.Tx) error {
			for j := range 40 {
				if err := tx.Put(fmt.Appendf(nil, "key/%d/%d", j, i), bytes.Repeat([]byte{'v'}, j*j*j%700)); err != nil {
					return err
				}
			}
			if err := tx.Delete(fmt.Appendf(nil, "key/%d/%d", i, i-1)); err != nil {
				return err
			}
			return tx.Put(fmt.Appendf(nil, "large/%d", i), make([]byte, 9000))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.View(func(tx *bbolt.Tx) error { size = int(tx.Size()); return nil })
	return path, size
}

// altered writes a damaged copy beside a database.
func altered(t *testing.T, path string, data []byte) string {
	t.Helper()
	other := path + ".damaged"
	if err := os.WriteFile(other, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}

func TestTruncated(t *testing.T) {
	path, size := grown(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wantFine(t, altered(t, path, whole[:size])) // without the hole it is whole
	for _, n := range []int{0, 1, 100, 4096, 8191, 8192, 12288, size / 3, size / 2, size - 4096, size - 1} {
		wantRefused(t, altered(t, path, whole[:n]), kv.ErrCorrupt, "restore the latest backup")
	}
	for _, junk := range [][]byte{[]byte("not a database"), bytes.Repeat([]byte{0}, size), bytes.Repeat([]byte{0xff}, size)} {
		wantRefused(t, altered(t, path, junk), kv.ErrCorrupt, "restore the latest backup")
	}
}

func wantFine(t *testing.T, path string) {
	t.Helper()
	st, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(st.Check(t.Context()), st.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestHeadPage loses either head page: one is enough, and the state before the last commit is a whole one.
func TestHeadPage(t *testing.T) {
	path, size := grown(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, 4096} {
		data := bytes.Clone(whole[:size])
		copy(data[at:], make([]byte, 4096))
		other := altered(t, path, data)
		if err := bolt.Verify(t.Context(), other); err != nil {
			t.Errorf("without the head page at %d: %v", at, err)
		}
		wantFine(t, other)
	}
}

// TestGarbled changes bytes at random. Nothing may panic or hang; and where our check finds nothing, bbolt's own finds
// nothing either. Ours goes first, because bbolt's may not come back from a damaged file.
func TestGarbled(t *testing.T) {
	path, size := grown(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	found, fine := 0, 0
	for range 300 {
		data := bytes.Clone(whole[:size])
		page := 4096 * (2 + random.IntN(size/4096-2))
		switch random.IntN(4) {
		case 0: // the header or the first elements
			data[page+random.IntN(96)] ^= byte(1 << random.IntN(8))
		case 1: // anywhere
			data[page+random.IntN(4096)] ^= byte(1 + random.IntN(255))
		case 2: // a page that was never written
			copy(data[page:], make([]byte, 4096))
		case 3: // a page in the place of another
			copy(data[page:page+4096], whole[4096*random.IntN(size/4096):])
		}
		other := altered(t, path, data)
		switch err := bolt.Verify(t.Context(), other); {
		case errors.Is(err, kv.ErrCorrupt), errors.Is(err, kv.ErrVersion):
			found++
			if st, err := bolt.Open(other, bolt.Options{}); err == nil { // the quick check need not see it
				st.View(t.Context(), func(r kv.Reader) error { _, err := r.Scan(nil, nil, kv.MaxScan); return err })
				if err := st.Check(t.Context()); !errors.Is(err, kv.ErrCorrupt) {
					t.Errorf("the check of a store that serves: %v", err)
				}
				st.Close()
			}
		case err == nil:
			fine++
			if err := theirs(other); err != nil {
				t.Fatalf("bbolt finds what our check does not: %v", err)
			}
		default:
			t.Fatal(err)
		}
	}
	if found < 50 || fine < 50 {
		t.Errorf("%d found, %d fine: this proves little", found, fine)
	}
}

// theirs is bbolt's own check.
func theirs(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, Timeout: time.Second})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		var all error
		for err := range tx.Check() {
			all = errors.Join(all, err)
		}
		return all
	})
}

// TestTheirs holds our check against bbolt's on a file that is sound.
func TestTheirs(t *testing.T) {
	path, _ := grown(t)
	if err := errors.Join(bolt.Verify(t.Context(), path), theirs(path)); err != nil {
		t.Error(err)
	}
}

// TestUncleanChecks damages a file that was not closed well: the start finds it before it serves.
func TestUncleanChecks(t *testing.T) {
	path, size := grown(t)
	st := reopen(t, path)
	data, err := os.ReadFile(path) // with the mark of a store that is serving, as after a kill
	if err != nil {
		t.Fatal(err)
	}
	st.Close()
	other := altered(t, path, data)
	again := reopen(t, other)
	if !again.Checked() {
		t.Error("a start after a stop that was not clean did not check")
	}
	again.Close()
	ruin(data[:size])
	wantRefused(t, altered(t, path, data), kv.ErrCorrupt, "restore the latest backup")
}

// ruin takes the first elements of all leaves but the one that holds the version, which the quick check reads.
func ruin(data []byte) {
	for at := 2 * 4096; at < len(data); at += 4096 {
		if page := data[at : at+4096]; page[8] == 2 && page[10] > 4 && !bytes.Contains(page, []byte{0, 0, 'v', 1}) {
			copy(page[16:64], make([]byte, 48))
		}
	}
}

// TestDamageWhileServing takes the end of the file away under a store: errors, no crash, no hang.
func TestDamageWhileServing(t *testing.T) {
	path, _ := grown(t)
	st := reopen(t, path)
	if err := os.Truncate(path, 3*4096); err != nil {
		t.Fatal(err)
	}
	err := st.View(t.Context(), func(r kv.Reader) error {
		_, err := r.Scan(nil, nil, kv.MaxScan)
		return err
	})
	if !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("view: %v", err)
	}
	for range 2 {
		if err := put(t.Context(), st, "key/1/1", "x"); !errors.Is(err, kv.ErrCorrupt) {
			t.Errorf("update: %v", err)
		}
	}
	if err := st.Check(t.Context()); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("check: %v", err)
	}
	if err := st.Compact(t.Context(), path+".copy"); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("compact: %v", err)
	}
	st.Close()
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*copy*")); len(left) != 0 {
		t.Errorf("a copy of a damaged file was left: %v", left)
	}
}
