package casework

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Proposal is what the coordinator is asked to sign: the roster in force, and what waits to join it. It comes from a
// server that is not believed, so the roster in it counts only with the coordinator's own signature.
type Proposal struct {
	Roster    ticket.Roster  `json:"-"`                   // in force, for whoever asks at the server; a signer reads Statement
	Statement []byte         `json:"statement,omitempty"` // the same as it was signed; none before the first
	Signature []byte         `json:"signature,omitempty"`
	Pending   []ticket.Entry `json:"pending,omitempty"` // with their keys
	Held      bool           `json:"held,omitempty"`    // restored, and waiting to be confirmed
	Nonce     []byte         `json:"nonce,omitempty"`   // of that hold

	// What the signer brings; it never travels.
	Last   ticket.Roster `json:"-"` // what this coordinator signed last; version 0: nothing, or it is not known
	Older  bool          `json:"-"` // the coordinator knows that the server has another roster than Last, and why
	Refuse []string      `json:"-"` // ids of those who wait and must not join
	Remove []string      `json:"-"` // revoked ids that need no longer stand in the roster
}

// What a signer refuses to go on from.
var (
	ErrUnsigned    = errors.New("the roster in it is not signed with this coordinator's key")
	ErrLostRoster  = errors.New("the roster in it is older than what was signed last")
	ErrOtherRoster = errors.New("the roster in it is another than what was signed last under the same version")
)

// MostRoster is the longest statement that can be signed, in bytes: a longer one would not fit into what is handed out,
// and programs on readers' machines could not see who reads.
const MostRoster = 32 << 10

// InForce gives the roster that a proposal comes from, if the coordinator signed it; version 0 if it comes from none.
func (p Proposal) InForce(coordinator string) (ticket.Roster, error) {
	if len(p.Statement) == 0 && p.Roster.Version == 0 && len(p.Roster.Entries) == 0 {
		return ticket.Roster{}, nil
	}
	in, err := ticket.DecodeRoster(p.Statement)
	if err != nil || seal.VerifyRoster(coordinator, in.Canonical(), p.Signature) != nil {
		return ticket.Roster{}, ErrUnsigned
	}
	return in, nil
}

// Base gives the roster from which the next one is made. That is the one in force, unless the coordinator has signed a
// later one: then it is that one, so that whoever was revoked in it does not come back. Where two rosters have one
// version, it is the one in force without those who were revoked in either.
func (p Proposal) Base(coordinator string) (ticket.Roster, error) {
	in, err := p.InForce(coordinator)
	if err != nil {
		return in, err
	}
	switch {
	case in.Version < p.Last.Version && !p.Older:
		return in, ErrLostRoster
	case in.Version < p.Last.Version:
		return p.Last, nil
	case in.Version > p.Last.Version || bytes.Equal(in.Canonical(), p.Last.Canonical()):
		return in, nil
	case !p.Older:
		return in, ErrOtherRoster
	}
	for i, e := range in.Entries {
		if known, ok := p.Last.Find(e.ID); ok && known.Status == ticket.StatusRevoked {
			in.Entries[i].Status = ticket.StatusRevoked
		}
	}
	return in, nil
}

// Next gives the roster that Sign would sign: pending entries join or replace those of the same id, but for those that
// are refused or revoked in the same call; revoked ids keep their place without counting until they are removed.
func (p Proposal) Next(coordinator string, revoke ...string) (ticket.Roster, error) {
	base, err := p.Base(coordinator)
	if err != nil {
		return base, fmt.Errorf("signing the roster: %w", err)
	}
	next := ticket.Roster{Version: base.Version + 1, Entries: slices.Clone(base.Entries)}
	at := func(id string) int {
		return slices.IndexFunc(next.Entries, func(e ticket.Entry) bool { return e.ID == id })
	}
	for _, id := range p.Refuse {
		if !slices.ContainsFunc(p.Pending, func(e ticket.Entry) bool { return e.ID == id }) {
			return next, fmt.Errorf("signing the roster: nobody waits with the id %q", id)
		}
	}
	for _, id := range p.Remove {
		i := at(id)
		if i < 0 || next.Entries[i].Status != ticket.StatusRevoked {
			return next, fmt.Errorf("signing the roster: %q cannot be removed: only who was revoked in an earlier roster can", id)
		}
		next.Entries = slices.Delete(next.Entries, i, i+1)
	}
	for _, e := range p.Pending {
		if slices.Contains(p.Refuse, e.ID) || slices.Contains(revoke, e.ID) {
			continue
		}
		if i := at(e.ID); i >= 0 {
			next.Entries[i] = e
		} else {
			next.Entries = append(next.Entries, e)
		}
	}
	for _, id := range revoke {
		i := at(id)
		if _, known := base.Find(id); i < 0 || !known {
			return next, fmt.Errorf("signing the roster: nobody in it has the id %q; who only waits is refused, not revoked", id)
		}
		next.Entries[i].Status = ticket.StatusRevoked
	}
	if err := next.Validate(); err != nil {
		return next, err
	}
	for _, e := range next.Entries {
		if err := seal.CheckPublic(e.Key); err != nil {
			return next, fmt.Errorf("signing the roster: the key of %s: %w", e.ID, err)
		}
	}
	return next, nil
}

// Sign makes the next version of the roster from a proposal, as Next gives it, and with it the order that settles what
// waited. It needs the coordinator's key, so it runs where that lies.
func Sign(k seal.CoordinatorKey, p Proposal, revoke ...string) (store.Signed, error) {
	next, err := p.Next(k.Public(), revoke...)
	if err != nil {
		return store.Signed{}, err
	}
	statement, err := next.Encode()
	if err != nil {
		return store.Signed{}, err
	}
	if len(statement) > MostRoster {
		return store.Signed{}, fmt.Errorf("signing the roster: its %d entries take %d bytes, and %d are the most that can travel with a report: remove entries that were revoked long ago",
			len(next.Entries), len(statement), MostRoster)
	}
	s := store.Signed{Statement: statement, Signature: seal.SignRoster(k, next.Canonical())}
	for _, e := range next.Entries {
		if e.Usable() {
			s.Cards = append(s.Cards, seal.SignCard(k, card(next.Version, e)))
		}
	}
	o := store.Order{Nonce: p.Nonce}
	for _, e := range p.Pending {
		o.Settled = append(o.Settled, settled(e))
	}
	o.Signature = seal.SignRoster(k, ordered(o, next))
	s.Order = &o
	return s, nil
}

func card(version uint64, e ticket.Entry) seal.Card {
	role := "reader"
	if e.Role == ticket.Recovery {
		role = "recovery"
	}
	return seal.Card{Version: version, ID: e.ID, Name: e.Name, Role: role, Key: e.Key}
}
