//go:build etcd

package etcd

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"

	"amana/bot/kv"
)

// fate is what an answer, or the lack of one, says about a request.
type fate int

const (
	answered fate = iota
	again         // it did nothing and never will; the same may be asked once more
	refused       // it did nothing and never will, and would meet the same again
	full          // no room, which the server says of a request that it refused and of the one that it took as the last
	unknown       // it may have been applied, or may be yet
)

var (
	// These are told before a request goes to the members, or by each of them in place of applying it.
	passing = []error{
		rpctypes.ErrNoLeader, rpctypes.ErrTooManyRequests, rpctypes.ErrInvalidAuthToken, rpctypes.ErrAuthOldRevision,
		rpctypes.ErrNotCapable, rpctypes.Error(rpctypes.ErrGRPCNotSupportedForLearner),
	}
	foreign = []error{
		rpctypes.ErrPermissionDenied, rpctypes.ErrPermissionNotGranted, rpctypes.ErrAuthFailed, rpctypes.ErrUserNotFound,
		rpctypes.ErrRoleNotFound, rpctypes.ErrRoleNotGranted, rpctypes.ErrUserEmpty,
	}
	tooLarge = []error{rpctypes.ErrTooManyOps, rpctypes.ErrRequestTooLarge}
	mistaken = []error{rpctypes.ErrEmptyKey, rpctypes.ErrDuplicateKey, rpctypes.ErrInvalidSortOption, rpctypes.ErrLeaseNotFound}
	behind   = []error{rpctypes.ErrCompacted, rpctypes.ErrFutureRev}
)

// judge says what an error of the client means for the request. Nothing that was not sent has happened; of what was sent
// only the answers listed above tell.
func (s *Store) judge(err error, sent bool) (fate, error) {
	if err == nil {
		return answered, nil
	}
	err = rpctypes.Error(err)
	is := func(list []error) bool {
		return slices.ContainsFunc(list, func(e error) bool { return errors.Is(err, e) })
	}
	switch {
	case errors.Is(err, kv.ErrBack), errors.Is(err, kv.ErrStray):
		return refused, err
	case is(passing), errors.Is(err, rpctypes.ErrUserEmpty) && s.opt.User != "": // nobody was asked for a name until just now
		return again, err
	case errors.Is(err, rpctypes.ErrNoSpace):
		return full, fmt.Errorf("%w: %w; compact and defragment the cluster, raise its quota, then disarm the alarm", kv.ErrFull, err)
	case errors.Is(err, rpctypes.ErrCorrupt):
		return refused, fmt.Errorf("%w: %w; the members differ, see the alarm", kv.ErrCorrupt, err)
	case is(foreign):
		return refused, fmt.Errorf("the cluster does not let us: %w; look at the user, its password or certificate, and the role that it has on the prefix of the mission", err)
	case is(tooLarge):
		return refused, fmt.Errorf("the cluster takes only small requests: %w; start its members with --max-txn-ops and --max-request-bytes as they come", err)
	case is(mistaken), is(behind):
		return refused, err
	case sent:
		return unknown, err
	}
	return again, err
}
