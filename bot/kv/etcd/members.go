//go:build etcd

package etcd

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/balancer/base"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// members decides which member a request goes to. The client would go round all of them, so that with one that hangs, and
// keeps its connections, every third request hangs until somebody notices, which takes a quarter of a minute. Ours stays
// with one member and leaves it as soon as it owes an answer or is slow.
type members struct{}

const policyName = "amana_members"

// policyConfig asks for the policy. The library knows policies by their names, and must hear of one before anybody dials.
var policyConfig = func() string {
	balancer.Register(members{})
	return `{"loadBalancingConfig":[{"` + policyName + `":{}}]}`
}()

func (members) Name() string { return policyName }

// Build makes what decides for one client.
func (members) Build(cc balancer.ClientConn, opts balancer.BuildOptions) balancer.Balancer {
	st := &standing{order: map[string]int{}, failed: map[string]time.Time{}}
	return flat{base.NewBalancerBuilder(policyName, st, base.Config{}).Build(cc, opts)}
}

// flat gives the addresses of the client's resolver in the older of two ways, which the builder knows.
type flat struct{ balancer.Balancer }

func (f flat) UpdateClientConnState(s balancer.ClientConnState) error {
	s.ResolverState.Addresses = nil
	for _, e := range s.ResolverState.Endpoints {
		s.ResolverState.Addresses = append(s.ResolverState.Addresses, e.Addresses...)
	}
	return f.Balancer.UpdateClientConnState(s)
}

const (
	slow   = time.Second // an answer that took longer is as bad as none
	grudge = time.Minute // after which a member is taken for good again
)

// standing is what is remembered of the members, by their addresses.
type standing struct {
	mu     sync.Mutex
	order  map[string]int       // by chance, so that processes stay with different ones
	failed map[string]time.Time // when it failed last
}

// Build gives a choice among the members to which there is a connection.
func (st *standing) Build(info base.PickerBuildInfo) balancer.Picker {
	if len(info.ReadySCs) == 0 {
		return base.NewErrPicker(balancer.ErrNoSubConnAvailable)
	}
	c := choice{st: st}
	for conn, at := range info.ReadySCs {
		c.ready = append(c.ready, candidate{conn, at.Address.Addr})
	}
	return c
}

type choice struct {
	st    *standing
	ready []candidate
}

type candidate struct {
	conn balancer.SubConn
	addr string
}

// Pick takes the member that has not failed, or whose failure is the longest ago.
func (c choice) Pick(info balancer.PickInfo) (balancer.PickResult, error) {
	begun := time.Now()
	c.st.mu.Lock()
	defer c.st.mu.Unlock()
	best := slices.MinFunc(c.ready, func(a, b candidate) int {
		return cmp.Or(c.st.grudge(a.addr, begun).Compare(c.st.grudge(b.addr, begun)), c.st.turn(a.addr)-c.st.turn(b.addr))
	})
	if tr, is := info.Ctx.Value(trailKey{}).(*trail); is {
		against := func() { c.st.note(best.addr, nil, true) }
		tr.taken.Store(&against)
	}
	streams := strings.HasSuffix(info.FullMethodName, "/Watch") || strings.HasSuffix(info.FullMethodName, "/LeaseKeepAlive")
	return balancer.PickResult{SubConn: best.conn, Done: func(how balancer.DoneInfo) {
		c.st.note(best.addr, how.Err, !streams && time.Since(begun) > slow)
	}}, nil
}

func (st *standing) grudge(addr string, now time.Time) time.Time {
	if at := st.failed[addr]; now.Sub(at) < grudge {
		return at
	}
	return time.Time{}
}

func (st *standing) turn(addr string) int {
	if st.order[addr] == 0 {
		st.order[addr] = 1 + rand.IntN(1<<30)
	}
	return st.order[addr]
}

// note remembers how a request ended. One that its caller gave up tells against a member too, rather than not at all.
func (st *standing) note(addr string, err error, slow bool) {
	switch status.Code(err) {
	case codes.DeadlineExceeded, codes.Canceled, codes.Unavailable, codes.Unauthenticated:
		slow = true
	case codes.ResourceExhausted: // too far behind, but not full
		slow = slow || !errors.Is(rpctypes.Error(err), rpctypes.ErrNoSpace)
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if slow {
		st.failed[addr] = time.Now()
	} else {
		delete(st.failed, addr)
	}
}
