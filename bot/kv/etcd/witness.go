//go:build etcd

package etcd

import (
	"context"
	"fmt"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// A snapshot of etcd may be restored with a revision that was raised (--bump-revision), which hides that it is an earlier one.
// What is missing in it tells all the same: the record of the update that this process had acknowledged last. Each commit
// compares that record, so nothing is written into a database that lacks it.
//
// Forget takes records away too, so it says beforehand up to which day, in a key that no copy holds. Programs that do not say so
// keep records of two days, therefore a witness counts on its day and the next.

// Witness is the record of an update that was acknowledged.
type Witness struct {
	Record kv.ID  `json:"record"`
	Change int64  `json:"change"` // the revision of its commit
	Day    kv.Day `json:"day"`
}

// Seen is how far the database of a mission had come when somebody saw it last. Kept beside the process and given to the next
// one (Options.Seen), it tells a database that was brought back while nobody served it.
type Seen struct {
	Cluster  uint64   `json:"cluster,string"` // its number
	Database string   `json:"database"`       // that was opened; one that was made anew is another
	Revision int64    `json:"revision"`       // of the cluster
	Witness  *Witness `json:"witness,omitempty"`
}

// Seen says how far this process has seen the database come.
func (s *Store) Seen() Seen {
	return Seen{s.course.cluster.Load(), s.birth, s.course.revision.Load(), s.course.witness.Load()}
}

// attest makes an update that was acknowledged the witness, unless a later one is.
func (s *Store) attest(id kv.ID, change int64, day kv.Day) {
	now := &Witness{id, change, day}
	for {
		was := s.course.witness.Load()
		if was != nil && was.Change >= change || s.course.witness.CompareAndSwap(was, now) {
			return
		}
	}
}

// witness gives the witness that a commit compares, nil if there is none.
func (s *Store) witness() *Witness {
	w := s.course.witness.Load()
	if w == nil || kv.DayOf(s.opt.Now()) > w.Day+1 {
		return nil
	}
	return w
}

func (w *Witness) key(sp space) string { return sp.full(string(kv.SettleKey(w.Record))) }

func (w *Witness) compare(sp space) clientv3.Cmp {
	return clientv3.Compare(clientv3.ModRevision(w.key(sp)), "=", w.Change)
}

// questions bring the record of a witness, and up to which day records were forgotten.
func (w *Witness) questions(sp space) []clientv3.Op {
	return []clientv3.Op{clientv3.OpGet(w.key(sp), clientv3.WithKeysOnly()), clientv3.OpGet(sp.full(forgottenName))}
}

// missed is what follows when a record is not there as it was: it was forgotten, and is no witness any more, or the database
// is an earlier one, and the course ends.
func (s *Store) missed(w *Witness, record, forgotten *mvccpb.KeyValue) error {
	if record.ModRevision == w.Change {
		return nil
	}
	before, err := forgottenBefore(forgotten)
	if err != nil {
		return err
	}
	if w.Day < before {
		s.course.witness.CompareAndSwap(w, nil)
		return nil
	}
	return s.course.end(fmt.Errorf("what was acknowledged at revision %d is not in it: %w", w.Change, kv.ErrBack))
}

// forgottenBefore reads up to which day records were forgotten; none is the zero day.
func forgottenBefore(p *mvccpb.KeyValue) (kv.Day, error) {
	if p.ModRevision == 0 {
		return 0, nil
	}
	return kv.SettleDay(p.Value)
}

// announce says that the records of before a day are to be forgotten. It never takes back a later one.
func (s *Store) announce(ctx context.Context, held []fence, before kv.Day) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	key := s.space.full(forgottenName)
	for try := 0; ; try++ {
		got, err := read(s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) { return s.client.Get(ctx, key) })
		if err != nil {
			return err
		}
		was := first(got.Kvs)
		if said, err := forgottenBefore(was); err != nil || said >= before {
			return err
		}
		t := txn{
			compares: []clientv3.Cmp{clientv3.Compare(clientv3.ModRevision(key), "=", was.ModRevision), s.still()},
			then:     []clientv3.Op{clientv3.OpPut(key, string(kv.SettleValue(before)))},
		}
		done, err := s.underOffices(ctx, t, held)
		if done || err != nil {
			return err
		}
		if !pause(ctx, backoff(try)) {
			return late(ctx, kv.ErrBusy)
		}
	}
}

// recall holds what was seen before this process began against a database that it opens.
func (s *Store) recall(ctx context.Context, v version) error {
	seen := s.opt.Seen
	if seen.Cluster != v.cluster || seen.Database != s.birth {
		return nil // of another cluster, or of a database that was there before this one
	}
	if v.rev < seen.Revision {
		return fmt.Errorf("it is at revision %d, and was at %d: %w", v.rev, seen.Revision, kv.ErrBack)
	}
	s.course.witness.Store(seen.Witness)
	w := s.witness()
	if w == nil {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	got, err := read(s, ctx, func(ctx context.Context) (*clientv3.TxnResponse, error) {
		return s.client.Txn(ctx).Then(w.questions(s.space)...).Commit()
	})
	if err != nil {
		return err
	}
	return s.missed(w, first(got.Responses[0].GetResponseRange().Kvs), first(got.Responses[1].GetResponseRange().Kvs))
}

// first gives what was found at a key, the zero pair if nothing was.
func first(kvs []*mvccpb.KeyValue) *mvccpb.KeyValue {
	if len(kvs) == 0 {
		return &mvccpb.KeyValue{}
	}
	return kvs[0]
}
