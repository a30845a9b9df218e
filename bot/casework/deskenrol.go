package casework

import (
	"context"
	"strings"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
)

// deskDoor begins the address of whoever is reached at the desk alone.
const deskDoor = "desk:"

// atDesk says that nothing is carried to an address: what there is to say, the desk shows.
func atDesk(a bot.Address) bool { return strings.HasPrefix(a.Reveal(), deskDoor) }

// Peek says for whom an invitation is that nobody has followed yet. It uses nothing up. Error: ErrInvitation.
func (r *Registry) Peek(ctx context.Context, word string) (g Guest, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		i, found, err := rd.Invitation(word)
		if err != nil {
			return err
		}
		if !found || i.Team != "" || r.Now().After(i.Until) || i.Taken != "" {
			return ErrInvitation
		}
		g = guest(i)
		return nil
	})
	return g, err
}

// EnrolAtDesk follows an invitation and brings the key in one: the enrolment file, and the browser in which the key was
// made, which may sign in with it. Nothing is sealed to the key, and nothing shown to its owner, before the coordinator has
// signed it; then they are reached at the desk alone, wherever they were reached before: a phone that was stolen must be told
// nothing more, nor answered. It gives the fingerprint to be compared by voice. Errors: ErrInvitation, ErrEnrolment.
func (r *Registry) EnrolAtDesk(ctx context.Context, word string, file []byte, b Browser) (person, fingerprint string, err error) {
	enrolment, err := seal.ParseEnrolment(file)
	if err != nil {
		return "", "", ErrEnrolment
	}
	id, err := r.id()
	if err != nil {
		return "", "", err
	}
	now := r.Now()
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		name := w.InvitationName(word)
		i, found, err := w.InvitationAt(name)
		if err != nil {
			return err
		}
		if !found || i.Team != "" || now.After(i.Until) || i.Taken != "" {
			return ErrInvitation
		}
		person = i.ID
		if err := bring(w, name, i, bot.Address(deskDoor+person), enrolment.Public, file, store.DayOf(now)); err != nil {
			return err
		}
		return w.PutBrowser(store.Browser{
			ID: store.ID(id), Person: person, Key: enrolment.Public, Hash: hashed(b.Secret), Proof: hashed(b.Proof),
			Made: store.DayOf(now), Allowed: true,
		})
	})
	if err != nil {
		return "", "", err
	}
	return person, seal.Fingerprint(enrolment.Public), nil
}
