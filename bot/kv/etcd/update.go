//go:build etcd

package etcd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"amana/bot/kv"
)

// update is one call of Update, through all its attempts.
type update struct {
	s      *Store
	ctx    context.Context // of the caller
	id     kv.ID
	fences []fence
	until  time.Time
	record int64 // the last change of the record of the id, 0 if there is none
	lane   chan struct{}

	witness *Witness // that its last transaction compared
	day     kv.Day   // that its record says
}

// Update runs fn on a snapshot and commits what it wrote, if whatever it read is still so. If it is not, fn runs again on a
// newer one.
func (s *Store) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	u := &update{s: s, ctx: ctx, id: id, until: time.Now().Add(s.opt.Patience)}
	if u.fences, err = fences(ctx); err != nil {
		return err
	}
	var from start
	if !id.IsZero() {
		r, err := u.before()
		if err != nil || r.settled {
			return err
		}
		u.record, from.rev = r.mod, r.rev
	}
	defer u.leaveLane()
	for try := 0; ; try++ {
		next, done, err := u.attempt(from, fn)
		if done || err != nil {
			return err
		}
		if from, err = u.giveWay(next, try); err != nil {
			return err
		}
	}
}

// unheard gives when the cluster counts as away if it says nothing from this moment on.
func (u *update) unheard() time.Time { return earliest(u.end(), time.Now().Add(u.s.opt.Silence)) }

// end is when an update gives up at the latest. What its caller does not wait for is not waited for either, although what
// was sent is not taken back.
func (u *update) end() time.Time {
	if leaves, has := u.ctx.Deadline(); has {
		return earliest(u.until, leaves)
	}
	return u.until
}

// left is why the caller waits no more, if it does not. Its context may be told of its deadline later than ours.
func (u *update) left() error {
	if leaves, has := u.ctx.Deadline(); has && !time.Now().Before(leaves) {
		return context.DeadlineExceeded
	}
	return u.ctx.Err()
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// before looks for the record of the id.
func (u *update) before() (record, error) {
	ctx, cancel := context.WithDeadlineCause(u.ctx, earliest(u.until, time.Now().Add(u.s.opt.Silence)), errPatience)
	defer cancel()
	if !u.s.doubts.has(u.id) {
		return u.s.look(ctx, u.id)
	}
	r, err := u.s.bar(ctx, u.id)
	if err != nil {
		err = fmt.Errorf("asking again for an update: %w (%w)", kv.ErrUnknown, err)
	}
	return r, err
}

// attempt runs the closure once and sends what it wrote. If it was in vain, it gives where to begin again. That the context
// of the caller is cancelled counts no more: the closure has run.
func (u *update) attempt(from start, fn func(kv.Tx) error) (next collision, done bool, err error) {
	ctx, cancel := context.WithDeadlineCause(context.WithoutCancel(u.ctx), u.end(), errPatience)
	defer cancel()
	sn := u.s.snapshot(ctx, from)
	buffer := kv.NewBuffer(sn)
	err = fn(tx{buffer, sn})
	switch err = cmp.Or(err, buffer.End()); {
	case sn.past && time.Now().Before(u.until):
		return collision{}, false, nil // its revision was compacted away meanwhile
	case errors.Is(err, kv.ErrAway) && u.left() != nil:
		return collision{}, false, fmt.Errorf("reading for an update: %w", u.left())
	case err != nil:
		return collision{}, false, err
	}
	writes := buffer.Writes()
	if len(writes) == 0 && u.id.IsZero() && len(u.fences) == 0 {
		return collision{}, true, nil // it only read, and what it read was so at one instant
	}
	return u.commit(sn, writes)
}

// lanes is how many updates of this process may try again at once, each for something else.
const lanes = 64

// giveWay waits before an update that met another is tried again. Those of one process that met at the same key go one
// behind the other, as they would meet again each time otherwise; those of other processes are waited out by chance.
func (u *update) giveWay(c collision, try int) (start, error) {
	u.s.conflicts.Add(1)
	ctx, cancel := context.WithDeadlineCause(u.ctx, u.until, errPatience)
	defer cancel()
	fresh := c.start
	if c.where == 0 { // it met nobody
		pause(ctx, backoff(try))
	} else if u.lane == nil {
		lane := u.s.lanes[c.where%lanes]
		select {
		case lane <- struct{}{}:
		default:
			fresh = start{} // much will have happened by then
			select {
			case lane <- struct{}{}:
			case <-ctx.Done():
				return start{}, u.crowded(try)
			}
		}
		u.lane = lane
	} else if try > 2 {
		fresh = start{}
		pause(ctx, backoff(try-2))
	}
	if ctx.Err() != nil {
		return start{}, u.crowded(try)
	}
	return fresh, nil
}

func (u *update) leaveLane() {
	if u.lane != nil {
		<-u.lane
	}
}

// crowded is how an update ends that was never alone. Nothing of it is on its way.
func (u *update) crowded(try int) error {
	if err := u.ctx.Err(); err != nil {
		return fmt.Errorf("giving way to other updates: %w", err)
	}
	u.s.opt.Log.Warn("an update gave up: others changed what it had read each time", "tries", try+1)
	return fmt.Errorf("giving way to other updates, %d times: %w", try+1, kv.ErrBusy)
}
