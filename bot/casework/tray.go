package casework

import (
	"context"
	"encoding/binary"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// standing is how readers hear of a report that is being filed.
type standing byte

const (
	asUsual standing = iota // a notice of its own
	crowded                 // it lies with the others, and one notice tells of all that came in a while
	aside                   // it lies in the low tray, and one notice an hour tells of that
)

// How far apart the notices are that tell of many reports at once.
const (
	trayEvery   = time.Hour
	crowdEvery  = 10 * time.Minute
	urgentEvery = 2 * time.Minute
)

// The events of such notices. They name no report.
const (
	eventTray  = "tray"
	eventCrowd = "crowd"
)

// standing tells it from the budgets. The first report that somebody sends within an hour never lies in the tray, whatever
// others send.
func (r *Registry) standing(t bot.Turn) standing {
	now, who := r.Now(), reporterOf(t)
	switch {
	case r.spent.now.reports.wait(who, now) > 0:
		return aside
	case r.spent.mission.wait(who.urgent, now) == 0:
		return asUsual
	case r.spent.now.reports.untouched(who, now):
		return crowded
	}
	return aside
}

// tray is where a report lies that stands so.
func (s standing) tray() ticket.Tray {
	if s == aside {
		return ticket.TrayLow
	}
	return ticket.TrayNone
}

// gathered gives for each person the one notice that tells of all that comes until the end of the present span, whatever
// came before and whatever is still to come: its id is the same for all of it, so that it is written once. A reader may be
// told a whole span after the first, never sooner than anything that it tells of was there to be seen.
func (r *Registry) gathered(event string, every time.Duration, to []string, now time.Time) (out []store.Waiting) {
	due := endOf(every, now)
	at := binary.BigEndian.AppendUint64(nil, uint64(due.Unix()))
	for _, person := range to {
		id := r.Store.House().MAC("gathered notice", []byte(event), []byte(person), at)
		out = append(out, store.Waiting{ID: id, Reader: person, Event: event, Due: due})
	}
	return out
}

// endOf is the end of the present span.
func endOf(span time.Duration, now time.Time) time.Time { return now.Truncate(span).Add(span).UTC() }

// again tells the readers of a report what its reporter has done since: of one in the low tray by the notice that tells of
// the tray.
func (r *Registry) again(ctx context.Context, ref store.Ref, rep ticket.Report, event string, now time.Time) (burst, error) {
	if rep.Tray != ticket.TrayNone {
		return burst{notices: r.gathered(eventTray, trayEvery, rep.Handed(), now)}, nil
	}
	notices, err := r.notices(ref, rep, event, rep.Handed(), now)
	if err != nil {
		return burst{}, err
	}
	return r.burst(ctx, ref, notices, now)
}

// hear gives the notices of a report that is being filed, and the key under which they lie: a notice that names no report
// outlives its month.
func (r *Registry) hear(ref store.Ref, rep ticket.Report, s standing, under seal.KeyID, now time.Time) ([]store.Waiting, seal.KeyID, error) {
	every := crowdEvery
	if rep.Urgency == ticket.Urgent {
		every = urgentEvery
	}
	switch s {
	case aside:
		return r.gathered(eventTray, trayEvery, rep.Handed(), now), r.Store.House().Standing(), nil
	case crowded:
		return r.gathered(eventCrowd, every, rep.Handed(), now), r.Store.House().Standing(), nil
	}
	out, err := r.notices(ref, rep, "report", rep.Handed(), now)
	return out, under, err
}

// gathers says of an event that its notice tells of many reports.
func gathers(event string) bool { return event == eventTray || event == eventCrowd }

// stale finds the notices of many reports that a later one of the same kind has made needless, as when a door was shut for
// hours: everybody is told once.
func stale(waiting []store.Waiting) map[store.ID]bool {
	out, last := map[store.ID]bool{}, map[[2]string]store.ID{}
	for _, n := range waiting { // the earliest first
		if !gathers(n.Event) {
			continue
		}
		k := [2]string{n.Reader, n.Event}
		if before, found := last[k]; found {
			out[before] = true
		}
		last[k] = n.ID
	}
	return out
}

// stillThere says whether there is still something behind such a notice that its reader may see: a report in the tray, or one
// outside of it that nobody has acknowledged.
func (r *Registry) stillThere(rd *store.Read, person, event string) (bool, error) {
	refs, err := rd.OfReader(person)
	if err != nil {
		return false, err
	}
	want := ticket.TrayNone
	if event == eventTray {
		want = ticket.TrayLow
	}
	for i := range refs { // the latest first: what came last is most likely still there
		rep, _, err := rd.Report(refs[len(refs)-1-i])
		if unreadable(err) {
			continue
		}
		if err != nil {
			return false, err
		}
		if rep.Tray == want && rep.State == ticket.Received && ticket.MaySee(rep, person) {
			return true, nil
		}
	}
	return false, nil
}
