package bolt

import (
	"os"

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
