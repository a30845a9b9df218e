//go:build etcd

package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv/etcd"
)

// lookTime bounds each question to a cluster of which a part may be away.
const lookTime = 3 * time.Second

// clusterOf looks at the cluster in which the database of a house lies; nil if it lies in none.
func (h *house) clusterOf(ctx context.Context) *clusterFacts {
	s, is := h.base.(*etcd.Store)
	if !is {
		return nil
	}
	o, err := h.config.cluster(h.config.place.mission, h.now)
	if err != nil {
		return nil // with which the store could not have been opened
	}
	return lookAtCluster(ctx, s.Client(), o, h.now)
}

// clusterWithout looks at a cluster whose database cannot be opened, without asking it for anything that needs a quorum.
func (c *config) clusterWithout(ctx context.Context, now func() time.Time) *clusterFacts {
	o, err := c.cluster(c.place.mission, now)
	if err != nil {
		return nil
	}
	f := lookAtCluster(ctx, nil, o, now)
	if !f.alarmed() {
		return f
	}
	// What raises an alarm answers questions, and only takes no updates.
	o.AnyState = true
	s, err := etcd.Open(ctx, o)
	if err != nil {
		return f
	}
	defer s.Close()
	return lookAtCluster(ctx, s.Client(), o, now)
}

// lookAtCluster gathers what can be seen; client may be nil.
func lookAtCluster(ctx context.Context, client *clientv3.Client, o etcd.Options, now func() time.Time) *clusterFacts {
	f := &clusterFacts{User: o.User, Auth: true, Doors: make([]doorFacts, len(o.Endpoints))}
	if prefix, err := etcd.Prefix(o.Mission); err == nil {
		f.Prefix, f.End = prefix, clientv3.GetPrefixRangeEnd(prefix)
	}
	var all sync.WaitGroup
	for n, address := range o.Endpoints {
		all.Go(func() { f.Doors[n] = lookAtDoor(ctx, address, o.TLS, now) })
	}
	if client != nil {
		lookAtMembers(ctx, client, f)
		lookAtUser(ctx, client, f)
		lookAtHistory(ctx, client, f)
	}
	all.Wait()
	return f
}

// lookAtDoor asks a node for its health as a monitor does, which needs neither a password nor a quorum.
func lookAtDoor(ctx context.Context, address string, trust *tls.Config, now func() time.Time) doorFacts {
	d := doorFacts{Address: address}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	transport := &http.Transport{TLSClientConfig: trust.Clone()}
	defer transport.CloseIdleConnections()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/health", nil)
	if err != nil {
		d.Error = err.Error()
		return d
	}
	begun := now()
	resp, err := (&http.Client{Transport: transport}).Do(ask)
	if err != nil {
		var inner interface{ Unwrap() error }
		if errors.As(err, &inner) && inner.Unwrap() != nil {
			err = inner.Unwrap() // without the address, which stands before it
		}
		d.Error = err.Error()
		return d
	}
	defer resp.Body.Close()
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		// A date has whole seconds: half of one is the best guess.
		d.Skew = at.Add(time.Second / 2).Sub(begun.Add(now().Sub(begun) / 2))
	}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		d.Until = resp.TLS.PeerCertificates[0].NotAfter
	}
	var said struct{ Health, Reason string }
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err == nil {
		err = json.Unmarshal(body, &said)
	}
	if err != nil {
		said.Reason = fmt.Sprintf("its answer is %s", resp.Status)
	}
	d.Well, d.Reason = said.Health == "true", clip(said.Reason)
	return d
}

func lookAtMembers(ctx context.Context, client *clientv3.Client, f *clusterFacts) {
	within, cancel := context.WithTimeout(ctx, lookTime)
	list, err := client.MemberList(within, clientv3.WithSerializable())
	cancel()
	if err != nil {
		f.Unseen = append(f.Unseen, "its list of members")
		return
	}
	f.Members = make([]memberFacts, len(list.Members))
	applied := make([]uint64, len(list.Members))
	var all sync.WaitGroup
	for n, m := range list.Members {
		all.Go(func() {
			one := &f.Members[n]
			*one = memberFacts{Name: m.Name, Peers: m.PeerURLs, Clients: m.ClientURLs, Learner: m.IsLearner, Error: "it has no address for clients"}
			if one.Name == "" {
				one.Name = fmt.Sprintf("the member %x, which never started,", m.ID)
			}
			for _, url := range m.ClientURLs {
				within, cancel := context.WithTimeout(ctx, lookTime)
				s, err := client.Status(within, url)
				cancel()
				if err != nil {
					one.Error = err.Error()
					continue
				}
				one.Error, one.Leads, one.Leader, one.Version = "", s.Leader == m.ID, s.Leader != 0, s.Version
				one.Size, one.InUse, one.Quota, applied[n] = s.DbSize, s.DbSizeInUse, s.DbSizeQuota, s.RaftAppliedIndex
				for _, e := range s.Errors {
					if !strings.Contains(e, "no leader") { // which is told of all together
						one.Alarms = append(one.Alarms, clip(e))
					}
				}
				break
			}
		})
	}
	all.Wait()
	var first uint64
	for _, a := range applied {
		first = max(first, a)
	}
	for n := range f.Members {
		if f.Members[n].Error == "" {
			f.Members[n].Behind = first - applied[n]
		}
	}
}

// lookAtUser asks what the mission's user may do. A user may ask for themselves, and for their own roles.
func lookAtUser(ctx context.Context, client *clientv3.Client, f *clusterFacts) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	if status, err := client.AuthStatus(ctx); err == nil {
		f.Auth = status.Enabled // root alone is told, or everybody where nobody is asked
	}
	if !f.Auth {
		return
	}
	user, err := client.UserGet(ctx, f.User)
	if err != nil {
		f.Unseen = append(f.Unseen, "what the user "+f.User+" may do")
		return
	}
	for _, role := range user.Roles {
		if role == "root" {
			f.Grants = append(f.Grants, grant{Role: role, All: true, Write: true})
			continue
		}
		r, err := client.RoleGet(ctx, role)
		if err != nil {
			f.Unseen = append(f.Unseen, "what the role "+role+" permits")
			continue
		}
		for _, p := range r.Perm {
			f.Grants = append(f.Grants, grant{Role: role, Key: string(p.Key), End: string(p.RangeEnd), Write: p.PermType != clientv3.PermRead})
		}
	}
}

// lookAtHistory finds the oldest revision that is there, by halves.
func lookAtHistory(ctx context.Context, client *clientv3.Client, f *clusterFacts) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	there := func(rev int64) (bool, error) {
		_, err := client.Get(ctx, f.Prefix, clientv3.WithRev(rev), clientv3.WithSerializable())
		if errors.Is(err, rpctypes.ErrCompacted) {
			return false, nil
		}
		return err == nil, err
	}
	now, err := client.Get(ctx, f.Prefix)
	if err != nil {
		f.Unseen = append(f.Unseen, "how much of its history it keeps")
		return
	}
	f.Revision = now.Header.Revision
	gone, kept := int64(0), f.Revision // what is gone is below, what is kept is above
	// A snapshot that was restored may have made the revision jump by a thousand million.
	for kept-gone > max(1, min(f.Revision/1000, keptTooLong/100)) {
		half := (gone + kept) / 2
		is, err := there(half)
		if err != nil {
			f.Unseen = append(f.Unseen, "how much of its history it keeps")
			return
		}
		if is {
			kept = half
		} else {
			gone = half
		}
	}
	f.Compacted = gone
}
