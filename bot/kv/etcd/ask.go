//go:build etcd

package etcd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"amana/bot/kv"
)

// read asks a question that changes nothing, of one member after the other, until one answers, ctx ends, or no other
// answer is to be had. Which one is asked is decided by members.
func read[T any](s *Store, ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	for try := 0; ; try++ {
		tr := new(trail)
		within, cancel := context.WithTimeout(tr.on(ctx), s.opt.Attempt)
		got, err := ask(within)
		cancel()
		f, err := s.judge(tr.tell(err), true)
		switch {
		case f == answered:
			return got, nil
		case ctx.Err() != nil:
			return got, late(ctx, err)
		case f == refused || f == full:
			return got, fmt.Errorf("reading from the cluster: %w", err)
		}
		if !pause(ctx, backoff(try)) {
			return got, late(ctx, err)
		}
	}
}

// late is why a question found no answer: its caller left, or no member answered within our patience.
func late(ctx context.Context, last error) error {
	if errors.Is(context.Cause(ctx), errPatience) {
		return fmt.Errorf("asking the cluster: %w (%w)", kv.ErrAway, last)
	}
	return ctx.Err()
}

var errPatience = errors.New("no answer within the time that was set")

// send sends a transaction once, and says what became of it. It takes no notice of the end of ctx: what was sent is
// waited for.
func (s *Store) send(ctx context.Context, within time.Duration, t txn) (*clientv3.TxnResponse, fate, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	tr := new(trail)
	resp, err := s.client.Txn(tr.on(ctx)).If(t.compares...).Then(t.then...).Else(t.otherwise...).Commit()
	f, err := s.judge(tr.tell(err), tr.sent.Load())
	return resp, f, err
}

// insist sends a transaction that may be sent twice until it is answered.
func (s *Store) insist(ctx context.Context, t txn) (*clientv3.TxnResponse, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.opt.Patience, errPatience)
	defer cancel()
	for try := 0; ; try++ {
		if ctx.Err() != nil {
			return nil, late(ctx, context.Cause(ctx))
		}
		resp, f, err := s.send(ctx, s.opt.Attempt, t)
		switch f {
		case answered:
			return resp, nil
		case refused, full:
			return nil, err
		}
		if !pause(ctx, backoff(try)) {
			return nil, late(ctx, err)
		}
	}
}

// txn is what a cluster compares and then does.
type txn struct {
	compares        []clientv3.Cmp
	then, otherwise []clientv3.Op
}

// trail is what one request leaves behind on its way out.
type trail struct {
	sent  atomic.Bool // it left this process; errs on that side
	last  atomic.Pointer[error]
	taken atomic.Pointer[func()] // tells against the member that took it
}

// blames tells against the member that took the request.
func (tr *trail) blames() {
	if against := tr.taken.Load(); against != nil {
		(*against)()
	}
}

type trailKey struct{}

// on gives a context that leaves the trail, and that a member without a leader refuses at once.
func (tr *trail) on(ctx context.Context) context.Context {
	return context.WithValue(clientv3.WithRequireLeader(ctx), trailKey{}, tr)
}

// tell gives the error of the connection in place of the mere end of a context, for which the client exchanges it: a
// certificate that is refused must not read like a slow answer.
func (tr *trail) tell(err error) error {
	if last := tr.last.Load(); last != nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) {
		return *last
	}
	return err
}

// noting keeps the error of each request for its trail.
func noting(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := invoke(ctx, method, req, reply, cc, opts...)
	if tr, is := ctx.Value(trailKey{}).(*trail); is && err != nil {
		tr.last.Store(&err)
	}
	return err
}

// sends notes for its trail that a request left.
type sends struct{}

func (sends) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (sends) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (sends) HandleConn(context.Context, stats.ConnStats)                       {}

func (sends) HandleRPC(ctx context.Context, event stats.RPCStats) {
	switch event.(type) {
	case *stats.OutHeader, *stats.OutPayload:
		if tr, is := ctx.Value(trailKey{}).(*trail); is {
			tr.sent.Store(true)
		}
	}
}

// backoff gives how long to wait before what was tried so often is tried again: longer each time, and never the same, so
// that those who collided do not meet again.
func backoff(try int) time.Duration {
	most := min(time.Millisecond<<min(try, 10), 100*time.Millisecond)
	return rand.N(most) + most/4
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
