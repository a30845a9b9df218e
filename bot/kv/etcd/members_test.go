//go:build etcd

package etcd

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/balancer/base"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/status"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
)

type connTo struct {
	balancer.SubConn
	addr string
}

// TestMembers asks one member after the other as they fail.
func TestMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &standing{order: map[string]int{"a": 1, "b": 2, "c": 3}, failed: map[string]time.Time{}}
		among := func(addrs ...string) balancer.Picker {
			ready := map[balancer.SubConn]base.SubConnInfo{}
			for _, addr := range addrs {
				ready[connTo{addr: addr}] = base.SubConnInfo{Address: resolver.Address{Addr: addr}}
			}
			return st.Build(base.PickerBuildInfo{ReadySCs: ready})
		}
		all := among("a", "b", "c")
		const question, stream = "/etcdserverpb.KV/Range", "/etcdserverpb.Lease/LeaseKeepAlive"
		tr := new(trail)
		ask := func(p balancer.Picker, method, want string, took time.Duration, err error) {
			t.Helper()
			got, no := p.Pick(balancer.PickInfo{FullMethodName: method, Ctx: context.WithValue(t.Context(), trailKey{}, tr)})
			if no != nil {
				t.Fatal(no)
			}
			if to := got.SubConn.(connTo).addr; to != want {
				t.Errorf("it asks %s, want %s", to, want)
			}
			time.Sleep(took)
			got.Done(balancer.DoneInfo{Err: err})
		}
		silent := status.Error(codes.DeadlineExceeded, "")
		for range 3 {
			ask(all, question, "a", time.Millisecond, nil)
		}
		ask(all, question, "a", time.Second/2, rpctypes.ErrGRPCCompacted)
		ask(all, question, "a", time.Second/2, rpctypes.ErrGRPCNoSpace)
		ask(all, stream, "a", time.Hour, nil)
		ask(all, question, "a", 2*time.Second, silent)
		ask(all, question, "b", 2*time.Second, nil) // slow
		ask(all, stream, "c", time.Second, rpctypes.ErrGRPCNoLeader)
		ask(all, question, "a", time.Millisecond, rpctypes.ErrGRPCRequestTooManyRequests) // who failed the longest ago
		ask(all, question, "b", time.Millisecond, rpctypes.ErrGRPCInvalidAuthToken)
		ask(all, question, "c", time.Millisecond, nil)
		ask(among("a", "b"), question, "a", time.Millisecond, silent)
		ask(all, question, "c", time.Millisecond, nil)
		time.Sleep(grudge)
		ask(all, question, "a", time.Millisecond, nil)
		tr.blames() // what it answered was another cluster's
		ask(all, question, "b", time.Millisecond, nil)
		if _, err := among().Pick(balancer.PickInfo{}); err != balancer.ErrNoSubConnAvailable {
			t.Errorf("among nobody: %v", err)
		}
	})
}
