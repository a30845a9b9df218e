//go:build etcd

package etcd

import (
	"context"
	"errors"
	"io"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc"
)

// keep keeps the lease of a term alive until it is to end, or has ended. A cluster that is away ends nothing: without a
// leader no lease ends, and a new leader gives each its full time again. So only its own word counts.
func (t *term) keep() {
	defer close(t.gone)
	defer t.ended.close()
	p := pulse{s: t.s, id: t.id}
	defer p.drop()
	next := time.NewTimer(beat)
	defer next.Stop()
	for {
		select {
		case <-t.ending.c:
			t.err = t.s.revoke(t.id)
			return
		case <-t.s.idle:
			t.err = t.s.revoke(t.id)
			return
		case <-next.C:
		}
		begun := time.Now()
		switch left, reign, err := p.beat(); {
		case err != nil:
			t.s.opt.Log.Debug("a beat of a lease had no answer", "office", t.office, "cause", err)
		case left <= 0:
			t.s.opt.Log.Warn("an office is lost: its lease was missed", "office", t.office)
			return
		case !t.sign(reign):
			t.s.opt.Log.Warn("an office is lost: it was passed on while this process could not be heard of", "office", t.office)
			t.err = t.s.revoke(t.id)
			return
		}
		next.Reset(max(beat-time.Since(begun), beat/4))
	}
}

// revoke gives a lease back, for as long as it would live.
func (s *Store) revoke(id clientv3.LeaseID) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), leaseSeconds*time.Second, errPatience)
	defer cancel()
	_, err := read(s, ctx, func(ctx context.Context) (*clientv3.LeaseRevokeResponse, error) {
		return s.client.Revoke(ctx, id)
	})
	if errors.Is(err, rpctypes.ErrLeaseNotFound) {
		return nil
	}
	return err
}

// pulse is the stream on which a lease is kept alive. The library's own stays on a member that has fallen silent for longer
// than a lease lives, and its single requests sign in anew each time.
type pulse struct {
	s      *Store
	id     clientv3.LeaseID
	stream etcdserverpb.Lease_LeaseKeepAliveClient
	cancel context.CancelFunc
}

const (
	// silence is how long a member may owe an answer before another is asked.
	silence = beat

	// signIn is how long signing in anew may take.
	signIn = 2 * beat

	// known is how long members take to hear of a sign-in: with the usual kind of tokens a member that has not heard of it
	// refuses the first request.
	known = 100 * time.Millisecond
)

// signed opens a stream with the token that the client has. The library signs in anew for each, which costs a node a tenth of a
// second of its processor, on purpose; where it has none to spare that takes longer than a lease lives.
func signed(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	return open(ctx, desc, cc, method, opts...)
}

// beat asks once and gives the seconds that the lease has left, 0 if it is gone, and the reign that the member knew of when
// it was asked. A stream without an answer in time is left for one on another member.
func (p *pulse) beat() (left int64, reign uint64, err error) {
	if p.stream != nil {
		if left, reign, err = p.ask(); err == nil {
			return left, reign, nil
		}
	}
	for try := 0; ; try++ {
		if err = p.open(); err == nil {
			left, reign, err = p.ask()
		}
		if err == nil || try > 0 || p.s.opt.User == "" || !unsigned(err) {
			return left, reign, err
		}
		p.sign()
	}
}

// unsigned says that a token has ended.
func unsigned(err error) bool {
	err = rpctypes.Error(err)
	return errors.Is(err, rpctypes.ErrInvalidAuthToken) || errors.Is(err, rpctypes.ErrAuthOldRevision) || errors.Is(err, rpctypes.ErrUserEmpty)
}

// sign gets a new token: the client does, when a question was refused for the old one.
func (p *pulse) sign() {
	ctx, cancel := context.WithTimeout(p.s.client.Ctx(), signIn)
	defer cancel()
	_, _ = p.s.client.Get(ctx, p.s.space.full(versionName), clientv3.WithSerializable())
	time.Sleep(known)
}

func (p *pulse) open() error {
	p.drop()
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(p.s.client.Ctx()))
	p.cancel = cancel
	defer time.AfterFunc(silence, cancel).Stop()
	stream, err := etcdserverpb.NewLeaseClient(p.s.client.ActiveConnection()).LeaseKeepAlive(ctx)
	if err != nil {
		p.drop()
		return err
	}
	p.stream = stream
	return nil
}

func (p *pulse) ask() (left int64, reign uint64, err error) {
	defer time.AfterFunc(silence, p.cancel).Stop()
	err = p.stream.Send(&etcdserverpb.LeaseKeepAliveRequest{ID: int64(p.id)})
	if err == nil || errors.Is(err, io.EOF) { // why it ended is said where answers are
		var answer *etcdserverpb.LeaseKeepAliveResponse
		if answer, err = p.stream.Recv(); err == nil {
			return answer.TTL, answer.Header.GetRaftTerm(), nil
		}
	}
	p.drop()
	return 0, 0, err
}

func (p *pulse) drop() {
	if p.cancel != nil {
		p.cancel()
	}
	p.stream, p.cancel = nil, nil
}
