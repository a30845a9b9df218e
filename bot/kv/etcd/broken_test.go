//go:build etcd

package etcd_test

import (
	"context"
	"strings"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

// The faults have teeth: engines as they must not be, on the same cluster under the same faults, are found out.

// forgetful names no update, so that one whose answer was lost is done again.
type forgetful struct{ kvtest.Engine }

func (f forgetful) Update(ctx context.Context, _ kv.ID, fn func(kv.Tx) error) error {
	return f.Engine.Update(ctx, kv.ID{}, fn)
}

// trusting lets one member answer every View by itself, as an etcd does that is asked for "serializable" reads.
type trusting struct {
	kvtest.Engine
	client *clientv3.Client
	prefix string
}

func (s trusting) View(ctx context.Context, fn func(kv.Reader) error) error {
	return fn(oneMember{ctx, s})
}

type oneMember struct {
	ctx context.Context
	s   trusting
}

func (r oneMember) Get(key []byte) ([]byte, bool, error) {
	got, err := r.s.client.Get(r.ctx, r.s.prefix+string(key), clientv3.WithSerializable())
	if err != nil || len(got.Kvs) == 0 {
		return nil, false, err
	}
	return got.Kvs[0].Value, true, nil
}

func (r oneMember) Scan([]byte, []byte, int) ([]kv.Pair, error) { panic("writers scan nothing") }

// finds plays on a broken engine during a fault and wants the check to say what is wrong.
func finds(t *testing.T, st *etcd.Store, broken kvtest.Engine, want string, fault func()) {
	t.Helper()
	playing := kvtest.Play([]kvtest.Engine{broken}, 4, 5*time.Millisecond)
	fault()
	playing.Stop(10 * time.Second)
	if err := playing.Check(t.Context(), st); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nfound %v, want %q", playing, err, want)
	}
}

func testForgetful(t *testing.T, c *etcdtest.Cluster) {
	opt := options(c, c.Doors)
	opt.Attempt, opt.Patience = 500*time.Millisecond, time.Second
	st := fresh(t, opt)
	finds(t, st, forgetful{st}, "there twice", func() {
		for range 5 {
			time.Sleep(200 * time.Millisecond)
			c.Each(func(l *etcdtest.Link) { l.Lose(etcdtest.Back) })
			time.Sleep(100 * time.Millisecond)
			c.Each((*etcdtest.Link).Heal)
		}
	})
}

func testTrusting(t *testing.T, c *etcdtest.Cluster) {
	opt := options(c, c.Doors)
	opt.Attempt = 500 * time.Millisecond
	st := fresh(t, opt)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	leader, err := c.Leader(ctx)
	if err != nil {
		t.Fatal(err)
	}
	follower := (leader + 1) % 3
	client, err := clientv3.New(clientv3.Config{
		Endpoints: c.Endpoints[follower : follower+1], TLS: c.TLS(), Username: etcdtest.User, Password: etcdtest.Password,
		DialTimeout: 10 * time.Second, Logger: zap.NewNop(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	prefix, err := etcd.Prefix(opt.Mission)
	if err != nil {
		t.Fatal(err)
	}
	finds(t, st, trusting{st, client, prefix}, "no order", func() {
		c.Isolate(follower)
		time.Sleep(2 * time.Second)
		c.HealAll()
	})
}
