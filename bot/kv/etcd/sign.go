//go:build etcd

package etcd

import (
	"context"
	"strconv"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"
)

// A new leader of the cluster gives every lease its full time and an election timeout anew, those of the dead too. So who
// stands in a line also gives a sign in each reign: it writes the number of the reign into its key, once. Who stands behind a
// key without that sign for a while takes it away.
//
// Nobody's clock is compared with another's, and nobody is passed over who has given its sign, however late that was: the
// key is taken away only as it was seen. Who is passed over although it lives is refused at its next update, as after any
// other loss of an office.

// signWithin is how long whoever stands in a line has for its sign, from when the one behind it knew of the reign. A holder
// asks twice a second, and again at once where a member is silent, so a healthy one has three tries or more.
const signWithin = 1500 * time.Millisecond

func (t *term) putSign(reign uint64) clientv3.Op {
	return clientv3.OpPut(t.key, strconv.FormatUint(reign, 10), clientv3.WithLease(t.id))
}

// sign gives the sign of a reign, unless that was done; the next beat does what this one could not. It is false where the
// place in the line is gone.
func (t *term) sign(reign uint64) bool {
	select {
	case <-t.stands:
	default:
		return true // the place is not taken yet
	}
	if reign <= t.signed {
		return true
	}
	resp, f, err := t.s.send(context.Background(), silence, txn{compares: []clientv3.Cmp{t.compare()}, then: []clientv3.Op{t.putSign(reign)}})
	switch {
	case f != answered: // one that has no room for signs passes nobody over either: that is a write as well
		t.s.opt.Log.Debug("a sign of life was not taken", "office", t.office, "cause", err)
	case !resp.Succeeded:
		return false
	default:
		t.signed = reign
	}
	return true
}

// vigil is what somebody in a line knows of the one before.
type vigil struct {
	key   string
	reign uint64
	since time.Time // when it was first seen in that reign
}

// silent says that a key has been without the sign of a reign for too long.
func (v *vigil) silent(before *mvccpb.KeyValue, reign uint64, now time.Time) bool {
	if key := string(before.Key); v.key != key || v.reign != reign {
		*v = vigil{key, reign, now}
	}
	signed, err := strconv.ParseUint(string(before.Value), 10, 64)
	return err == nil && signed < reign && now.Sub(v.since) >= signWithin
}

// pass takes away the key of the one before, as it was seen, and says whether it did. It is not tried again in doubt: the
// next look tells.
func (t *term) pass(ctx context.Context, before *mvccpb.KeyValue, reign uint64) bool {
	key := string(before.Key)
	resp, f, err := t.s.send(ctx, t.s.opt.Attempt, txn{
		compares: []clientv3.Cmp{t.compare(), clientv3.Compare(clientv3.ModRevision(key), "=", before.ModRevision)},
		then:     []clientv3.Op{clientv3.OpDelete(key), t.putSign(reign)},
	})
	if f != answered {
		t.s.opt.Log.Debug("the one before was not passed over", "office", t.office, "cause", err)
		return false
	}
	if resp.Succeeded {
		t.s.opt.Log.Warn("a process was passed over: the cluster has another leader, and nothing was heard of it since", "office", t.office)
	}
	return resp.Succeeded
}
