//go:build etcd

package etcd

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// collision is what an update learns when what it read is no longer so.
type collision struct {
	start
	where uint64 // at which key, in a manner
}

// commit sends what an update wrote under the condition that nothing of what it read has changed. It repeats what certainly
// did nothing, and finds out about what may have done something, so that in the end it is done, in vain, or kv.ErrUnknown.
func (u *update) commit(sn *snapshot, writes []kv.Write) (collision, bool, error) {
	t, end := u.txn(sn, writes), u.unheard()
	within := u.s.opt.Attempt
	if u.id.IsZero() { // nobody can ask later what became of it
		within = max(within, time.Until(end))
	}
	ctx, cancel := context.WithDeadlineCause(context.WithoutCancel(u.ctx), end, errPatience)
	defer cancel()
	for try := 0; ; try++ {
		resp, f, err := u.s.send(u.ctx, within, t)
		switch f {
		case answered:
			return u.hear(sn, resp)
		case refused:
			return collision{}, false, fmt.Errorf("writing to the cluster: %w", err)
		case full:
			return u.squeeze(sn, writes, err)
		case unknown:
			return u.doubt(end, err)
		}
		if !pause(ctx, backoff(try)) {
			return collision{}, false, fmt.Errorf("writing to the cluster: %w (%w)", kv.ErrAway, err)
		}
	}
}

// txn makes the one transaction of an update. If a comparison fails, it brings what they compared as it is then, so that
// the next attempt can begin there without asking.
//
// A server takes 128 operations in one transaction with its usual settings (--max-txn-ops). It counts the comparisons, what
// follows if they hold and what follows if they do not each by themselves, and an update needs less of each: one for each of
// kv.MaxTouched keys and ranges, maxFences offices, the record of its id, the version and a witness.
func (u *update) txn(sn *snapshot, writes []kv.Write) txn {
	sp := u.s.space
	t := txn{compares: []clientv3.Cmp{u.s.still()}}
	t.otherwise = []clientv3.Op{clientv3.OpGet(sp.full(versionName))}
	if u.witness = u.s.witness(); u.witness != nil {
		t.compares = append(t.compares, u.witness.compare(sp))
		t.otherwise = append(t.otherwise, u.witness.questions(sp)...)
	}
	for _, f := range u.fences {
		t.compares = append(t.compares, f.compare())
		t.otherwise = append(t.otherwise, clientv3.OpGet(f.key, clientv3.WithKeysOnly()))
	}
	for _, w := range writes {
		if w.Delete {
			t.then = append(t.then, clientv3.OpDelete(sp.full(string(w.Key))))
		} else {
			t.then = append(t.then, clientv3.OpPut(sp.full(string(w.Key)), string(w.Value)))
		}
	}
	if !u.id.IsZero() {
		key := sp.full(string(kv.SettleKey(u.id)))
		t.compares = append(t.compares, clientv3.Compare(clientv3.ModRevision(key), "=", u.record))
		u.day = kv.DayOf(u.s.opt.Now())
		t.then = append(t.then, clientv3.OpPut(key, string(kv.SettleValue(u.day))))
		t.otherwise = append(t.otherwise, clientv3.OpGet(key))
	}
	t.compares = append(t.compares, sn.compares()...)
	for _, key := range slices.Sorted(maps.Keys(sn.gets)) {
		t.otherwise = append(t.otherwise, clientv3.OpGet(sp.full(key)))
	}
	return t
}

