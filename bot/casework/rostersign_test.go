package casework_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// carried gives a proposal as the coordinator's machine gets it: in a file.
func carried(t *testing.T, m *mission) (p casework.Proposal) {
	t.Helper()
	here, err := m.registry.Propose(t.Context())
	ok(t, err)
	ok(t, json.Unmarshal(must(json.Marshal(here)), &p))
	return p
}

// A server that writes a key of its own into the roster that is in force gets nothing signed.
func TestSignBelievesNoServer(t *testing.T) {
	m := newMission(t)
	spy := must(seal.NewIdentity(newReader(9)))
	swapped := func(r ticket.Roster) []byte {
		r.Entries = slices.Clone(r.Entries)
		r.Entries[0].Key = spy.Public()
		return must(r.Encode())
	}
	inForce := m.registry.Roster()
	stranger := must(seal.NewCoordinatorKey(newReader(3)))
	for name, change := range map[string]func(*casework.Proposal){
		"a swapped key":         func(p *casework.Proposal) { p.Statement = swapped(inForce) },
		"only beside it":        func(p *casework.Proposal) { p.Roster, p.Statement, p.Signature = inForce, nil, nil },
		"another signer":        func(p *casework.Proposal) { p.Signature = seal.SignRoster(stranger, inForce.Canonical()) },
		"no signature":          func(p *casework.Proposal) { p.Signature = nil },
		"rubbish":               func(p *casework.Proposal) { p.Statement = []byte("rubbish") },
		"entries of no version": func(p *casework.Proposal) { p.Roster, p.Statement = ticket.Roster{Entries: inForce.Entries}, nil },
	} {
		p := carried(t, m)
		change(&p)
		if _, err := casework.Sign(theCamp().coordinator, p); err == nil || !strings.Contains(err.Error(), casework.ErrUnsigned.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What only stands beside the statement is not signed.
	p := carried(t, m)
	p.Roster = inForce
	p.Roster.Entries = slices.Clone(inForce.Entries)
	p.Roster.Entries[0].Key = spy.Public()
	s := must(casework.Sign(theCamp().coordinator, p))
	if strings.Contains(string(s.Statement), spy.Public()) {
		t.Error("the spy's key was signed")
	}
	m.apply(s)
}

// A coordinator who remembers what was signed last is not led back to an earlier roster, nor to another of its version.
func TestSignGoesOnFromTheLast(t *testing.T) {
	m := newMission(t)
	key := theCamp().coordinator
	old := carried(t, m)
	last := must(ticket.DecodeRoster(must(casework.Sign(key, old, "bea")).Statement)) // bea was revoked, says the wallet
	old.Last = last
	_, err := casework.Sign(key, old)
	wantErr(t, err, casework.ErrLostRoster)
	none := casework.Proposal{Last: last}
	_, err = casework.Sign(key, none)
	wantErr(t, err, casework.ErrLostRoster)

	// After a restore the coordinator says so: the next is made from the last, and higher than any.
	old.Older = true
	old.Pending = []ticket.Entry{m.entry("dan", "relief", ticket.FocalPoint)}
	next := must(ticket.DecodeRoster(must(casework.Sign(key, old)).Statement))
	if e, _ := next.Find("bea"); next.Version != 3 || e.Usable() {
		t.Errorf("version %d; bea reads: %v", next.Version, e.Usable())
	}
	if e, _ := next.Find("dan"); !e.Usable() {
		t.Error("dan does not join")
	}

	// Two rosters of one version: refused, and with the coordinator's word nobody who was revoked in either comes back.
	m.sign(nil, "bo")
	other := carried(t, m)
	other.Last = last
	_, err = casework.Sign(key, other)
	wantErr(t, err, casework.ErrOtherRoster)
	other.Older = true
	next = must(ticket.DecodeRoster(must(casework.Sign(key, other)).Statement))
	for _, id := range []string{"bea", "bo"} {
		if e, ok := next.Find(id); !ok || e.Usable() {
			t.Errorf("%s is back", id)
		}
	}
	// A later one, signed elsewhere with the same key, is gone on from.
	m.sign(nil)
	later := carried(t, m)
	later.Last = last
	if next = must(ticket.DecodeRoster(must(casework.Sign(key, later)).Statement)); next.Version != 4 {
		t.Errorf("version %d", next.Version)
	}
}

// brings lets somebody follow an invitation and bring a new key.
func (m *mission) brings(id string) ticket.Entry {
	m.t.Helper()
	e := ticket.Entry{ID: id, Name: id, Org: "health", Role: ticket.FocalPoint, Status: ticket.StatusConfirmed}
	word, err := m.registry.Invite(m.t.Context(), e, "en", false)
	ok(m.t, err)
	at := bot.Address("staff:" + id + "-" + word)
	_, err = m.registry.Follow(m.t.Context(), at, word)
	ok(m.t, err)
	_, err = m.registry.Enrol(m.t.Context(), at, m.enrolment(id))
	ok(m.t, err)
	e.Key = m.ids[id].Public()
	return e
}

func (m *mission) waiting() (ids []string) {
	m.t.Helper()
	p, err := m.registry.Propose(m.t.Context())
	ok(m.t, err)
	for _, e := range p.Pending {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	return ids
}

// A key that waited while its owner was revoked does not bring them back later.
func TestRevokedStaysRevoked(t *testing.T) {
	m := newMission(t)
	m.brings("bea")
	m.sign(nil, "bea")
	if e, _ := m.registry.Roster().Find("bea"); e.Usable() {
		t.Error("revoked and signed in one call: the key that waited counts")
	}
	if got := m.waiting(); len(got) != 0 {
		t.Errorf("%v still wait", got)
	}
	m.sign([]ticket.Entry{m.entry("dan", "relief", ticket.FocalPoint)})
	if e, _ := m.registry.Roster().Find("bea"); e.Usable() {
		t.Error("the revoked reader is back")
	}
	// Invited anew, she waits again, and the coordinator decides.
	m.brings("bea")
	m.restart()
	if got := m.waiting(); !slices.Equal(got, []string{"bea"}) {
		t.Errorf("%v wait", got)
	}
	m.sign(nil)
	if e, _ := m.registry.Roster().Find("bea"); !e.Usable() || e.Key != m.ids["bea"].Public() {
		t.Error("the coordinator's word does not bring her back")
	}
	m.whole()
}

// Whoever is refused waits no longer and does not join; a key that came after the list still waits.
func TestRefuse(t *testing.T) {
	m := newMission(t)
	m.brings("eve")
	m.brings("fay")
	m.brings("gus")
	p := carried(t, m)
	p.Refuse = []string{"eve", "fay"}
	s := must(casework.Sign(theCamp().coordinator, p))
	later := m.brings("fay") // another key than the one that was refused
	m.apply(s)
	for id, want := range map[string]bool{"eve": false, "fay": false, "gus": true} {
		if e, _ := m.registry.Roster().Find(id); e.Usable() != want {
			t.Errorf("%s reads: %v", id, e.Usable())
		}
	}
	if got := m.waiting(); !slices.Equal(got, []string{"fay"}) || carried(t, m).Pending[0].Key != later.Key {
		t.Errorf("%v wait", got)
	}
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		chain, err := r.SharedChain()
		n := 0
		for _, e := range chain {
			if e.Did == "refused a key" && e.Whom == "eve" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the shared chain tells %d times of the refusal", n)
		}
		return err
	}))
	if _, err := casework.Sign(theCamp().coordinator, casework.Proposal{Pending: p.Pending, Refuse: []string{"ana"}}); err == nil {
		t.Error("who does not wait was refused")
	}
	if _, err := casework.Sign(theCamp().coordinator, carried(t, m), "fay"); err == nil || !strings.Contains(err.Error(), "refused, not revoked") {
		t.Errorf("who only waits is revoked: %v", err)
	}
	m.whole()
}

