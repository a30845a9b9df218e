package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// What goes wrong on the way into the roster.
var (
	ErrInvitation = errors.New("no open invitation")
	ErrEnrolment  = errors.New("not an enrolment file")
)

// invitationLives is how long a link can be followed.
const invitationLives = 24 * time.Hour

// Invite keeps an invitation for somebody who is to join the roster with this entry, whose key is still empty. It
// gives the word of the one-time link.
func (r *Registry) Invite(ctx context.Context, e ticket.Entry, lang string, sealed bool) (word string, err error) {
	return r.invite(ctx, "operator", e, lang, sealed, "")
}

// InviteTold does the same for somebody who is to be told of reports at another place than where they write from: a mail
// address, or a webhook. It counts once it was proved, see TellAt.
func (r *Registry) InviteTold(ctx context.Context, e ticket.Entry, lang string, sealed bool, at bot.Address) (word string, err error) {
	return r.invite(ctx, "operator", e, lang, sealed, at)
}

// InviteBy does the same for a coordinator, and notes who it was; at is empty where they are told where they write from. Errors:
// ErrHeld, ErrNotAllowed for anybody else.
func (r *Registry) InviteBy(ctx context.Context, by string, e ticket.Entry, lang string, sealed bool, at bot.Address) (word string, err error) {
	if err := r.Fresh(ctx); err != nil {
		return "", err
	}
	if r.Held() {
		return "", ErrHeld
	}
	if e, ok := r.current().Find(by); !ok || !e.Usable() || e.Role != ticket.Coordinator {
		return "", ErrNotAllowed
	}
	return r.invite(ctx, by, e, lang, sealed, at)
}

func (r *Registry) invite(ctx context.Context, by string, e ticket.Entry, lang string, sealed bool, way bot.Address) (word string, err error) {
	raw := make([]byte, 15)
	if _, err := io.ReadFull(r.Rand, raw); err != nil {
		return "", fmt.Errorf("making an invitation: %w", err)
	}
	word = linkWord(raw)
	entry, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("making an invitation: %w", err)
	}
	until := r.Now().Add(invitationLives).UTC()
	return word, r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if err := w.PutInvitation(word, store.Invitation{Entry: entry, ID: e.ID, Lang: lang, Sealed: sealed, Way: way, Until: until}); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: by, Did: "invited", Whom: e.ID})
	})
}

// linkWord writes random bytes in the letters that a /start link can carry.
func linkWord(raw []byte) string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	out := make([]byte, 0, len(raw)*8/5)
	bits, have := uint(0), 0
	for _, b := range raw {
		bits, have = bits<<8|uint(b), have+8
		for have >= 5 {
			out = append(out, letters[bits>>(have-5)&31])
			have -= 5
		}
	}
	return string(out)
}

// Guest is somebody who has followed a link.
type Guest struct {
	ID, Name, Org, Lang string
}

// Follow takes an invitation for the address that followed its link. Whoever follows it first holds it; for anybody
// else, and after 24 hours, there is none.
func (r *Registry) Follow(ctx context.Context, a bot.Address, word string) (g Guest, err error) {
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		i, found, err := w.Invitation(word)
		if err != nil {
			return err
		}
		if !found || i.Team != "" || r.Now().After(i.Until) || i.Taken != "" && i.Taken != a {
			return ErrInvitation
		}
		i.Taken = a
		g = guest(i)
		return w.PutInvitation(word, i)
	})
	return g, err
}

func guest(i store.Invitation) Guest {
	var e ticket.Entry
	_ = json.Unmarshal(i.Entry, &e) // written by Invite; an empty name is shown as none
	return Guest{ID: i.ID, Name: e.Name, Org: e.Org, Lang: i.Lang}
}

// Guest gives who an address is, if it has followed a link and not yet brought a key.
func (r *Registry) Guest(ctx context.Context, a bot.Address) (g Guest, ok bool, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		_, i, found, err := rd.InvitationOf(a)
		if ok = found && r.Now().Before(i.Until); ok {
			g = guest(i)
		}
		return err
	})
	return g, ok, err
}

// Enrol takes the enrolment file of an address that holds an invitation. Nothing is sealed to the key before the
// coordinator has signed it. It gives the fingerprint to be compared by voice.
func (r *Registry) Enrol(ctx context.Context, a bot.Address, file []byte) (fingerprint string, err error) {
	enrolment, err := seal.ParseEnrolment(file)
	if err != nil {
		return "", ErrEnrolment
	}
	var name store.ID
	err = r.Store.View(ctx, func(rd *store.Read) error {
		found := false
		if name, _, found, err = rd.InvitationOf(a); err == nil && !found {
			return ErrInvitation
		}
		return err
	})
	if err != nil {
		return "", err
	}
	now := r.Now()
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		i, found, err := w.InvitationAt(name)
		if err != nil {
			return err
		}
		if !found || now.After(i.Until) || i.Taken != a {
			return ErrInvitation
		}
		return bring(w, name, i, a, enrolment.Public, file, store.DayOf(now))
	})
	if err != nil {
		return "", err
	}
	return seal.Fingerprint(enrolment.Public), nil
}

// bring uses an invitation up: the key waits for the coordinator, and with it where its owner is reached.
func bring(w *store.Write, name store.ID, i store.Invitation, a bot.Address, public string, file []byte, today store.Day) error {
	var e ticket.Entry
	if err := json.Unmarshal(i.Entry, &e); err != nil {
		return errors.New("reading an invitation: damaged")
	}
	e.Key, e.Status = public, ticket.StatusConfirmed
	entry, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := w.PutPending(store.Pending{
		ID: e.ID, Entry: entry, Enrolment: file, Day: today, Address: a, Lang: i.Lang, Sealed: i.Sealed, Way: i.Way,
	}); err != nil {
		return err
	}
	if err := w.DropInvitation(name); err != nil {
		return err
	}
	return w.AuditShared(store.Entry{Day: today, Who: e.ID, Did: "brought a key", Whom: e.ID})
}

// IsEnrolment says that a file is meant to be an enrolment file, whatever is wrong with it.
func IsEnrolment(file []byte) bool { return bytes.HasPrefix(file, []byte("amana enrolment ")) }

// Colleague is somebody of the roster, or on the way into it, who writes from an address.
type Colleague struct {
	ID, Name, Lang string
	Signed         bool // in the roster in force: may read
}

// Colleague gives who writes from an address; ok is false for everybody else. Whoever has brought a key is a colleague
// who is not signed yet, even under an id that somebody else holds until then. A revoked person is none.
func (r *Registry) Colleague(ctx context.Context, a bot.Address) (c Colleague, ok bool, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		contact, found, err := rd.ByAddress(a)
		if err != nil {
			return err
		}
		if e, known := r.roster.Load().Find(contact.ID); found && known && e.Usable() {
			c, ok = Colleague{ID: contact.ID, Name: e.Name, Lang: contact.Lang, Signed: true}, true
			return nil
		}
		waiting, err := rd.Pending()
		for _, p := range waiting {
			if p.Address == a {
				c, ok = Colleague{ID: p.ID, Lang: p.Lang}, true
			}
		}
		return err
	})
	return c, ok, err
}

// Speak sets the language in which a colleague is told things, or somebody on the way into the roster.
func (r *Registry) Speak(ctx context.Context, person, lang string) error {
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		c, found, err := w.Contact(person)
		if err != nil {
			return err
		}
		if found {
			c.Lang = lang
			return w.PutContact(c)
		}
		p, found, err := w.PendingOf(person)
		if err != nil || !found {
			return err
		}
		p.Lang = lang
		return w.PutPending(p)
	})
}
