package casework

import (
	"context"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// StandardSafe gives the hours of a day, from and until, that a choice of the reporter stands for, where the mission
// sets no others.
var StandardSafe = map[string][2]int{
	"morning": {7, 11},
	"midday":  {11, 15},
	"evening": {17, 21},
	"night":   {21, 24},
}

// anyHour is the choice of a reporter for whom every hour is safe.
const anyHour = "any"

// nextSafe gives the first moment from now on that lies in the hours which a person called safe, never more than a day
// away. Hours that end before they begin last over midnight; hours that nobody knows are not safe.
func nextSafe(now time.Time, safe map[string][2]int, hours string) (at time.Time, ok bool) {
	h, ok := safe[hours]
	switch {
	case !ok && hours == anyHour:
		return now, true
	case !ok || h[0] == h[1]:
		return now, false
	case h[0] < h[1] && now.Hour() >= h[0] && now.Hour() < h[1], h[0] > h[1] && (now.Hour() >= h[0] || now.Hour() < h[1]):
		return now, true
	}
	at = time.Date(now.Year(), now.Month(), now.Day(), h[0], 0, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, h[0], 0, 0, 0, now.Location())
	}
	return at, true
}

// nudgeLives is how long a line can wait for its hour; what is later is lost.
const nudgeLives = 24 * time.Hour

// Nudges takes the lines whose hour has come off their shelf: where, and in which language. A line that was held up past
// its hours waits for them to come again, for a day at most. They are sent once: a sending that goes wrong loses the
// line, which nobody is told of.
func (r *Registry) Nudges(ctx context.Context) (out []bot.Parcel, err error) {
	now := r.Now()
	var due []store.Nudge
	err = r.Store.View(ctx, func(rd *store.Read) error {
		due, err = rd.Nudges(now)
		return err
	})
	due = due[:min(len(due), 40)]
	if err != nil || len(due) == 0 {
		return nil, err
	}
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		out = nil
		for _, n := range due {
			if err := w.DropNudge(n.ID, store.DayOf(n.At)); err != nil {
				return err
			}
			at, safe := nextSafe(now.In(r.Zone), r.Safe, n.Hours)
			switch late := at.After(now); {
			case safe && !late:
				out = append(out, bot.Parcel{Address: n.Address, Out: bot.Outgoing{Lang: n.Lang}})
			case safe && now.Sub(n.At) < nudgeLives:
				n.At = at.UTC()
				if err := w.PutNudge(n); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return out, err
}
