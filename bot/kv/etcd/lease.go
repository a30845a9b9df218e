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
		switch left, err := p.beat(); {
		case err != nil:
			t.s.opt.Log.Debug("a beat of a lease had no answer", "office", t.office, "cause", err)
		case left <= 0:
			t.s.opt.Log.Warn("an office is lost: its lease was missed", "office", t.office)
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
	silence = beat * 2 / 3

	// known is how long members take to hear of a sign-in, of which every stream needs one: with the usual kind of tokens
	// a member that has not heard of it refuses the first request.
	known = 100 * time.Millisecond
)

// beat asks once and gives the seconds that the lease has left, 0 if it is gone. A stream without an answer in time is
// left for one on another member.
func (p *pulse) beat() (left int64, err error) {
	if p.stream != nil {
		if left, err = p.ask(); err == nil {
			return left, nil
		}
	}
	if err = p.open(); err == nil {
		left, err = p.ask()
	}
	return left, err
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
	if p.s.opt.User != "" {
		time.Sleep(known)
	}
	p.stream = stream
	return nil
}

func (p *pulse) ask() (int64, error) {
	defer time.AfterFunc(silence, p.cancel).Stop()
	err := p.stream.Send(&etcdserverpb.LeaseKeepAliveRequest{ID: int64(p.id)})
	if err == nil || errors.Is(err, io.EOF) { // why it ended is said where answers are
		var answer *etcdserverpb.LeaseKeepAliveResponse
		if answer, err = p.stream.Recv(); err == nil {
			return answer.TTL, nil
		}
	}
	p.drop()
	return 0, err
}

func (p *pulse) drop() {
	if p.cancel != nil {
		p.cancel()
	}
	p.stream, p.cancel = nil, nil
}
