package bolt_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/kv/kvtest"
)

func TestWalks(t *testing.T) {
	kvtest.Walks(t, open, func(t *testing.T, _ func() time.Time, from kv.Walk) (kvtest.Walker, error) {
		path := filepath.Join(t.TempDir(), "db", "filled.db")
		if err := bolt.Fill(t.Context(), path, from); err != nil {
			if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 {
				t.Errorf("a copy that failed left %v", left)
			}
			return nil, err
		}
		if err := bolt.Verify(t.Context(), path); err != nil {
			t.Error(err)
		}
		return reopen(t, path), nil
	})
}

// A copy by pairs holds the same as one by Compact, and neither takes the place of anything.
func TestFillIsACopy(t *testing.T) {
	st, path := fresh(t)
	if err := put(t.Context(), st, "k", "v"); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Fill(t.Context(), path, st.Walk); !errors.Is(err, fs.ErrExist) {
		t.Errorf("filling over a database: %v", err)
	}
	dir := t.TempDir()
	for _, err := range []error{
		st.Compact(t.Context(), filepath.Join(dir, "compact")),
		bolt.Copy(t.Context(), filepath.Join(dir, "copied"), st.Walk),
		bolt.Fill(t.Context(), filepath.Join(dir, "home", "filled"), st.Walk),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := kv.Digest(t.Context(), st.Walk)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"compact", "copied", "home/filled"} {
		if got, err := kv.Digest(t.Context(), bolt.WalkFile(filepath.Join(dir, name))); err != nil || got != want {
			t.Errorf("%s: %s, not %s: %v", name, got, want, err)
		}
	}
	if err := bolt.WalkFile(path)(t.Context(), func(kv.Pair) error { return nil }); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("walking a file that is served: %v", err)
	}
}

// A file that was moved is opened by nobody who would serve it, in either layout and by no older program; its copies know
// nothing of the move, and neither does its content.
func TestMovedIsNotServed(t *testing.T) {
	st, path := fresh(t)
	if err := put(t.Context(), st, "k", "v"); err != nil {
		t.Fatal(err)
	}
	before, err := kv.Digest(t.Context(), st.Walk)
	if err != nil {
		t.Fatal(err)
	}
	state := kv.State{Kind: kv.Moved, Note: "etcd:relief"}
	if err := errors.Join(st.SetState(t.Context(), kv.State{}, state), st.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = bolt.Open(path, bolt.Options{})
	if !errors.Is(err, kv.ErrMoved) || !strings.Contains(err.Error(), "etcd:relief") || !strings.Contains(err.Error(), path) {
		t.Errorf("serving it: %v", err)
	}
	if got, err := kv.Digest(t.Context(), bolt.WalkFile(path)); err != nil || got != before {
		t.Errorf("the mark changed the content: %v", err)
	}
	restored := filepath.Join(t.TempDir(), "db", "restored")
	if err := bolt.Restore(t.Context(), path, restored); err != nil {
		t.Fatal(err)
	}
	reopen(t, restored)
	st, err = bolt.Open(path, bolt.Options{AnyState: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := st.State(t.Context()); err != nil || got != state {
		t.Errorf("%v: %v", got, err)
	}
	if st.SetState(t.Context(), kv.State{}, state) == nil {
		t.Error("it was marked from a state that it does not have")
	}
	if err := errors.Join(st.SetState(t.Context(), state, kv.State{}), st.Close()); err != nil {
		t.Fatal(err)
	}
	if v, _, err := get(context.Background(), reopen(t, path), "k"); v != "v" || err != nil {
		t.Errorf("served again: %q, %v", v, err)
	}
}
