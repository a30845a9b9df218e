//go:build etcd

package etcd_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

// patience bounds every wait for what has to come. It is long because machines that test are busy.
const patience = time.Minute

// shared is the cluster of all tests that do no harm to it. Each has a mission of its own there.
var shared *etcdtest.Cluster

func TestMain(m *testing.M) {
	if os.Getenv(childVar) != "" {
		if err := play(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	var err error
	if shared, err = etcdtest.New(etcdtest.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	shared.Close()
	os.Exit(status)
}

var missions atomic.Int64

// options are those of a new mission in a cluster.
func options(c *etcdtest.Cluster, doors *etcdtest.Doors) etcd.Options {
	return etcd.Options{
		Endpoints: doors.Endpoints, TLS: c.TLS(), User: etcdtest.User, Password: etcdtest.Password,
		Mission: fmt.Sprintf("m%d", missions.Add(1)),
	}
}

// reopen opens a database, which is closed at the end of the test.
func reopen(t testing.TB, opt etcd.Options) *etcd.Store {
	t.Helper()
	st, err := etcd.Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// fresh makes a database and opens it.
func fresh(t testing.TB, opt etcd.Options) *etcd.Store {
	t.Helper()
	if err := etcd.Create(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	return reopen(t, opt)
}

func open(t *testing.T, now func() time.Time) kvtest.Engine {
	opt := options(shared, shared.Doors)
	opt.Now = now
	return fresh(t, opt)
}
