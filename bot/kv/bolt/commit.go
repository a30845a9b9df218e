package bolt

import (
	"context"
	"runtime"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

const (
	groupCalls = 256     // calls that share one commit at most
	groupBytes = 8 << 20 // and what they may write together before the commit goes
)

// call is one Update that another leads through its commit, or a question in its place among the updates.
type call struct {
	id   kv.ID
	turn chan *kv.Buffer                   // unbuffered: the closure may run now
	left chan struct{}                     // closed by a caller who does not wait any longer
	ran  chan error                        // how the closure ended
	end  chan error                        // the outcome, once
	ask  func(*bbolt.Bucket) (bool, error) // run by whoever leads, instead of a turn; true if it wrote
}

func newCall() *call {
	return &call{
		turn: make(chan *kv.Buffer),
		left: make(chan struct{}),
		ran:  make(chan error, 1),
		end:  make(chan error, 1),
	}
}

// enter brings a call to the commits. Either it is led by another, or nobody leads and it gets the lead, which it must
// give back.
func (s *Store) enter(ctx context.Context, c *call) (leads bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	select {
	case <-s.quit: // before a lead that is free as well
		return false, s.errGone()
	default:
	}
	select {
	case s.queue <- c:
		return false, nil
	case s.leader <- struct{}{}:
	case <-s.quit:
		return false, s.errGone()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	select {
	case <-s.quit: // while it waited; Close is next
		err = s.errGone()
	default:
		err = ctx.Err()
	}
	if err != nil {
		<-s.leader
	}
	return err == nil, err
}

// ask looks at the bucket in its order among the updates.
func (s *Store) ask(ctx context.Context, look func(*bbolt.Bucket) (bool, error)) error {
	c := newCall()
	c.ask = look
	leads, err := s.enter(ctx, c)
	if err != nil {
		return err
	}
	if leads {
		s.lead(c, nil)
	}
	return <-c.end
}

// lead commits a call together with all that queue, then gives the lead back. The closure runs here, in the goroutine
// of its caller; if it panics or ends the goroutine, nobody else is in the group yet.
func (s *Store) lead(c *call, fn func(kv.Tx) error) {
	defer func() { <-s.leader }()
	err := s.ready()
	var g *group
	if err == nil {
		g, err = s.beginGroup()
	}
	if err != nil {
		c.end <- err
		s.refuse(err)
		return
	}
	returned := false
	defer func() {
		if !returned {
			guarded(s.path, g.tx.Rollback)
		}
	}()
	s.turn(g, c, func(buffer *kv.Buffer) (bool, error) { return true, fn(buffer) })
	returned = true
	s.gather(g)
	s.alone = len(g.members) < 2
	err = s.finish(g)
	for _, m := range g.members {
		if err != nil && m.relies {
			m.err = err
		}
		m.c.end <- m.err
	}
}

// gather gives a turn to all that queue.
func (s *Store) gather(g *group) {
	for yielded := s.alone; g.err == nil && len(g.members) < groupCalls && g.bytes < groupBytes; {
		select {
		case c := <-s.queue:
			s.turn(g, c, c.offer)
			yielded = false
			continue
		default:
		}
		if yielded {
			return
		}
		// Whoever was answered by the commit before may be about to ask again: let them, once. A lone writer waits
		// for nobody.
		runtime.Gosched()
		yielded = true
	}
}

// refuse answers those that queue with an error that all of them would meet.
func (s *Store) refuse(err error) {
	for range groupCalls {
		select {
		case c := <-s.queue:
			c.end <- err
		default:
			return
		}
	}
}

// offer lets the closure of a call run in the goroutine of its caller, unless that has left.
func (c *call) offer(buffer *kv.Buffer) (ran bool, err error) {
	select {
	case c.turn <- buffer:
		return true, <-c.ran
	case <-c.left:
		return false, nil
	}
}
