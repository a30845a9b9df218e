//go:build etcd

package etcd

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc"

	"amana/bot/kv"
)

// TestCourse holds answers against what was seen before they were asked for.
func TestCourse(t *testing.T) {
	at := func(revision int64) *etcdserverpb.ResponseHeader {
		return &etcdserverpb.ResponseHeader{ClusterId: 7, Revision: revision}
	}
	sure, alone := &etcdserverpb.RangeRequest{}, &etcdserverpb.RangeRequest{Serializable: true}
	read := func(revision int64) any { return &etcdserverpb.RangeResponse{Header: at(revision)} }
	wrote := func(revision int64) any { return &etcdserverpb.TxnResponse{Header: at(revision), Succeeded: true} }
	vain := func(revision int64) any { return &etcdserverpb.TxnResponse{Header: at(revision)} }
	txn := &etcdserverpb.TxnRequest{}
	for _, s := range []struct {
		name          string
		req, reply    any
		fault         error
		others        int64
		back, unknown bool
	}{
		{name: "as it was", req: sure, reply: read(10)},
		{name: "further on", req: txn, reply: wrote(11)},
		{name: "a member that lags, asked alone", req: alone, reply: read(3)},
		{name: "another one was answered sooner", req: sure, reply: read(10), others: 20},
		{name: "a revision that one member does not have yet", req: &etcdserverpb.RangeRequest{Serializable: true, Revision: 10}, fault: rpctypes.ErrGRPCFutureRev},
		{name: "a revision that nobody saw", req: &etcdserverpb.RangeRequest{Revision: 12}, fault: rpctypes.ErrGRPCFutureRev},
		{name: "on a stream of leases", req: &etcdserverpb.LeaseGrantRequest{}, reply: &etcdserverpb.LeaseGrantResponse{Header: at(1)}},
		{name: "a majority knows less", req: sure, reply: read(9), back: true},
		{name: "a transaction knows less", req: txn, reply: vain(9), back: true},
		{name: "a transaction did something where less is known", req: txn, reply: wrote(9), back: true, unknown: true},
		{name: "a majority does not have a revision that was read", req: &etcdserverpb.RangeRequest{Revision: 10}, fault: rpctypes.ErrGRPCFutureRev, back: true},
	} {
		c := &course{patience: time.Second}
		c.cluster.Store(7)
		c.reach(10)
		invoke := func(_ context.Context, _ string, _, _ any, _ *grpc.ClientConn, _ ...grpc.CallOption) error {
			c.reach(s.others)
			return s.fault
		}
		err := c.watch(t.Context(), "", s.req, s.reply, nil, invoke)
		if errors.Is(err, kv.ErrBack) != s.back || errors.Is(err, kv.ErrUnknown) != s.unknown || !s.back && err != s.fault {
			t.Errorf("%s: %v", s.name, err)
		}
		sent := false
		err = c.watch(t.Context(), "", sure, read(100), nil, func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error {
			sent = true
			return nil
		})
		if errors.Is(err, kv.ErrBack) != s.back || sent == s.back {
			t.Errorf("%s: the next question, sent %v: %v", s.name, sent, err)
		}
	}
}

// TestStranger lets a member answer that is a cluster of its own: it is passed over, until nobody else answers for too long.
func TestStranger(t *testing.T) {
	c := &course{patience: time.Second}
	at := time.Now()
	for _, s := range []struct {
		cluster    uint64
		after      time.Duration
		home, over bool
	}{
		{7, 0, true, false}, {8, 0, false, false}, {8, 900 * time.Millisecond, false, false}, {7, time.Second, true, false},
		{8, 2 * time.Second, false, false}, {9, 2900 * time.Millisecond, false, false}, {8, 3 * time.Second, false, true},
	} {
		home := c.home(s.cluster, at.Add(s.after))
		if over := errors.Is(c.err(), kv.ErrStray); home != s.home || over != s.over {
			t.Errorf("%d after %v: at home %v, over %v", s.cluster, s.after, home, over)
		}
	}
}
