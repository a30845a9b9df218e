//go:build etcd

package etcd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"amana/bot/kv"
)

// course is what a store has seen of its cluster. A cluster only goes forward: an answer behind which a majority stands never
// tells a lower revision than any answer that was there before it was asked for. One that does comes from an earlier
// database, which somebody has brought back beneath those who serve: a snapshot of etcd that was restored with the token and
// the addresses of the old cluster, so that the new one has its number too, or a node that lacked the last and was made the
// whole cluster. What this process has in memory does not fit that database, so it asks it for nothing more.
//
// Only questions to a majority and transactions are judged. What one member answers alone, and what it says on streams, may
// lag behind; it counts as seen all the same, since no member knows of anything that a majority has not taken.
type course struct {
	cluster  atomic.Uint64 // that answered first
	revision atomic.Int64  // the highest of any answer
	witness  atomic.Pointer[Witness]
	over     atomic.Pointer[error] // why nothing is asked any more

	patience time.Duration
	signs    bool // with a password
	mu       sync.Mutex
	strange  time.Time // since when nobody answers but another cluster; zero if ours does
	mute     time.Time // since when nobody answers; zero if somebody does
}

// err is why nothing is asked any more, nil while all is well.
func (c *course) err() error {
	if err := c.over.Load(); err != nil {
		return *err
	}
	return nil
}

// end ends it, for the first reason that was found.
func (c *course) end(err error) error {
	c.over.CompareAndSwap(nil, &err)
	return c.err()
}

// reach notes that a revision was seen.
func (c *course) reach(revision int64) {
	for {
		was := c.revision.Load()
		if revision <= was || c.revision.CompareAndSwap(was, revision) {
			return
		}
	}
}

// errStranger says that another cluster has answered. The member is left for another one, as if it had not.
var errStranger = status.Error(codes.Unavailable, "another cluster answers at this address")

// watch looks at each answer. It sends nothing once the course has ended.
func (c *course) watch(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	judged, certain := false, false
	switch r := req.(type) {
	case *etcdserverpb.RangeRequest:
		judged, certain = true, !r.Serializable
	case *etcdserverpb.TxnRequest:
		judged, certain = true, true // none of ours is asked of one member alone
	}
	if !judged {
		return invoke(ctx, method, req, reply, cc, opts...)
	}
	if err := c.err(); err != nil {
		return err
	}
	if c.outdated(time.Now()) {
		return rpctypes.ErrGRPCInvalidAuthToken // by which the client signs in anew; nothing is sent
	}
	before := c.revision.Load() // whatever was seen until here must be in the answer
	err := invoke(ctx, method, req, reply, cc, opts...)
	c.heard(err, time.Now())
	if err != nil {
		if r, is := req.(*etcdserverpb.RangeRequest); is && certain && r.Revision <= before && errors.Is(rpctypes.Error(err), rpctypes.ErrFutureRev) {
			return c.end(fmt.Errorf("it has not come to revision %d, which was read before: %w", r.Revision, kv.ErrBack))
		}
		return err
	}
	header, wrote := told(reply)
	if !c.home(header.GetClusterId(), time.Now()) {
		if tr, is := ctx.Value(trailKey{}).(*trail); is {
			tr.blames()
		}
		err = c.err()
		if err == nil {
			err = errStranger
		}
		return err
	}
	if now := header.GetRevision(); certain && now < before {
		err = c.end(fmt.Errorf("it is at revision %d, and was at %d: %w", now, before, kv.ErrBack))
	} else {
		c.reach(now)
		err = c.err() // found out by another one meanwhile
	}
	if err != nil && wrote {
		err = fmt.Errorf("%w (%w)", kv.ErrUnknown, err) // it stands in a database that may be thrown away
	}
	return err
}

// signAgain is how long nobody may answer before signing in anew is tried. A usual token names how far the members had come when
// it was given, and each of them lets a request under it wait until it has come so far: in a cluster that went back, for as long
// as its caller has patience, so that nobody would ever hear of it.
const signAgain = 3 * time.Second

// heard notes whether a request was answered.
func (c *course) heard(err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case status.Code(err) != codes.DeadlineExceeded:
		c.mute = time.Time{}
	case c.mute.IsZero():
		c.mute = now
	}
}

// outdated says that signing in anew is to be tried.
func (c *course) outdated(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.signs || c.mute.IsZero() || now.Sub(c.mute) < signAgain {
		return false
	}
	c.mute = time.Time{}
	return true
}

// told gives the header of an answer, and whether what was asked for was done.
func told(reply any) (header *etcdserverpb.ResponseHeader, done bool) {
	switch r := reply.(type) {
	case *etcdserverpb.RangeResponse:
		return r.Header, false
	case *etcdserverpb.TxnResponse:
		return r.Header, r.Succeeded
	}
	return nil, false
}

// home says whether an answer comes from the cluster that answered first. A member that was made anew as a cluster of its own
// by mistake is passed over; where none but such answer for as long as anybody has patience, the course ends.
func (c *course) home(cluster uint64, now time.Time) bool {
	c.cluster.CompareAndSwap(0, cluster)
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.cluster.Load()
	switch {
	case cluster == was:
		c.strange = time.Time{}
		return true
	case c.strange.IsZero():
		c.strange = now
	case now.Sub(c.strange) >= c.patience:
		c.end(fmt.Errorf("the cluster %016x answers, and it was opened in %016x: %w", cluster, was, kv.ErrStray))
	}
	return false
}
