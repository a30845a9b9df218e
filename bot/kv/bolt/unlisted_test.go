//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

// wantList wants a free list in the present state of a file, or none.
func wantList(t *testing.T, path string, want bool) {
	t.Helper()
	if got := bolt.FreelistPage(t, path) != 0; got != want {
		t.Errorf("%s has a free list: %v, want %v", filepath.Base(path), got, want)
	}
}

// unlisted gives a store whose file has no free list.
func unlisted(t *testing.T) (st *bolt.Store, path string, size int) {
	t.Helper()
	path, size = grown(t)
	st = reopen(t, path)
	if err := errors.Join(st.Check(t.Context()), put(t.Context(), st, "unlisted", "")); err != nil {
		t.Fatal(err)
	}
	wantList(t, path, false)
	return st, path, size
}

// TestList follows the free list: it is written until the full check has held it against the tree, then no more, and
// again by a clean stop. A file that bbolt opens by itself has one, and a copy has one.
func TestList(t *testing.T) {
	path, _ := grown(t)
	wantList(t, path, true)
	st := reopen(t, path)
	steps := func(st *bolt.Store, want bool) {
		t.Helper()
		if err := put(t.Context(), st, "k", "v"); err != nil {
			t.Fatal(err)
		}
		wantList(t, path, want)
	}
	steps(st, true)
	if err := st.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	steps(st, false)
	copied, restored := path+".copy", filepath.Join(t.TempDir(), "db", "restored")
	if err := errors.Join(st.Compact(t.Context(), copied), bolt.Restore(t.Context(), copied, restored)); err != nil {
		t.Fatal(err)
	}
	wantList(t, copied, true)
	wantList(t, restored, true)

	cut := path + ".cut" // as after a kill
	data, err := os.ReadFile(path)
	if err := errors.Join(err, os.WriteFile(cut, data, 0o600), st.Close()); err != nil {
		t.Fatal(err)
	}
	wantList(t, path, true)
	if err := errors.Join(bolt.Verify(t.Context(), path), theirs(path)); err != nil {
		t.Error(err)
	}
	if st = reopen(t, path); st.Checked() {
		t.Error("a clean stop made the next start check the whole file")
	}
	steps(st, true)

	wantList(t, cut, false)
	if err := bolt.Verify(t.Context(), cut); err != nil {
		t.Errorf("verifying a file without a free list: %v", err)
	}
	wantList(t, cut, false)
	after := reopen(t, cut)
	if !after.Checked() {
		t.Error("a file without a free list was not checked before serving")
	}
	if err := put(t.Context(), after, "k", "v"); err != nil {
		t.Error(err)
	}
	wantList(t, cut, false)
	if err := errors.Join(after.Check(t.Context()), after.Close(), theirs(cut)); err != nil {
		t.Error(err)
	}
	wantList(t, cut, true)
}

// TestWrongList has a free list give away a page that is in use, which the quick check cannot see. The list stays in the
// file until the full check has passed, which finds it out.
func TestWrongList(t *testing.T) {
	for range 20 { // where the pages lie is chance, and at some places every start falls on that one
		if wrongListFound(t) > 0 {
			return
		}
	}
	t.Error("no start came as far as the check")
}

