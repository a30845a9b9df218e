//go:build etcd

package etcd_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

// BenchmarkUpdate gives updates a second of one process: on keys of their own, next to the plain puts that the same cluster
// takes, and all on one key, where each must see the one before.
func BenchmarkUpdate(b *testing.B) {
	for _, nodes := range []int{1, 3} {
		c := etcdtest.Start(b, etcdtest.Options{Nodes: nodes, Disk: true})
		for _, writers := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("nodes=%d/writers=%d/apart", nodes, writers), func(b *testing.B) {
				for b.Loop() {
					st := fresh(b, options(c, c.Doors))
					before := plain(b, c, writers)
					got, err := kvtest.Rate(st, writers, 3*time.Second)
					if err != nil {
						b.Fatal(err)
					}
					puts := (before + plain(b, c, writers)) / 2
					b.ReportMetric(puts, "puts/s")
					b.ReportMetric(got.PerSecond/puts, "ratio")
					b.ReportMetric(got.PerSecond, "updates/s")
					b.ReportMetric(float64(got.P50.Microseconds()), "p50-us")
					b.ReportMetric(float64(got.P99.Microseconds()), "p99-us")
				}
			})
			b.Run(fmt.Sprintf("nodes=%d/writers=%d/onekey", nodes, writers), func(b *testing.B) {
				for b.Loop() {
					stores := []kv.Store{fresh(b, options(c, c.Doors))}
					counted(b, stores, writers)
				}
			})
		}
		b.Run(fmt.Sprintf("nodes=%d/processes=3/writers=24/onekey", nodes), func(b *testing.B) {
			for b.Loop() {
				opt := options(c, c.Doors)
				counted(b, []kv.Store{fresh(b, opt), reopen(b, opt), reopen(b, opt)}, 24)
			}
		})
	}
}

// plain measures puts of the same size, by the client and past all of ours: what the cluster does in a second. An update is
// a question to a majority and then a put.
func plain(b *testing.B, c *etcdtest.Cluster, writers int) float64 {
	var all sync.WaitGroup
	var n atomic.Int64
	begun := time.Now()
	for w := range writers {
		all.Go(func() {
			for i := 0; time.Since(begun) < time.Second; i++ {
				if _, err := c.Admin().Put(b.Context(), fmt.Sprintf("%splain/%d", etcdtest.Prefix, (w*7919+i)%4096), string(make([]byte, 2000))); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / time.Since(begun).Seconds()
}

// counted lets writers count in one key for a while.
func counted(b *testing.B, stores []kv.Store, writers int) {
	var all sync.WaitGroup
	until := time.Now().Add(3 * time.Second)
	var mu sync.Mutex
	var n int
	var longest time.Duration
	for w := range writers {
		all.Go(func() {
			for i := 0; time.Now().Before(until); i++ {
				var id kv.ID
				copy(id[:], fmt.Sprintf("%x.%x.%x", until.UnixNano()&0xffffff, w, i))
				begun := time.Now()
				err := stores[w%len(stores)].Update(b.Context(), id, func(tx kv.Tx) error {
					v, _, err := tx.Get([]byte("n"))
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(string(v))
					return tx.Put([]byte("n"), strconv.AppendInt(nil, int64(n+1), 10))
				})
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				n++
				longest = max(longest, time.Since(begun))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	conflicts := int64(0)
	for _, st := range stores {
		_, c, _ := st.(interface {
			Counts() (int64, int64, int64)
		}).Counts()
		conflicts += c
	}
	b.ReportMetric(float64(n)/3, "updates/s")
	b.ReportMetric(float64(conflicts)/float64(n), "again/update")
	b.ReportMetric(float64(longest.Milliseconds()), "longest-ms")
}
