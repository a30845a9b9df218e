package store

import (
	"fmt"
	"time"

	"amana/bot"
	"amana/bot/seal"
)

// Contact is how to reach a member of staff. It stands apart from the signed roster, since the coordinator signs
// whom to trust and not where they sit.
type Contact struct {
	ID      string      `json:"id"` // roster id
	Address bot.Address `json:"address"`
	Lang    string      `json:"lang"`
	Sealed  bool        `json:"sealed,omitempty"` // the sealed file travels with the notice
	// Way is where notices go in place of Address, once somebody has proved that it is theirs; Next is a way that is not
	// proved yet. Nobody can write from either.
	Way  bot.Address `json:"way,omitempty"`
	Next *Next       `json:"next,omitempty"`
	// Wrapped is the enrolment file with the person's wrapped secret, which is kept for them and opens nothing here.
	Wrapped []byte `json:"wrapped,omitempty"`
}

// Next is a way that waits for the digits which were sent there.
type Next struct {
	Address bot.Address `json:"address"`
	Sealed  bool        `json:"sealed,omitempty"`
	Digits  string      `json:"digits"`
	Until   time.Time   `json:"until"`
	Wrong   int         `json:"wrong,omitempty"`
}

// Told is where notices to somebody go.
func (c Contact) Told() bot.Address {
	if c.Way != "" {
		return c.Way
	}
	return c.Address
}

// Invitation lets one person bring one key, once, until it ends.
type Invitation struct {
	Entry  []byte      `json:"entry"` // the roster entry proposed, as the ticket room encodes it
	ID     string      `json:"id"`
	Lang   string      `json:"lang"`
	Sealed bool        `json:"sealed,omitempty"`
	Way    bot.Address `json:"way,omitempty"` // where they are to be told of reports, in place of where they bring the key from
	Until  time.Time   `json:"until"`
	Taken  bot.Address `json:"taken,omitempty"` // who followed the link first; nobody else may use it then
	Team   string      `json:"team,omitempty"`  // for the group of a team, and for no person
}

// Pending is a key that waits for the coordinator to sign it into the roster, and with it the way to reach whoever
// brought it, which counts from then on: until the key is confirmed, nobody has taken anybody's place.
type Pending struct {
	ID        string      `json:"id"`
	Entry     []byte      `json:"entry"`
	Enrolment []byte      `json:"enrolment"`
	Day       Day         `json:"day"`
	Address   bot.Address `json:"address"`
	Lang      string      `json:"lang"`
	Sealed    bool        `json:"sealed,omitempty"`
	Way       bot.Address `json:"way,omitempty"`
}

// Signed is the roster as the coordinator signed it.
type Signed struct {
	Statement []byte      `json:"statement"`
	Signature []byte      `json:"signature"`
	Cards     []seal.Card `json:"cards"`           // each reader, signed apart, for programs on readers' own machines
	Held      bool        `json:"held,omitempty"`  // after a restore: nothing is sealed until the coordinator confirms
	Nonce     []byte      `json:"nonce,omitempty"` // of this hold: what ends it must name it
	Order     *Order      `json:"order,omitempty"` // on the way to the server only
}

// Order is what the coordinator decided beside the roster itself. It is signed with it, and carried out once.
type Order struct {
	Nonce     []byte   `json:"nonce,omitempty"`   // of the hold that it ends
	Settled   []string `json:"settled,omitempty"` // the keys that waited: those that the roster lacks are refused
	Signature []byte   `json:"signature"`
}

func (s *Store) name(label, of string) ID { return s.house.MAC(label, []byte(of)) }

func (r *Read) standing(k []byte, v any) (found bool, err error) {
	plain, _, found, err := r.get(k)
	if err != nil || !found {
		return false, err
	}
	return true, decode(plain, v)
}

func (w *Write) putStanding(k []byte, v any) error {
	plain, err := encode(v)
	if err != nil {
		return err
	}
	return w.put(k, w.s.house.Standing(), plain)
}

// piece is how much of the roster stands in one record; maxPieces, how many a roster can have, which bears the largest
// that can be signed and stays below what an update may write.
const (
	piece     = 48 << 10
	maxPieces = 16
)

// Roster gives the signed roster; found is false before the first was applied.
func (r *Read) Roster() (s Signed, found bool, err error) {
	var whole []byte
	for n := range maxPieces {
		plain, _, there, err := r.get(key(rosters, numbered(n)))
		if err != nil {
			return s, false, err
		}
		if !there {
			break
		}
		whole = append(whole, plain...)
	}
	if len(whole) == 0 {
		return s, false, nil
	}
	return s, true, decode(whole, &s)
}

// PutRoster keeps a signed roster in place of the one before.
func (w *Write) PutRoster(s Signed) error {
	whole, err := encode(s)
	if err != nil {
		return err
	}
	if len(whole) > maxPieces*piece {
		return fmt.Errorf("writing the roster: %d entries take more room than there is", len(s.Cards))
	}
	for n := range maxPieces {
		k := key(rosters, numbered(n))
		if len(whole) == 0 {
			if err := w.drop(k); err != nil {
				return err
			}
			continue
		}
		part := whole[:min(len(whole), piece)]
		whole = whole[len(part):]
		if err := w.put(k, w.s.house.Standing(), part); err != nil {
			return err
		}
	}
	return w.turn()
}