// wrongListFound says how many of ten starts came as far as the check.
func wrongListFound(t *testing.T) (found int) {
	path, _ := grown(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list := data[4096*bolt.FreelistPage(t, path):]
	n := int(binary.NativeEndian.Uint16(list[10:]))
	given := bolt.LeafWith(t, path, "key/9/")
	binary.NativeEndian.PutUint64(list[16+8*(n-1):], given)
	for range 10 {
		other := altered(t, path, data)
		st, err := bolt.Open(other, bolt.Options{})
		if errors.Is(err, kv.ErrCorrupt) {
			continue // the mark of the start fell on that very page
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := st.Check(t.Context()); !errors.Is(err, kv.ErrCorrupt) {
				t.Errorf("page %d is in use and free, and the check says %v", given, err)
			}
			put(t.Context(), st, "a", "b")
			wantList(t, other, true)
		}
		st.Close()
		found++
	}
	return found
}

// TestGarbledUnlisted changes bytes at random in a file without a free list. Each start either serves it, and then bbolt
// finds nothing wrong, or refuses it in our own words. A panic in a goroutine of bbolt would end this test.
func TestGarbledUnlisted(t *testing.T) {
	_, path, size := unlisted(t)
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
		verified := bolt.Verify(t.Context(), other)
		st, err := bolt.Open(other, bolt.Options{})
		if (err == nil) != (verified == nil) {
			t.Fatalf("the start says %v, and the full check %v", err, verified)
		}
		if err != nil {
			found++
			if !errors.Is(err, kv.ErrVersion) && (!errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), other) || !strings.Contains(err.Error(), "restore the latest backup")) {
				t.Errorf("the start of a damaged file: %v", err)
			}
			continue
		}
		fine++
		if err := errors.Join(st.Close(), theirs(other)); err != nil {
			t.Fatalf("bbolt finds what our check does not: %v", err)
		}
	}
	if found < 50 || fine < 50 {
		t.Errorf("%d found, %d fine: this proves little", found, fine)
	}
}

// wipe clears a leaf under the store that serves it. No update of these tests comes near it.
func wipe(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt(make([]byte, 4096), 4096*int64(bolt.LeafWith(t, path, "key/9/"))); err != nil {
		t.Fatal(err)
	}
}

// TestRefusedReadsNothing refuses updates in every ordinary way. If that made bbolt walk the tree, as it does after a
// commit that failed, it would meet a leaf that is damaged, and end this test.
func TestRefusedReadsNothing(t *testing.T) {
	st, path, _ := unlisted(t)
	if err := st.Update(t.Context(), kv.ID{7}, func(tx kv.Tx) error { return tx.Put([]byte("z"), []byte("1")) }); err != nil {
		t.Fatal(err)
	}
	wipe(t, path)
	own := errors.New("own")
	for range 2 {
		gone, cancel := context.WithCancel(t.Context())
		defer cancel()
		if err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return errors.Join(tx.Put([]byte("z"), nil), own) }); !errors.Is(err, own) {
			t.Errorf("a closure that fails: %v", err)
		}
		err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("z"), make([]byte, kv.MaxValue+1)) })
		if !errors.Is(err, kv.ErrLimit) {
			t.Errorf("a value that is too large: %v", err)
		}
		err = st.Update(gone, kv.ID{}, func(tx kv.Tx) error { cancel(); return context.Cause(gone) })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a context that ended: %v", err)
		}
		func() {
			defer func() { recover() }()
			st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { tx.Put([]byte("z"), nil); panic(own) })
		}()
		if err := st.Update(t.Context(), kv.ID{7}, func(kv.Tx) error { return own }); err != nil {
			t.Errorf("an update that was committed before: %v", err)
		}
		if err := st.Update(t.Context(), kv.ID{}, func(kv.Tx) error { return nil }); err != nil {
			t.Errorf("an update that writes nothing: %v", err)
		}
		if v, found, err := get(t.Context(), st, "z"); v != "1" || !found || err != nil {
			t.Errorf("afterwards: %q, %v, %v", v, found, err)
		}
		if err := put(t.Context(), st, "zz", "2"); err != nil {
			t.Errorf("an update away from the damage: %v", err)
		}
	}
}

// TestStopOverDamage stops a store whose file was cut off under it. The mark of the stop cannot be written; the process
// lives, and the next start refuses the file.
func TestStopOverDamage(t *testing.T) {
	st, path, _ := unlisted(t)
	if err := os.Truncate(path, 2*4096); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("stopping over damage: %v", err)
	}
	wantRefused(t, path, kv.ErrCorrupt, "restore the latest backup")
}
