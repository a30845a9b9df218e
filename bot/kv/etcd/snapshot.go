//go:build etcd

package etcd

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// pageSize is how many pairs are asked for at a time. Each may have 64 KiB.
const pageSize = 250

// View runs fn on one revision of the cluster: the newest one that a majority knows when fn reads first.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	guard := kv.NewGuard(&snapshot{s: s, ctx: ctx})
	err = fn(guard)
	return cmp.Or(err, guard.End())
}

// start is where a snapshot begins: at a revision, with what is known of it already; zero is the newest one.
type start struct {
	rev   int64
	known map[string]entry
}

// entry is a pair as it stood at the revision of a snapshot; mod is 0 if there was none.
type entry struct {
	value []byte
	mod   int64
}

// snapshot reads one revision, for a kv.Guard or a kv.Buffer. For the latter it remembers what was read, so that the
// commit can compare it.
type snapshot struct {
	s   *Store
	ctx context.Context
	start
	past bool // the revision is not kept any more

	keeps bool // remembers
	gets  map[string]bool
	spans []span
}

// span is a range that was scanned, and the pairs that were in it.
type span struct {
	from, to string // to is none for the end of the mission
	keys     []string
}

func (s *Store) snapshot(ctx context.Context, from start) *snapshot {
	sn := &snapshot{s: s, ctx: ctx, start: from, keeps: true, gets: map[string]bool{}}
	if sn.known == nil {
		sn.known = map[string]entry{}
	}
	return sn
}

// Get reads a key once; asked again it gives what it knows.
func (sn *snapshot) Get(key []byte) ([]byte, bool, error) {
	if sn.keeps {
		sn.gets[string(key)] = true
		if e, known := sn.known[string(key)]; known {
			return e.value, e.mod != 0, nil
		}
	}
	got, err := sn.ask(sn.s.space.full(string(key)))
	if err != nil {
		return nil, false, err
	}
	var e entry
	if len(got.Kvs) == 1 {
		e = entry{got.Kvs[0].Value, got.Kvs[0].ModRevision}
	}
	if sn.keeps {
		sn.known[string(key)] = e
	}
	return e.value, e.mod != 0, nil
}

// Scan reads a range page by page.
func (sn *snapshot) Scan(from, to []byte, limit int) ([]kv.Pair, error) {
	if len(to) > 0 && bytes.Compare(from, to) >= 0 {
		return nil, nil // whatever happens, nothing will be between them
	}
	sp := span{from: string(from), to: string(to)}
	var pairs []kv.Pair
	next, end := sn.s.space.full(sp.from), sn.s.space.upto(sp.to)
	for len(pairs) < limit {
		got, err := sn.ask(next, clientv3.WithRange(end), clientv3.WithLimit(int64(min(limit-len(pairs), pageSize))))
		if err != nil {
			return nil, err
		}
		for _, p := range got.Kvs {
			pairs = append(pairs, sn.take(&sp, p))
		}
		if !got.More || len(got.Kvs) == 0 {
			break
		}
		next = string(kv.After(got.Kvs[len(got.Kvs)-1].Key))
	}
	if sn.keeps {
		sn.spans = append(sn.spans, sp)
	}
	return pairs, nil
}

func (sn *snapshot) take(sp *span, p *mvccpb.KeyValue) kv.Pair {
	key := sn.s.space.own(p.Key)
	if sn.keeps {
		sp.keys = append(sp.keys, string(key))
		sn.known[string(key)] = entry{p.Value, p.ModRevision}
	}
	return kv.Pair{Key: key, Value: p.Value}
}

// ask reads at the revision of the snapshot. The first question fixes it, and goes to a majority, so that nothing that was
// acknowledged before is missing. Of a fixed revision every member that has it says the same, so the next questions go to
// one alone, and to a majority only if that one is not so far yet.
func (sn *snapshot) ask(key string, opts ...clientv3.OpOption) (*clientv3.GetResponse, error) {
	if sn.rev != 0 {
		opts = append(opts, clientv3.WithRev(sn.rev))
	}
	alone := sn.rev != 0
	ctx, cancel := context.WithTimeoutCause(sn.ctx, sn.s.opt.Silence, errPatience)
	defer cancel()
	got, err := read(sn.s, ctx, func(ctx context.Context) (*clientv3.GetResponse, error) {
		if alone {
			alone = false
			got, err := sn.s.client.Get(ctx, key, append(opts, clientv3.WithSerializable())...)
			if !errors.Is(err, rpctypes.ErrFutureRev) {
				return got, err
			}
		}
		return sn.s.client.Get(ctx, key, opts...)
	})
	if errors.Is(err, rpctypes.ErrCompacted) {
		sn.past = true
		return nil, fmt.Errorf("%w; what is read for so long needs a longer --auto-compaction-retention", err)
	}
	if err != nil {
		return nil, err
	}
	if sn.rev == 0 {
		sn.rev = got.Header.Revision
	}
	return got, nil
}

// compares gives what must still hold for whatever was read to be true: of each key its last change, of each range that
// nothing in it is newer than the snapshot. A pair of a range is compared by itself too, because one that is gone leaves
// nothing that could be newer.
func (sn *snapshot) compares() []clientv3.Cmp {
	var all []clientv3.Cmp
	each := maps.Clone(sn.gets)
	for _, sp := range sn.spans {
		from, end := sn.s.space.full(sp.from), sn.s.space.upto(sp.to)
		all = append(all, clientv3.Compare(clientv3.ModRevision(from).WithRange(end), "<", sn.rev+1))
		for _, key := range sp.keys {
			each[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(each)) {
		all = append(all, clientv3.Compare(clientv3.ModRevision(sn.s.space.full(key)), "=", sn.known[key].mod))
	}
	return all
}

// tx is what a closure of an update reads and writes through.
type tx struct {
	*kv.Buffer
	sn *snapshot
}

// Scan notes how much of a range was really seen. The buffer asks for more pairs than its caller wants, where some may turn
// out to be deleted by the update itself; what lies beyond the last pair that the caller got had no part in what it did.
func (t tx) Scan(from, to []byte, limit int) ([]kv.Pair, error) {
	before := len(t.sn.spans)
	pairs, err := t.Buffer.Scan(from, to, limit)
	if err == nil && len(pairs) == limit && len(t.sn.spans) > before {
		sp := &t.sn.spans[before]
		last := string(pairs[limit-1].Key)
		sp.to = last + "\x00"
		sp.keys = slices.DeleteFunc(sp.keys, func(key string) bool { return key > last })
	}
	return pairs, err
}