// hear reads the answer. One that lacks the witness comes from a database that was brought back, and says nothing. Else what
// stands in the record of the id goes before all else: what was done is done, whoever holds the office by now.
func (u *update) hear(sn *snapshot, resp *clientv3.TxnResponse) (collision, bool, error) {
	if resp.Succeeded {
		u.s.commits.Add(1)
		if !u.id.IsZero() {
			u.s.attest(u.id, resp.Header.Revision, u.day)
		}
		return collision{}, true, nil
	}
	next := func() *mvccpb.KeyValue {
		kvs := resp.Responses[0].GetResponseRange().Kvs
		resp.Responses = resp.Responses[1:]
		return first(kvs)
	}
	version, deposed := next(), false
	if w := u.witness; w != nil {
		record, forgotten := next(), next()
		if version.ModRevision == u.s.version.Load() {
			if err := u.s.missed(w, record, forgotten); err != nil {
				return collision{}, false, fmt.Errorf("writing to the cluster: %w", err)
			}
		}
	}
	for _, f := range u.fences {
		if next().CreateRevision != f.rev {
			deposed = true
			f.tell()
		}
	}
	if !u.id.IsZero() {
		r, err := readRecord(next())
		if err != nil || r.settled {
			return collision{}, r.settled, err
		}
		u.record = r.mod
	}
	switch {
	case version.ModRevision != u.s.version.Load():
		return collision{}, false, fmt.Errorf("writing to the cluster: %w", replaced(version))
	case deposed:
		return collision{}, false, fmt.Errorf("writing to the cluster: %w", kv.ErrDeposed)
	}
	c := collision{start: start{rev: resp.Header.Revision, known: map[string]entry{}}}
	for _, key := range slices.Sorted(maps.Keys(sn.gets)) {
		now := next()
		c.known[key] = entry{now.Value, now.ModRevision}
		if now.ModRevision != sn.known[key].mod && c.where == 0 {
			c.where = maphash.String(seed, key)
		}
	}
	if c.where == 0 && len(sn.spans) > 0 {
		c.where = maphash.String(seed, sn.spans[0].from)
	}
	return c, false, nil
}

var seed = maphash.MakeSeed()

// doubt is what follows when nobody can tell whether a transaction was applied, or will be yet. Under an id it is found out,
// and the update goes on as if nothing had been sent, or is done.
func (u *update) doubt(end time.Time, cause error) (collision, bool, error) {
	u.s.unknowns.Add(1)
	u.s.opt.Log.Warn("the cluster did not say what became of an update", "named", !u.id.IsZero(), "cause", cause)
	if u.id.IsZero() {
		return collision{}, false, fmt.Errorf("writing to the cluster: %w (%w)", kv.ErrUnknown, cause)
	}
	// A little longer, if the time is at its end: this is what the next call would have to begin with.
	ctx, cancel := context.WithDeadlineCause(context.WithoutCancel(u.ctx), latest(end, time.Now().Add(u.s.opt.Attempt)), errPatience)
	defer cancel()
	r, err := u.s.bar(ctx, u.id)
	if err != nil {
		u.s.doubts.add(u.id)
		return collision{}, false, fmt.Errorf("writing to the cluster: %w (%w)", kv.ErrUnknown, err)
	}
	u.record = r.mod
	return collision{start: start{rev: r.rev}}, r.settled, nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// squeeze is what follows when the cluster says that it is full. It says so of what it refuses, and of the one transaction
// that made it full, which it has applied. Either way the answer is its last word: nothing is on its way any more.
func (u *update) squeeze(sn *snapshot, writes []kv.Write, full error) (collision, bool, error) {
	ctx, cancel := context.WithDeadlineCause(context.WithoutCancel(u.ctx), latest(u.until, time.Now().Add(u.s.opt.Attempt)), errPatience)
	defer cancel()
	done, certain := false, false
	if !u.id.IsZero() {
		r, err := u.s.look(ctx, u.id)
		done, certain = r.settled, err == nil
	} else if sn.rev != 0 && len(writes) > 0 {
		got, err := read(u.s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) {
			return u.s.client.Get(ctx, u.s.space.full(string(writes[0].Key)), clientv3.WithKeysOnly())
		})
		certain = err == nil && (got.Header.Revision == sn.rev || len(got.Kvs) == 1 && got.Kvs[0].ModRevision <= sn.rev)
	}
	if !certain {
		u.s.doubts.add(u.id)
		full = fmt.Errorf("%w (%w)", kv.ErrUnknown, full)
	}
	if done {
		u.s.squeezed.Add(1)
		full = nil
	} else {
		full = fmt.Errorf("writing to the cluster: %w", full)
	}
	return collision{}, done, full
}
