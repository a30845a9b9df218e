package casework

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Digest says when everybody of the roster is told the same, whatever has happened, in the place of a notice for each
// report. No times: there are none.
type Digest struct {
	Times  []time.Duration // since midnight of the mission's zone, in order
	Urgent bool            // urgent reports wait for them too
}

// EventDigest is the event of a notice that says the same at fixed times. It is about no report.
const EventDigest = "digest"

// teamHead begins the receiver of a notice that goes to the group of a team.
const teamHead = "team:"

// ahead is how long before its time a digest is laid on the shelf, so that nothing that is done at that moment puts it off.
const ahead = 10 * time.Minute

// latest gives the last fixed time that is not after an instant. A time that the change of clocks leaves out or repeats
// comes once.
func (d Digest) latest(at time.Time, zone *time.Location) (last time.Time) {
	y, m, day := at.In(zone).Date()
	for back := -1; back <= 2 && last.IsZero(); back++ { // 23 or 25 hours may lie between
		for _, t := range d.Times {
			one := time.Date(y, m, day-back, 0, 0, int(t/time.Second), 0, zone)
			if !one.After(at) && one.After(last) {
				last = one
			}
		}
	}
	return last.UTC().Truncate(time.Second)
}

// hides says that a report is announced by nothing but digests.
func (d Digest) hides(rep ticket.Report) bool {
	return len(d.Times) > 0 && (d.Urgent || rep.Urgency != ticket.Urgent)
}

// digest lays a notice on the shelf for everybody of the roster and for every group, for the fixed time that has come or
// comes soon. After a stop that is the latest one alone, at once. A mark goes with each part of it, so that a crash repeats
// none; where there is no mark yet the mission has just begun with them, and nothing was missed.
func (r *Registry) digest(ctx context.Context, now time.Time) error {
	if len(r.Digest.Times) == 0 || r.Held() {
		return nil
	}
	at := r.Digest.latest(now.Add(ahead), r.Zone)
	for {
		more, err := r.digestPart(ctx, at, now)
		if err != nil || !more {
			return err
		}
	}
}

func (r *Registry) digestPart(ctx context.Context, at, now time.Time) (more bool, err error) {
	var done store.Digested
	var found bool
	var to []string
	var old []store.Waiting // earlier ones that could not be carried
	err = r.Store.View(ctx, func(rd *store.Read) error {
		var err error
		if done, found, err = rd.Digested(); unreadable(err) {
			done, found, err = store.Digested{}, false, nil
		}
		if err != nil {
			return err
		}
		if to, err = r.receivers(rd); err != nil {
			return err
		}
		old = nil
		waiting, err := rd.Notices(time.Time{}, math.MaxInt)
		if err != nil && !unreadable(err) {
			return err
		}
		for _, n := range waiting {
			if n.Event == EventDigest && digestTime(n).Before(at) && digestTime(n).Before(now.Add(-ahead)) && len(old) < page {
				old = append(old, n)
			}
		}
		return nil
	})
	switch {
	case err != nil || found && (done.At.After(at) || done.At.Equal(at) && done.All):
		return false, err
	case !found && !at.After(now):
		return false, r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
			return w.PutDigested(store.Digested{At: at, All: true})
		})
	case !found || !done.At.Equal(at):
		done = store.Digested{At: at}
	}
	before := done
	to = slices.DeleteFunc(to, func(id string) bool { return id <= done.After })
	part := to[:min(len(to), page)]
	if done.All = len(part) == len(to); len(part) > 0 {
		done.After = part[len(part)-1]
	}
	ids := make([]store.ID, len(part))
	for i := range ids {
		binary.BigEndian.PutUint64(ids[i][:], uint64(at.Unix()))
		if _, err := io.ReadFull(r.Rand, ids[i][8:]); err != nil {
			return false, errors.New("laying out digests: no random bytes")
		}
	}
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if is, _, err := w.Digested(); err == nil && is.At.Equal(before.At) && (is.After != before.After || is.All) {
			return nil // somebody else was faster
		}
		for i, id := range part {
			n := store.Waiting{ID: ids[i], Reader: id, Event: EventDigest, Due: at}
			if err := w.PutNotice(w.House().Standing(), n); err != nil {
				return err
			}
		}
		for _, n := range old {
			if err := w.DropNotice(n.ID, n.Due); err != nil {
				return err
			}
		}
		return w.PutDigested(done)
	})
	return !done.All, err
}

// receivers lists everybody who gets a digest, in order: of the roster, and the groups of teams that there are.
func (r *Registry) receivers(rd *store.Read) (to []string, err error) {
	for _, e := range r.current().Entries {
		if e.Usable() && e.Role != ticket.Recovery {
			to = append(to, e.ID)
		}
	}
	groups, err := rd.Groups()
	for team := range groups {
		if _, there := r.Routes.Teams[team]; there {
			to = append(to, teamHead+team)
		}
	}
	slices.Sort(to)
	return to, err
}

// passed says of a digest that it is not to be carried any more: there are none, or a later one has come.
func (r *Registry) passed(n store.Waiting) bool {
	if len(r.Digest.Times) == 0 {
		return true
	}
	return digestTime(n).Before(r.Digest.latest(r.Now(), r.Zone))
}

// digestTime gives the fixed time of a digest, which stands in its id: when it is due changes as it is tried again.
func digestTime(n store.Waiting) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint64(n.ID[:])), 0)
}
