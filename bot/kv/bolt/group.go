package bolt

import (
	"cmp"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// group is what shares one commit.
type group struct {
	tx      *bbolt.Tx
	b       *bbolt.Bucket
	settled map[kv.ID]bool
	members []member
	dirty   bool
	bytes   int
	err     error // the transaction is spoiled
}

// member is a call that waits for the outcome of its group.
type member struct {
	c      *call
	err    error // its own outcome, if the commit succeeds
	relies bool  // on writes in this transaction, its own or of those before it
}

func (s *Store) beginGroup() (*group, error) {
	g := &group{settled: map[kv.ID]bool{}}
	err := guarded(s.path, func() (err error) {
		if g.tx, err = s.db.Begin(true); err == nil {
			g.b = s.pairs(g.tx)
		}
		return err
	})
	switch {
	case err == nil:
		return g, nil
	case g.tx != nil: // the lock of the writer must not stay with it
		guarded(s.path, g.tx.Rollback)
	}
	if errors.Is(err, kv.ErrCorrupt) {
		s.broken = err
		return nil, err
	}
	return nil, fmt.Errorf("writing to database %s: %w", s.path, err)
}

// turn lets one call run and takes over what it wrote.
func (s *Store) turn(g *group, c *call, run func(*kv.Buffer) (ran bool, err error)) {
	if c.ask != nil {
		wrote := true // if it panics, it may have
		err := guarded(s.path, func() (err error) {
			wrote, err = c.ask(g.b)
			return err
		})
		if wrote {
			g.dirty, g.err = true, err
		}
		g.add(c, err)
		return
	}
	if !c.id.IsZero() {
		_, found, err := reader{s.path, g.b}.Get(kv.SettleKey(c.id))
		if err != nil || found && !g.settled[c.id] {
			c.end <- err // on disk since long
			return
		}
		if found {
			g.add(c, nil) // on its way with this commit
			return
		}
	}
	buffer := kv.NewBuffer(reader{s.path, g.b})
	ran, err := run(buffer)
	if !ran {
		return
	}
	if err = cmp.Or(err, buffer.End()); err == nil {
		err = s.apply(g, c.id, buffer.Writes())
	}
	g.add(c, err)
}

func (g *group) add(c *call, err error) {
	g.members = append(g.members, member{c: c, err: err, relies: g.dirty})
}

// apply brings the writes of one update into the transaction. An error spoils the transaction: it is not known how
// far it came.
func (s *Store) apply(g *group, id kv.ID, writes []kv.Write) error {
	if !id.IsZero() {
		writes = append(writes, kv.Write{Key: kv.SettleKey(id), Value: kv.SettleValue(kv.DayOf(s.opt.Now()))})
		g.settled[id] = true
	}
	g.err = guarded(s.path, func() error {
		for _, w := range writes {
			g.dirty = true
			g.bytes += len(w.Key) + len(w.Value)
			if w.Delete {
				if err := g.b.Delete(w.Key); err != nil {
					return err
				}
			} else if err := g.b.Put(w.Key, w.Value); err != nil {
				return err
			}
		}
		return nil
	})
	return g.err
}

// finish commits a group, or rolls it back if there is nothing to commit or it was spoiled.
func (s *Store) finish(g *group) error {
	if g.err != nil || !g.dirty {
		err := guarded(s.path, g.tx.Rollback)
		if g.err = cmp.Or(g.err, err); errors.Is(g.err, kv.ErrCorrupt) {
			s.broken = g.err
		}
		return g.err
	}
	id := g.tx.ID()
	s.db.NoFreelistSync = canLockFirst && s.proven.Load()
	err := s.watched(func() error { return s.commit(g.tx) })
	if err == nil {
		s.commits.Add(1)
		return nil
	}
	return s.failed(g.tx, id, err)
}
