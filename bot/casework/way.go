package casework

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/store"
	"amana/bot/ticket"
)

// What stands in the way of a proof.
var (
	// ErrProof says that the digits are not those that were sent.
	ErrProof = errors.New("not the digits that were sent")
	// ErrNoProof says that no digits are waited for: none were asked for, they are too old, or too many wrong ones came.
	ErrNoProof = errors.New("no way waits for digits")
)

const (
	proofLives = 7 * 24 * time.Hour // a mail may lie, and whoever it is for may be on the way
	mostWrong  = 5                  // of a million: whoever guesses has one chance in two hundred thousand
	eventProof = "proof"
	eventTest  = "test"
)

// asking is a way that is to be proved, and the notice that brings the digits there.
type asking struct {
	next   store.Next
	notice store.Waiting
}

// asks draws the digits for a way.
func (r *Registry) asks(person string, at bot.Address, sealed bool) (*asking, error) {
	n, err := rand.Int(io.Reader(r.Rand), big.NewInt(1_000_000))
	if err != nil {
		return nil, err
	}
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	now := r.Now().UTC()
	return &asking{
		store.Next{Address: at, Sealed: sealed, Digits: fmt.Sprintf("%06d", n), Until: now.Add(proofLives)},
		store.Waiting{ID: store.ID(id), Reader: person, Event: eventProof, Due: now},
	}, nil
}

// TellAt is to let somebody of the roster be told of reports at a mail address or a webhook. Six digits go there, and
// nothing else does before Prove has got them from that person: an address that was mistyped never hears of a report.
// Until then they are told as before. Errors: ErrUnknown for whoever is not in the roster, ErrHeld.
func (r *Registry) TellAt(ctx context.Context, by, person string, at bot.Address, sealed bool) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	a, err := r.asks(person, at, sealed)
	if err != nil {
		return err
	}
	before, err := r.asked(ctx, person)
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		c, found, err := w.Contact(person)
		if err != nil {
			return err
		}
		if !found {
			return ErrUnknown
		}
		for _, n := range before { // digits that no longer count are brought to nobody
			if err := w.DropNotice(n.ID, n.Due); err != nil {
				return err
			}
		}
		c.Next = &a.next
		if err := w.PutContact(c); err != nil {
			return err
		}
		if err := w.PutNotice(w.House().Standing(), a.notice); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: by, Did: "named another place for notices", Whom: person})
	})
}

// asked gives the notices that bring digits to somebody and still wait.
func (r *Registry) asked(ctx context.Context, person string) (out []store.Waiting, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = nil
		all, err := rd.Notices(time.Time{}, 1<<20)
		for _, n := range all {
			if n.Reader == person && n.Event == eventProof && len(out) < 20 {
				out = append(out, n)
			}
		}
		return err
	})
	return out, err
}

// TellThere lets somebody be told again where they write from: at the desk, or in their chat.
func (r *Registry) TellThere(ctx context.Context, by, person string) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		c, found, err := w.Contact(person)
		if err != nil {
			return err
		}
		if !found {
			return ErrUnknown
		}
		c.Way, c.Next = "", nil
		if err := w.PutContact(c); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: by, Did: "named another place for notices", Whom: person})
	})
}

// Prove takes the digits that came at the other place, from whoever they were sent to, or from an operator to whom that
// person has told them. From then on notices go there, those too that were given up before. After five wrong ones the way
// is forgotten, and has to be named again. Errors: ErrProof, ErrNoProof, ErrUnknown, ErrHeld.
func (r *Registry) Prove(ctx context.Context, by, person, digits string) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	digits = strings.Join(strings.Fields(digits), "")
	var wrong error
	err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		wrong = nil
		c, found, err := w.Contact(person)
		if err != nil {
			return err
		}
		if !found || c.Next == nil || r.Now().After(c.Next.Until) {
			wrong = ErrNoProof
			return nil
		}
		next := *c.Next
		if subtle.ConstantTimeCompare([]byte(digits), []byte(next.Digits)) == 0 {
			wrong = ErrProof
			if next.Wrong++; next.Wrong >= mostWrong {
				c.Next, wrong = nil, ErrNoProof
			} else {
				c.Next = &next
			}
			return w.PutContact(c)
		}
		c.Way, c.Sealed, c.Next = next.Address, next.Sealed, nil
		if err := w.PutContact(c); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: by, Did: "proved a place for notices", Whom: person})
	})
	if err = errors.Join(err, wrong); err != nil {
		return err
	}
	return r.revive(ctx, person)
}

// TryNow sends somebody a notice that says only that it is a test, and tries again what was given up for them.
func (r *Registry) TryNow(ctx context.Context, person string) error {
	if err := r.attend(ctx, person); err != nil {
		return err
	}
	id, err := r.id()
	if err != nil {
		return err
	}
	n := store.Waiting{ID: store.ID(id), Reader: person, Event: eventTest, Due: r.Now().UTC()}
	if err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		return w.PutNotice(w.House().Standing(), n)
	}); err != nil {
		return err
	}
	return r.revive(ctx, person)
}

// Told is how somebody of the roster is told of reports.
type Told struct {
	Person  string      `json:"person"`
	At      bot.Address `json:"at"`     // where notices go; of a chat, and of the desk, the door alone
	Sealed  bool        `json:"sealed"` // with the sealed file
	Next    bot.Address `json:"next"`   // a way that waits for its digits
	Waiting int         `json:"waiting"`
	Dead    int         `json:"dead"`
	Why     string      `json:"why"` // what stood in the way last, of those that wait or were given up
}

// Everybody gives how everybody of the roster is told, in its order, for the operator. Of a notice that waits out its
// random delay it says nothing: its number would tell when a report came.
func (r *Registry) Everybody(ctx context.Context) (out []Told, err error) {
	roster := r.current().Roster
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = nil
		all, err := rd.Notices(time.Time{}, 1<<20)
		if err != nil {
			return err
		}
		for _, e := range roster.Entries {
			if !e.Usable() || e.Role == ticket.Recovery {
				continue
			}
			c, found, err := rd.Contact(e.ID)
			if err != nil {
				return err
			}
			t := Told{Person: e.ID, Sealed: c.Sealed}
			if found {
				t.At = shown(c.Told())
			}
			if c.Next != nil && !r.Now().After(c.Next.Until) {
				t.Next = shown(c.Next.Address)
			}
			for _, n := range all {
				switch {
				case n.Reader != e.ID || n.Why == "":
					continue
				case n.Dead:
					t.Dead++
				default:
					t.Waiting++
				}
				t.Why = n.Why
			}
			out = append(out, t)
		}
		return nil
	})
	return out, err
}

// doorOf gives the door of an address.
func doorOf(a bot.Address) string {
	door, _, _ := strings.Cut(a.Reveal(), ":")
	return door
}

// shown is an address as the operator may read it: one that they have named themselves, and of any other the door.
func shown(a bot.Address) bot.Address {
	if door := doorOf(a); door != "mail" && door != "webhook" {
		return bot.Address(door)
	}
	return a
}
