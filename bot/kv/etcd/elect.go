//go:build etcd

package etcd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// An office is a line of keys, one for each who asks for it, each on a lease of its own. The one with the lowest create
// revision holds the office, so that whoever asked first is next. A lease that is missed takes its key with it.
//
// The library has elections too. Ours differ where it matters here: a campaign outlasts the loss of members and of the
// quorum; what is cancelled or lost never blocks on a cluster that is away; leases are kept alive on another member as
// soon as one is silent; and the fence goes into the commit of every update, without which an office is a hint.

const (
	// A process that dies is followed when its lease ends: the time to live, and what a leader takes to notice (it looks
	// twice a second). A stock cluster lets none be shorter than two seconds.
	leaseSeconds = 3
	beat         = leaseSeconds * time.Second / 6

	// lookAgain is how often who waits looks whether its turn has come.
	lookAgain = 200 * time.Millisecond
)

// errMissed says that a lease ended.
var errMissed = errors.New("its lease was missed")

// term is an office that is held, or asked for.
type term struct {
	s      *Store
	office string
	id     clientv3.LeaseID
	fence
	stands chan struct{} // closed once it has its place in the line
	ending *once         // somebody wants it to end
	ended  *once         // it has, and it is known
	gone   chan struct{}
	err    error  // of giving the lease back; to be read once it is gone
	signed uint64 // the latest reign of a leader in which it gave a sign; of keep alone
}

// once is a channel that is closed once.
type once struct {
	sync.Once
	c chan struct{}
}

func newOnce() *once   { return &once{c: make(chan struct{})} }
func (o *once) close() { o.Do(func() { close(o.c) }) }
func (o *once) is() bool {
	select {
	case <-o.c:
		return true
	default:
		return false
	}
}

// Campaign waits until this process holds the office, however long the cluster may be away meanwhile. It fails if ctx
// ends, if the store is closed, or if the cluster does not let us.
func (s *Store) Campaign(ctx context.Context, office string) (kv.Term, error) {
	if office == "" || strings.ContainsAny(office, "/\x00") {
		return nil, errors.New("asking for an office: its name is a short word")
	}
	for {
		t, err := s.stand(ctx, office)
		if err == nil {
			if err = t.wait(ctx); err == nil {
				return t, nil
			}
			t.ending.close()
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case s.quits():
			return nil, fmt.Errorf("asking for the office %s: %w", office, kv.ErrClosed)
		case !errors.Is(err, kv.ErrAway) && !errors.Is(err, errMissed):
			return nil, fmt.Errorf("asking for the office %s: %w", office, err)
		}
		s.opt.Log.Warn("asking for an office again", "office", office, "cause", err)
		if !pause(ctx, backoff(10)) {
			return nil, ctx.Err()
		}
	}
}

// line is the beginning of the keys of all who ask for an office.
func (s *Store) line(office string) string { return s.space.full(officeShelf + office + "/") }

// stand takes a place in the line.
func (s *Store) stand(ctx context.Context, office string) (*term, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	// A lease whose answer is lost ends by itself.
	lease, err := read(s, ctx, func(ctx context.Context) (*clientv3.LeaseGrantResponse, error) {
		return s.client.Grant(ctx, leaseSeconds)
	})
	if err != nil {
		return nil, err
	}
	t := &term{s: s, office: office, id: lease.ID, stands: make(chan struct{}), ending: newOnce(), ended: newOnce(), gone: make(chan struct{})}
	t.signed = lease.ResponseHeader.GetRaftTerm()
	t.fence = fence{key: fmt.Sprintf("%s%016x", s.line(office), int64(lease.ID)), lost: t.lose}
	s.terms.Go(t.keep)
	resp, err := s.insist(ctx, txn{
		compares:  []clientv3.Cmp{clientv3.Compare(clientv3.CreateRevision(t.key), "=", 0)},
		then:      []clientv3.Op{t.putSign(lease.ResponseHeader.GetRaftTerm())},
		otherwise: []clientv3.Op{clientv3.OpGet(t.key)}, // an attempt of before whose answer was lost
	})
	switch {
	case err != nil && t.ended.is():
		err = errMissed
	case err != nil:
	case resp.Succeeded:
		t.rev = resp.Header.Revision
	default:
		t.rev = resp.Responses[0].GetResponseRange().Kvs[0].CreateRevision
	}
	if err != nil {
		t.ending.close()
		return nil, err
	}
	close(t.stands)
	return t, nil
}

// wait waits until nobody stands before us. It asks now and then, and watches nothing: a member that has not heard of our
// latest sign-in yet refuses a watch as well as a question, but a watch is not asked again by the library.
func (t *term) wait(ctx context.Context) error {
	s := t.s
	before := append(clientv3.WithLastCreate(), clientv3.WithMaxCreateRev(t.rev-1))
	var v vigil
	for {
		within, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
		got, err := read(s, within, func(ctx context.Context) (*clientv3.TxnResponse, error) {
			return s.client.Txn(ctx).Then(
				clientv3.OpGet(t.key, clientv3.WithKeysOnly()),
				clientv3.OpGet(s.line(t.office), before...),
			).Commit()
		})
		cancel()
		switch {
		case t.ended.is():
			return errMissed
		case err != nil:
			return err
		}
		mine, next := got.Responses[0].GetResponseRange().Kvs, got.Responses[1].GetResponseRange().Kvs
		switch {
		case len(mine) == 0 || mine[0].CreateRevision != t.rev:
			return errMissed
		case len(next) == 0:
			return nil
		}
		if reign := got.Header.RaftTerm; v.silent(next[0], reign, time.Now()) && t.pass(ctx, next[0], reign) {
			continue
		}
		select {
		case <-time.After(lookAgain):
		case <-t.ended.c:
			return errMissed
		case <-ctx.Done():
			return ctx.Err()
		case <-s.quit:
			return kv.ErrClosed
		}
	}
}

// Bind gives a context whose updates compare the key of this term in their commit.
func (t *term) Bind(ctx context.Context) context.Context { return kv.Fence(ctx, t.fence) }

// Done is closed once the cluster said that the lease is gone, or refused an update under this term.
func (t *term) Done() <-chan struct{} { return t.ended.c }

// Resign gives the lease back. If the cluster cannot be reached, the next one comes in once it is missed.
func (t *term) Resign(ctx context.Context) error {
	t.ending.close()
	select {
	case <-t.gone:
	case <-ctx.Done():
		return ctx.Err()
	}
	if t.err != nil {
		return fmt.Errorf("resigning the office %s: %w", t.office, t.err)
	}
	return nil
}

// lose is what follows when an update was refused because of this term.
func (t *term) lose() {
	t.ended.close()
	t.ending.close()
}
