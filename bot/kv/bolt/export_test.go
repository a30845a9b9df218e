package bolt

import (
	"bytes"
	"os"
	"testing"

	"go.etcd.io/bbolt"
)

// Commits is how many commits the store made for updates.
func (s *Store) Commits() int64 { return s.commits.Load() }

// BreakCommit puts something around the commit of a transaction. Call it while nobody writes.
func (s *Store) BreakCommit(wrap func(commit func() error) error) {
	s.commit = func(tx *bbolt.Tx) error { return wrap(tx.Commit) }
}

// File is the open file of the store.
func (s *Store) File() *os.File { return s.file }

// CheckBy lets the checks read by another open file than the one by which bbolt writes.
func (s *Store) CheckBy(file *os.File) { s.file = file }

// FreelistPage is the page of the free list in the present state of a file, or 0 if it has none.
func FreelistPage(t *testing.T, path string) uint64 {
	t.Helper()
	_, m := present(t, path)
	if m.freelist == noFreelist {
		return 0
	}
	return m.freelist
}

// LeafWith is the first leaf in the present state of a file that holds some bytes, and nothing that a start or a stop reads.
func LeafWith(t *testing.T, path string, some string) uint64 {
	t.Helper()
	im, m := present(t, path)
	var find func(id uint64) uint64
	find = func(id uint64) uint64 {
		p, err := im.page(m, id, nil)
		if err != nil {
			t.Fatal(err)
		}
		if p.flags == leafPage {
			if bytes.Contains(p.data, []byte(some)) && !bytes.Contains(p.data, versionKey) {
				return id
			}
			return 0
		}
		for i := range p.count {
			e, err := p.element(i)
			if err != nil {
				t.Fatal(err)
			}
			if found := find(e.child); found != 0 {
				return found
			}
		}
		return 0
	}
	id := find(m.root)
	if id == 0 {
		t.Fatalf("no leaf of %s holds %q", path, some)
	}
	return id
}

func present(t *testing.T, path string) (*image, meta) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	im, err := imageOf(file)
	if err != nil {
		t.Fatal(err)
	}
	return im, im.newest()
}
