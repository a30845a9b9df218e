package casework

import (
	"errors"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// tellings are notices whose readers are known inside the transaction only: their ids and waits are drawn before it.
type tellings struct {
	at    time.Time
	ids   []ticket.ID
	waits []time.Duration
}

// tellings draws what so many notices need. These are about what readers and clocks do, so their wait is the short one.
func (r *Registry) tellings(most int, at time.Time) (t tellings, err error) {
	t.at = at
	for range most {
		id, err := r.id()
		if err != nil {
			return t, err
		}
		wait, err := r.delay(ticket.Urgent)
		if err != nil {
			return t, err
		}
		t.ids, t.waits = append(t.ids, id), append(t.waits, wait)
	}
	return t, nil
}

// tell writes one notice for each person. Whoever writes several rounds in one transaction keeps what it returns, so
// that a closure that is run again begins with the same ids.
func (t tellings) tell(w *store.Write, ref store.Ref, under seal.KeyID, event string, to []string) error {
	_, err := t.rest(w, ref, under, event, to)
	return err
}

func (t tellings) rest(w *store.Write, ref store.Ref, under seal.KeyID, event string, to []string) (tellings, error) {
	for _, id := range to {
		if len(t.ids) == 0 {
			return t, errors.New("telling the readers: more of them than a message has places")
		}
		n := store.Waiting{ID: store.ID(t.ids[0]), Report: ref, Reader: id, Event: event, Due: t.at.Add(t.waits[0]).UTC()}
		t.ids, t.waits = t.ids[1:], t.waits[1:]
		if err := w.PutNotice(under, n); err != nil {
			return t, err
		}
	}
	return t, nil
}
