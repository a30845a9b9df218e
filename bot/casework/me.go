package casework

import (
	"context"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Me is what somebody who has signed in is told about themselves.
type Me struct {
	Person, Name, Org, Role, Lang string
	Confirmed                     bool   // their key stands in the signed roster
	Fingerprint                   string // of that key, or of the one that waits
	Coordinator                   bool
	Held                          bool   // nothing is handed out before the coordinator has confirmed the restored roster
	Elsewhere                     bool   // they are told of reports somewhere beside the desk
	Proves                        string // the door of a way that waits for its digits: "mail", "webhook"; empty: none does
}

// WhoAmI says who somebody is: of the roster, or on the way into it. It is ErrUnknown for everybody else, and for whoever
// was revoked.
func (r *Registry) WhoAmI(ctx context.Context, person string) (me Me, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		contact, found, err := rd.Contact(person)
		if err != nil {
			return err
		}
		e, confirmed, err := r.entry(rd, person)
		if err != nil {
			return err
		}
		me = Me{
			Person: e.ID, Name: e.Name, Org: e.Org, Role: string(e.Role), Lang: contact.Lang, Confirmed: confirmed,
			Fingerprint: seal.Fingerprint(e.Key), Coordinator: confirmed && e.Role == ticket.Coordinator, Held: r.Held(),
			Elsewhere: found && !atDesk(contact.Told()),
		}
		if contact.Next != nil && !r.Now().After(contact.Next.Until) {
			me.Proves = doorOf(contact.Next.Address)
		}
		if !found {
			p, _, err := rd.PendingOf(person)
			me.Lang = p.Lang
			return err
		}
		return nil
	})
	return me, err
}

// entry gives somebody as the roster has them, or, if it does not, as they would stand in it with the key that waits.
// Whoever only holds a recovery key is nobody here.
func (r *Registry) entry(rd *store.Read, person string) (e ticket.Entry, confirmed bool, err error) {
	if e, ok := r.roster.Load().Find(person); ok && e.Usable() && e.Role != ticket.Recovery {
		return e, true, nil
	}
	p, found, err := rd.PendingOf(person)
	if err != nil {
		return e, false, err
	}
	if !found {
		return e, false, ErrUnknown
	}
	if e, err = waits(p); err == nil && e.Role == ticket.Recovery {
		err = ErrUnknown
	}
	return e, false, err
}

// RosterView is the roster as everybody of it may look at it.
type RosterView struct {
	Version              uint64
	Statement, Signature []byte // as the coordinator signed it; a page verifies it with the pinned key
	Held                 bool
	Entries              []RosterLine
}

// RosterLine is one entry, with what lies beside it. Nothing in it is secret.
type RosterLine struct {
	ticket.Entry
	Fingerprint string
	Absence     *Absence // nil: they are there
}

// Absence says until when somebody is away, that day included, and who stands in.
type Absence struct {
	Until  ticket.Day
	Backup string // roster id; may be empty
}

// RosterView gives the roster, the restored one too while it waits for the coordinator.
func (r *Registry) RosterView(ctx context.Context) (RosterView, error) {
	if err := r.Fresh(ctx); err != nil {
		return RosterView{}, err
	}
	in := r.roster.Load()
	v := RosterView{Version: in.Version, Statement: in.Statement, Signature: in.Signature, Held: in.Held}
	for _, e := range in.Entries {
		l := RosterLine{Entry: e, Fingerprint: seal.Fingerprint(e.Key)}
		if until, away := r.AbsentUntil(e.ID); away {
			l.Absence = &Absence{Until: until, Backup: e.Backup}
		}
		v.Entries = append(v.Entries, l)
	}
	return v, nil
}