// Contact gives how to reach somebody of the roster.
func (r *Read) Contact(id string) (c Contact, found bool, err error) {
	found, err = r.standing(key(contacts, r.s.name("contact", id)), &c)
	return c, found, err
}

// ByAddress gives whose address this is.
func (r *Read) ByAddress(a bot.Address) (c Contact, found bool, err error) {
	var id string
	found, err = r.standing(key(byAddress, r.s.name("address", a.Reveal())), &id)
	if err != nil || !found {
		return c, false, err
	}
	c, found, err = r.Contact(id)
	return c, found && c.Address == a, err
}

// Contacts gives everybody who can be reached.
func (r *Read) Contacts() (all []Contact, err error) {
	err = r.each(contacts, func(plain []byte) error {
		var c Contact
		err := decode(plain, &c)
		all = append(all, c)
		return err
	})
	return all, err
}

// PutContact keeps how to reach somebody, in place of the way before.
func (w *Write) PutContact(c Contact) error {
	if err := w.dropAddress(c.ID); err != nil {
		return err
	}
	if err := w.putStanding(key(byAddress, w.s.name("address", c.Address.Reveal())), c.ID); err != nil {
		return err
	}
	return w.putStanding(key(contacts, w.s.name("contact", c.ID)), c)
}

// DropContact forgets how to reach somebody.
func (w *Write) DropContact(id string) error {
	if err := w.dropAddress(id); err != nil {
		return err
	}
	return w.drop(key(contacts, w.s.name("contact", id)))
}

// dropAddress takes the address of somebody out of the index, unless somebody else is found under it by now.
func (w *Write) dropAddress(id string) error {
	c, found, err := w.Contact(id)
	if err != nil || !found {
		return err
	}
	var whose string
	k := key(byAddress, w.s.name("address", c.Address.Reveal()))
	if found, err = w.standing(k, &whose); err != nil || !found || whose != id {
		return err
	}
	return w.drop(k)
}

// Invitation gives what the word of a link stands for.
func (r *Read) Invitation(word string) (i Invitation, found bool, err error) {
	found, err = r.standing(key(invitations, r.s.name("invitation", word)), &i)
	return i, found, err
}

// InvitationOf gives the invitation that an address has taken and not used up, and the name under which InvitationAt
// gives it again. It looks through all of them, which an update may not.
func (r *Read) InvitationOf(a bot.Address) (name ID, i Invitation, found bool, err error) {
	err = r.Invitations(func(n ID, one Invitation) {
		if one.Taken == a && one.Team == "" {
			name, i, found = n, one, true
		}
	})
	return name, i, found, err
}

// Invitations walks all invitations.
func (r *Read) Invitations(fn func(name ID, i Invitation)) error {
	return r.scan([]byte{byte(invitations)}, 200, func(k, value []byte) (bool, error) {
		plain, _, err := r.s.house.Open(k, value)
		if err != nil {
			return false, err
		}
		var one Invitation
		if err := decode(plain, &one); err != nil {
			return false, err
		}
		fn(ID(k[1:]), one)
		return true, nil
	})
}

// InvitationAt gives an invitation by its name.
func (r *Read) InvitationAt(name ID) (i Invitation, found bool, err error) {
	found, err = r.standing(key(invitations, name), &i)
	return i, found, err
}

// InvitationName gives the name under which InvitationAt finds what the word of a link stands for.
func (r *Read) InvitationName(word string) ID { return r.s.name("invitation", word) }

// PutInvitation keeps an invitation under the word of its link.
func (w *Write) PutInvitation(word string, i Invitation) error {
	return w.putStanding(key(invitations, w.s.name("invitation", word)), i)
}

// DropInvitation ends an invitation; name is what InvitationOf gave.
func (w *Write) DropInvitation(name ID) error { return w.drop(key(invitations, name)) }

// Pending gives the keys that wait for the coordinator.
func (r *Read) Pending() (all []Pending, err error) {
	err = r.each(pending, func(plain []byte) error {
		var p Pending
		err := decode(plain, &p)
		all = append(all, p)
		return err
	})
	return all, err
}

// PutPending keeps a key for the coordinator, in place of an earlier one of the same person.
func (w *Write) PutPending(p Pending) error {
	return w.putStanding(key(pending, w.s.name("pending", p.ID)), p)
}

// PendingOf gives the key that somebody has brought and that waits.
func (r *Read) PendingOf(id string) (p Pending, found bool, err error) {
	found, err = r.standing(key(pending, r.s.name("pending", id)), &p)
	return p, found, err
}

// DropPending takes away a key that was signed or refused.
func (w *Write) DropPending(id string) error { return w.drop(key(pending, w.s.name("pending", id))) }

func (r *Read) each(s shelf, fn func(plain []byte) error) error {
	return r.scan([]byte{byte(s)}, 200, func(k, value []byte) (bool, error) {
		plain, _, err := r.s.house.Open(k, value)
		if err != nil {
			return false, err
		}
		return true, fn(plain)
	})
}
