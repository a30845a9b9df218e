//go:build etcd

package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
)

// withEtcd is what `amana version` says of this build.
const withEtcd = "with etcd"

// environ gives the environment of the command that read this configuration.
func (c *config) environ() func(string) string {
	if c.env != nil {
		return c.env
	}
	return os.Getenv
}

// cluster gives how the cluster of a configuration is reached. What is missing is said with the line and what to do.
func (c *config) cluster(mission string, now func() time.Time) (o etcd.Options, err error) {
	say := func(setting, format string, args ...any) error {
		return errConfig{fmt.Sprintf("%s: etcd: %s: %s", c.at("etcd."+setting), setting, fmt.Sprintf(format, args...))}
	}
	pool, err := authorities(c.Etcd.CA)
	if err != nil {
		return o, say("ca", "%v", err)
	}
	pair, err := tls.LoadX509KeyPair(c.Etcd.Cert, c.Etcd.Key)
	if err != nil {
		return o, say("cert", "%s and %s are no certificate with its key, or cannot be read: %v", c.Etcd.Cert, c.Etcd.Key, err)
	}
	if info, err := os.Stat(c.Etcd.Key); err == nil && info.Mode().Perm()&0o077 != 0 {
		return o, say("key", "%s is open to others (mode %04o): run chmod 0600 on it", c.Etcd.Key, info.Mode().Perm())
	}
	password, err := secretIn(c.Etcd.Password, etcdSecret, c.environ())
	if err != nil {
		return o, say("user", "the password of the user: %v; put it into a file that only the user of `amana serve` can read and name that as password_file:, or into %s", err, etcdSecret)
	}
	return etcd.Options{
		Endpoints: c.Etcd.Endpoints, Mission: mission, User: c.Etcd.User, Password: password, Now: now,
		TLS: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, Certificates: []tls.Certificate{pair}},
	}, nil
}

func openCluster(ctx context.Context, c *config, mission string, now func() time.Time, anyState bool) (engine, error) {
	o, err := c.cluster(mission, now)
	if err != nil {
		return nil, err
	}
	o.AnyState, o.Stray, o.Seen = anyState, c.stray, c.seen()
	s, err := etcd.Open(ctx, o)
	if err != nil {
		return nil, err // and not an engine that holds a nil pointer
	}
	return s, nil
}

// clusterTarget is made in the place that it will have, under a mark.
type clusterTarget struct {
	config  *config
	mission string
	now     func() time.Time
	note    string // by which what was filled here is told from what somebody else fills
}

func (t *clusterTarget) place() location { return location{mission: t.mission} }

func (t *clusterTarget) fill(ctx context.Context, w kv.Walk) error {
	o, err := t.config.cluster(t.mission, t.now)
	if err != nil {
		return err
	}
	host, _ := os.Hostname()
	t.note = "by " + host + " " + rand.Text()
	return etcd.Fill(ctx, o, t.note, w)
}

func (t *clusterTarget) sum(ctx context.Context) (sum kv.Sum, err error) {
	err = t.opened(ctx, func(e engine, _ kv.State) error {
		sum, err = kv.Digest(ctx, e.Walk)
		return err
	})
	return sum, err
}

func (t *clusterTarget) serve(ctx context.Context) error {
	return t.opened(ctx, func(e engine, was kv.State) error {
		if was.Kind != kv.Filling || was.Note != t.note {
			return fmt.Errorf("somebody else fills etcd:%s, or has filled it: look with `amana check` before anything else", t.mission)
		}
		return e.SetState(ctx, was, kv.State{})
	})
}

// opened runs a step on what was filled, in whatever state it is.
func (t *clusterTarget) opened(ctx context.Context, fn func(engine, kv.State) error) error {
	e, err := openCluster(ctx, t.config, t.mission, t.now, true)
	if err != nil {
		return err
	}
	state, err := e.State(ctx)
	if err == nil {
		err = fn(e, state)
	}
	return errors.Join(err, e.Close())
}