// An entry leaves the roster only after it was revoked in an earlier one.
func TestRemove(t *testing.T) {
	m := newMission(t)
	p := carried(t, m)
	p.Remove = []string{"bea"}
	for _, revoke := range [][]string{nil, {"bea"}} {
		if _, err := casework.Sign(theCamp().coordinator, p, revoke...); err == nil {
			t.Error("a reader who counts was removed")
		}
	}
	m.sign(nil, "bea")
	p = carried(t, m)
	p.Remove = []string{"bea"}
	m.apply(must(casework.Sign(theCamp().coordinator, p)))
	if _, ok := m.registry.Roster().Find("bea"); ok {
		t.Error("the entry still stands there")
	}
	m.whole()
}

// The order belongs to its roster and to its signer, whole.
func TestOrderSigned(t *testing.T) {
	m := newMission(t)
	eve := m.brings("eve")
	good := must(casework.Sign(theCamp().coordinator, carried(t, m)))
	another := must(casework.Sign(theCamp().coordinator, carried(t, m), "bo"))
	for name, change := range map[string]func(*store.Order){
		"more keys":     func(o *store.Order) { o.Settled = append(slices.Clone(o.Settled), "fay age1") },
		"other keys":    func(o *store.Order) { o.Settled = []string{"fay " + eve.Key} },
		"no keys":       func(o *store.Order) { o.Settled = nil },
		"another nonce": func(o *store.Order) { o.Nonce = []byte("x") },
		"another's":     func(o *store.Order) { *o = *another.Order },
	} {
		s, o := good, *good.Order
		change(&o)
		s.Order = &o
		if err := m.registry.Apply(t.Context(), s); err != casework.ErrNoOrder {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := good
	s.Order = nil
	wantErr(t, m.registry.Apply(t.Context(), s), casework.ErrNoOrder)
	m.apply(good)
}
