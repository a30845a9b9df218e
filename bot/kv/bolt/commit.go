package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

const (
	groupCalls = 256     // calls that share one commit at most
	groupBytes = 8 << 20 // and what they may write together before the commit goes
)

// call is one Update on its way through the committer, or a question that the committer answers itself.
type call struct {
	id   kv.ID
	turn chan *kv.Buffer                   // unbuffered: the closure may run now
	left chan struct{}                     // closed by a caller who does not wait any longer
	ran  chan error                        // how the closure ended
	end  chan error                        // the outcome, once
	ask  func(*bbolt.Bucket) (bool, error) // run by the committer instead of a turn; true if it wrote
}

func newCall() *call {
	return &call{
		turn: make(chan *kv.Buffer),
		left: make(chan struct{}),
		ran:  make(chan error, 1),
		end:  make(chan error, 1),
	}
}

// send queues a call for the committer.
func (s *Store) send(ctx context.Context, c *call) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.quit:
		return s.errGone()
	default:
	}
	select {
	case s.queue <- c:
		return nil
	case <-s.quit:
		return s.errGone()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ask has the committer look at the bucket, in its order among the updates.
func (s *Store) ask(ctx context.Context, look func(*bbolt.Bucket) (bool, error)) error {
	c := newCall()
	c.ask = look
	if err := s.send(ctx, c); err != nil {
		return err
	}
	return <-c.end
}

// serve is the committer.
func (s *Store) serve() {
	defer close(s.done)
	for {
		select {
		case <-s.quit:
			return
		case c := <-s.queue:
			s.group(c)
		}
	}
}

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

// group commits a call with all that are queued.
func (s *Store) group(first *call) {
	if err := s.ready(); err != nil {
		s.refuse(first, err)
		return
	}
	g, err := s.beginGroup()
	if err != nil {
		s.refuse(first, err)
		return
	}
	s.turn(g, first)
	for yielded := false; g.err == nil && len(g.members) < groupCalls && g.bytes < groupBytes; {
		select {
		case c := <-s.queue:
			s.turn(g, c)
			yielded = false
			continue
		default:
		}
		if yielded {
			break
		}
		// Whoever was answered by the commit before may be about to ask again: let them, once.
		runtime.Gosched()
		yielded = true
	}
	err = s.finish(g)
	for _, m := range g.members {
		if err != nil && m.relies {
			m.err = err
		}
		m.c.end <- m.err
	}
}

// refuse answers a call, and those that queue behind it, with an error that all of them would meet.
func (s *Store) refuse(c *call, err error) {
	c.end <- err
	for range groupCalls {
		select {
		case c := <-s.queue:
			c.end <- err
		default:
			return
		}
	}
}

func (s *Store) beginGroup() (*group, error) {
	g := &group{settled: map[kv.ID]bool{}}
	err := guarded(s.path, func() (err error) {
		if g.tx, err = s.db.Begin(true); err == nil {
			g.b = g.tx.Bucket(bucketName)
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
func (s *Store) turn(g *group, c *call) {
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
	select {
	case c.turn <- buffer:
	case <-c.left:
		return
	}
	err := <-c.ran
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
	err := guarded(s.path, func() error { return s.commit(g.tx) })
	if err == nil {
		s.commits.Add(1)
		return nil
	}
	return s.failed(g.tx, id, err)
}
