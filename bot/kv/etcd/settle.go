//go:build etcd

package etcd

import (
	"context"
	"fmt"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// record is what stands under the id of an update: nothing, that it was committed, or a bar.
type record struct {
	settled bool
	mod     int64 // its last change, 0 if there is none
	rev     int64 // of the cluster when it was read
}

// A bar is a record of one byte more than that of a committed update. It was put there by somebody who asked what became of
// the update and found nothing: every attempt of before compared the record as it had been, and is refused whenever it
// arrives, while a later one compares the bar and may pass.
const barMark = 'x'

func barValue(day kv.Day) string { return string(append(kv.SettleValue(day), barMark)) }

// readRecord reads a record; none is the zero pair.
func readRecord(p *mvccpb.KeyValue) (record, error) {
	r := record{mod: p.ModRevision}
	if p.ModRevision == 0 {
		return r, nil
	}
	_, bar, err := recordDay(p.Value)
	r.settled = !bar && err == nil
	return r, err
}

func recordDay(value []byte) (day kv.Day, bar bool, err error) {
	if n := len(value) - 1; n == 4 && value[n] == barMark {
		value, bar = value[:n], true
	}
	day, err = kv.SettleDay(value)
	return day, bar, err
}

// look reads the record of an id as a majority knows it.
func (s *Store) look(ctx context.Context, id kv.ID) (record, error) {
	got, err := read(s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) {
		return s.client.Get(ctx, s.space.full(string(kv.SettleKey(id))))
	})
	if err != nil {
		return record{}, err
	}
	p := &mvccpb.KeyValue{}
	if len(got.Kvs) == 1 {
		p = got.Kvs[0]
	}
	r, err := readRecord(p)
	r.rev = got.Header.Revision
	return r, err
}

// bar finds out what became of an update for good: it was committed, or no attempt that was made before can be any more.
// That nothing is found says little by itself, because a request whose answer was lost may still wait in a queue, of this
// machine or of a member.
func (s *Store) bar(ctx context.Context, id kv.ID) (record, error) {
	key := s.space.full(string(kv.SettleKey(id)))
	for try := 0; ; try++ {
		r, err := s.look(ctx, id)
		if r.settled {
			s.doubts.settle(id)
		}
		if err != nil || r.settled {
			return r, err
		}
		resp, f, err := s.send(ctx, s.opt.Attempt, txn{
			compares: []clientv3.Cmp{clientv3.Compare(clientv3.ModRevision(key), "=", r.mod)},
			then:     []clientv3.Op{clientv3.OpPut(key, barValue(kv.DayOf(s.opt.Now())))},
		})
		switch {
		case f == answered && resp.Succeeded:
			s.doubts.settle(id)
			return record{mod: resp.Header.Revision, rev: resp.Header.Revision}, nil
		case f == refused || f == full:
			return record{}, err
		case !pause(ctx, backoff(try)):
			return record{}, late(ctx, err)
		}
	}
}

// Settled says whether the update with this id was committed. If it says no, then no attempt of before the question will be
// any more, here or in another process; a new one may. That it can promise this it writes a bar, which Forget takes away
// with the records of that day.
func (s *Store) Settled(ctx context.Context, id kv.ID) (bool, error) {
	leave, err := s.enter(ctx)
	if err != nil || id.IsZero() {
		if err == nil {
			leave()
		}
		return false, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	r, err := s.bar(ctx, id)
	if err != nil {
		return false, fmt.Errorf("asking for the outcome of an update: %w", err)
	}
	return r.settled, nil
}

// forgetStep is how many records Forget takes away in one transaction.
const forgetStep = 100

// Forget drops the records of updates committed before a day, and says how many there were. It keeps to the offices of its
// context, as an update does.
func (s *Store) Forget(ctx context.Context, before kv.Day) (int, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	held, err := fences(ctx)
	if err != nil {
		return 0, err
	}
	if err := s.announce(ctx, held, before); err != nil {
		return 0, fmt.Errorf("forgetting the records of updates: %w", err)
	}
	from, to := kv.SettleRange()
	next, end := s.space.full(string(from)), s.space.full(string(to))
	total := 0
	for next != "" {
		n, err := 0, error(nil)
		if next, n, err = s.forgetPage(ctx, held, next, end, before); err != nil {
			return total, fmt.Errorf("forgetting the records of updates: %w", err)
		}
		total += n
	}
	return total, nil
}

// forgetPage drops the old ones among the next records, and says where to go on. What somebody changed meanwhile is looked
// at again.
func (s *Store) forgetPage(ctx context.Context, held []fence, next, end string, before kv.Day) (string, int, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	for try := 0; ; try++ {
		page, err := read(s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) {
			return s.client.Get(ctx, next, clientv3.WithRange(end), clientv3.WithLimit(forgetStep))
		})
		if err != nil {
			return "", 0, err
		}
		after := ""
		if page.More {
			after = string(kv.After(page.Kvs[len(page.Kvs)-1].Key))
		}
		var t txn
		n := 0
		for _, p := range page.Kvs {
			day, bar, err := recordDay(p.Value)
			if err != nil {
				return "", 0, err
			}
			if day >= before {
				continue
			}
			key := string(p.Key)
			t.compares = append(t.compares, clientv3.Compare(clientv3.ModRevision(key), "=", p.ModRevision))
			t.then = append(t.then, clientv3.OpDelete(key))
			if !bar {
				n++
			}
		}
		if len(t.then) == 0 {
			return after, 0, nil
		}
		switch done, err := s.underOffices(ctx, t, held); {
		case err != nil:
			return "", 0, err
		case done:
			return after, n, nil
		}
		if !pause(ctx, backoff(try)) {
			return "", 0, late(ctx, kv.ErrBusy)
		}
	}
}

// underOffices sends a transaction that may be sent twice, under the offices that its caller holds. It was in vain where
// something else that it compares is not so.
func (s *Store) underOffices(ctx context.Context, t txn, held []fence) (done bool, err error) {
	for _, f := range held {
		t.compares = append(t.compares, f.compare())
		t.otherwise = append(t.otherwise, clientv3.OpGet(f.key, clientv3.WithKeysOnly()))
	}
	resp, err := s.insist(ctx, t)
	if err != nil || resp.Succeeded {
		return err == nil, err
	}
	for i, f := range held {
		if first(resp.Responses[i].GetResponseRange().Kvs).CreateRevision != f.rev {
			f.tell()
			return false, kv.ErrDeposed
		}
	}
	return false, nil
}
