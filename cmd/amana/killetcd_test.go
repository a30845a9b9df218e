//go:build etcd

package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var (
	fleetKills = flag.Int("fleet-kills", 6, "how often TestKillNineTogether kills a machine, a node of the cluster, or both; by webhook half as often")
	fleetCrowd = flag.Int("fleet-crowd", 5, "how many people talk to the machines at the same time meanwhile")
)

// TestKillNineTogether is TestKillNine where two machines serve over three nodes. Killed is whichever machine hears, or any, or
// a node, the leader or any, or a machine and a node at once; another machine goes on by itself, and what was killed comes
// back. The promise is held against the same transcripts, and against what the cluster holds.
func TestKillNineTogether(t *testing.T) {
	t.Parallel()
	k := newStorm(t, *fleetKills, nil)
	k.run()
	k.judge()
	k.fleet.one()
	t.Log(k.told())
}

// TestKillNineTogetherByWebhook does the same, less often, where Telegram brings updates, now to one machine and now to the
// other.
func TestKillNineTogetherByWebhook(t *testing.T) {
	t.Parallel()
	addrs := []string{freePort(t), freePort(t)}
	k := newStorm(t, max(1, *fleetKills/2), func(n int) string {
		return "telegram: {webhook: \"https://hook.example/" + hiddenPath + "\", listen: \"" + addrs[n] + "\"}"
	})
	balance, both := balancer(t, addrs)
	k.api.Forward("hook.example", balance)
	k.run()
	k.judge()
	if n := len(k.api.Requests("getUpdates")); n > 0 {
		t.Errorf("polled %d times", n)
	}
	t.Log(k.told())
	for n := range both {
		if both[n].Load() == 0 {
			t.Errorf("machine %d was brought nothing", n)
		}
	}
}

// storm is a crowd before several machines, of which, and of whose nodes, some are killed.
type storm struct {
	*killing
	fleet                             *fleet
	hits, machinesKilled, nodesKilled int
}

func (s *storm) told() string {
	return fmt.Sprintf("machines were killed %d times, nodes %d times", s.machinesKilled, s.nodesKilled)
}

func newStorm(tb testing.TB, kills int, lines func(int) string) *storm {
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	tb.Logf("seed %d (-kill-seed)", seed)
	s := &storm{fleet: newFleet(tb, 2, killedTrial(seed, ""), lines)}
	s.killing = killingOf(s.fleet.trial, kills, *fleetCrowd, seed)
	s.begin, s.end, s.sound = s.fleet.serveAll, s.fleet.stopAll, s.fleet.sound
	s.strike = func() func() { return s.hit(lines == nil) }
	if lines != nil {
		s.spare = hookSpare
	}
	return s
}

// hit kills, and gives what starts again.
func (s *storm) hit(polled bool) (again func()) {
	var dead *station
	node, way := -1, s.hits%4
	s.hits++
	if way != 1 {
		dead = s.fleet.machines[s.rand.IntN(len(s.fleet.machines))]
		if polled && s.rand.IntN(3) > 0 {
			dead = s.fleet.hearer()
		}
		s.machinesKilled++
	}
	if way == 1 || way == 2 {
		node = s.rand.IntN(s.fleet.cluster.Nodes())
		if s.rand.IntN(2) == 0 {
			if leader, err := s.fleet.cluster.Leader(s.Context()); err == nil {
				node = leader
			}
		}
		s.nodesKilled++
	}
	if dead != nil {
		dead.kill()
	}
	if node >= 0 {
		s.fleet.cluster.Kill(node)
	}
	return func() {
		time.Sleep(time.Duration(s.rand.Int64N(int64(4 * time.Second)))) // the others go on alone
		if node >= 0 {
			if err := s.fleet.cluster.Restart(node); err != nil {
				s.Fatal(err)
			}
		}
		if dead != nil {
			dead.serve()
		}
		ctx, done := context.WithTimeout(s.Context(), time.Minute)
		defer done()
		if err := s.fleet.cluster.Ready(ctx); err != nil {
			s.Fatal(err)
		}
	}
}

// balancer stands before machines that are brought updates, as what ends TLS for them all does: each gets its turn, and one
// that is not there is passed over. It counts what each was brought.
func balancer(tb testing.TB, addrs []string) (addr string, brought []atomic.Int64) {
	brought = make([]atomic.Int64, len(addrs))
	var turn atomic.Int64
	direct := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		first := int(turn.Add(1))
		var err error
		for n := range addrs {
			at := (first + n) % len(addrs)
			var c net.Conn
			if c, err = new(net.Dialer).DialContext(ctx, network, addrs[at]); err == nil {
				brought[at].Add(1)
				return c, nil
			}
		}
		return nil, err
	}, DisableKeepAlives: true}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", "machines"
			r.Out.Host = r.In.Host
		},
		Transport: direct, ErrorLog: log.New(discard{}, "", 0),
	})
	tb.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), brought
}
