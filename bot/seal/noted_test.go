package seal

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The highest version stays noted, outside every backup, and a damaged note is never taken for none.
func TestNoteRoster(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	h, err := CreateHouse(dir, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ note, want uint64 }{{0, 0}, {3, 3}, {2, 3}, {4, 4}} {
		if err := h.NoteRoster(step.note); err != nil {
			t.Fatal(err)
		}
		again, err := OpenHouse(dir, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.RosterNoted(); got != step.want || err != nil {
			t.Errorf("after %d: noted %d, %v", step.note, got, err)
		}
	}
	for _, f := range h.snapshot() {
		if f.name == notedFile {
			t.Error("the note stands in the key backup")
		}
	}
	if err := os.WriteFile(filepath.Join(dir, notedFile), []byte("four"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.RosterNoted(); err == nil {
		t.Error("a damaged note is read")
	}
	if err := h.NoteRoster(9); err == nil {
		t.Error("a damaged note is written over")
	}
}
