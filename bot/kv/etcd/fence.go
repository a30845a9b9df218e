//go:build etcd

package etcd

import (
	"context"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
)

// fence is what an office puts into the context of its holder (kv.Fence): the key of the holder in the election, whole
// and with the prefix of the mission, and the revision at which it came to be. An update under it commits only if
// CreateRevision(key) = rev. A key that is gone has the create revision 0, and one that was lost and won again has a later
// one, so a holder that slept through the loss of its office is refused whatever its clock says.
type fence struct {
	key  string
	rev  int64
	lost func() // hears that an update was refused; none if nobody wants to know
}

// tell says that an update was refused because of this fence.
func (f fence) tell() {
	if f.lost != nil {
		f.lost()
	}
}

func (f fence) compare() clientv3.Cmp {
	return clientv3.Compare(clientv3.CreateRevision(f.key), "=", f.rev)
}

// fences gives what an update under this context must compare. One of another engine cannot be compared here, and an
// update that it should hold back must not pass.
func fences(ctx context.Context) ([]fence, error) {
	var all []fence
	for _, f := range kv.Fences(ctx) {
		ours, is := f.(fence)
		if !is {
			return nil, fmt.Errorf("comparing an office that was won on another engine: %w", kv.ErrDeposed)
		}
		all = append(all, ours)
	}
	if len(all) > maxFences {
		return nil, fmt.Errorf("update under %d offices, at most %d: %w", len(all), maxFences, kv.ErrLimit)
	}
	return all, nil
}

// maxFences keeps an update within the operations that a server takes in one transaction: see txn.
const maxFences = 8
