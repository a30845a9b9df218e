package casework

import (
	"context"

	"amana/bot/store"
)

// Beside the sealed file, which is noted when it is handed out, a report leaves a reader's machine in clear: on paper, as a
// referral form, into a case system. Only that machine knows; it tells, and the report's own audit chain notes it, without a
// word of what left. Whoever opens files without the server (`amana open`) is noted as having been handed them, and by the note
// that is written there beside what leaves, once they send it: which way it went stands in it, sealed.

// lefts are the ways, and what the audit chain says of each.
var lefts = map[string]string{
	"printed": "printed it",
	"form":    "saved the referral form",
	"system":  "sent it to a case system",
}

// BadWay is a way of leaving that there is not.
const BadWay Refusal = "way"

// Left notes that a report leaves the machine of somebody who sees it, in one of the ways "printed", "form" and "system".
func (r *Registry) Left(ctx context.Context, person, code, way string) error {
	did, known := lefts[way]
	if !known {
		return BadWay
	}
	if err := r.active(person); err != nil {
		return err
	}
	ref, err := r.locate(ctx, person, code)
	if err != nil {
		return err
	}
	today := store.DayOf(r.Now())
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := visible(&w.Read, person, ref)
		if err != nil {
			return err
		}
		return w.Audit(under, rep.ID, store.Entry{Day: today, Who: person, Did: did})
	})
}
