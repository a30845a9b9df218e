//go:build !etcd

package main

import (
	"context"
	"fmt"
	"time"

	"amana/bot/kv"
)

// withEtcd is what `amana version` says of this build.
const withEtcd = "without etcd: for clusters, build it with `make build-etcd`"

// errNoEtcd says which build reaches a cluster.
func errNoEtcd(mission string) error {
	return errConfig{fmt.Sprintf("etcd:%s lies in a cluster, which this amana was not built to reach: take the build with etcd (`make build-etcd`, or go build -tags etcd ./cmd/amana); `amana version` tells the two apart", mission)}
}

func openCluster(_ context.Context, _ *config, mission string, _ func() time.Time, _ bool) (engine, error) {
	return nil, errNoEtcd(mission)
}

type clusterTarget struct {
	config  *config
	mission string
	now     func() time.Time
}

func (t *clusterTarget) place() location                     { return location{mission: t.mission} }
func (t *clusterTarget) fill(context.Context, kv.Walk) error { return errNoEtcd(t.mission) }
func (t *clusterTarget) sum(context.Context) (kv.Sum, error) { return kv.Sum{}, errNoEtcd(t.mission) }
func (t *clusterTarget) serve(context.Context) error         { return errNoEtcd(t.mission) }

func (h *house) noteSeen() error { return nil }

func (h *house) clusterOf(context.Context) *clusterFacts { return nil }

func (c *config) clusterWithout(context.Context, func() time.Time) *clusterFacts { return nil }
