package casework_test

import (
	"bytes"
	"testing"

	"amana/bot/casework"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Only a roster that was signed for this very hold ends it: not one from before the restore, nor one for an earlier
// restore.
func TestOldRosterEndsNoHold(t *testing.T) {
	m := newMission(t)
	p := carried(t, m)
	p.Pending = append(p.Pending, m.entry("dan", "relief", ticket.FocalPoint))
	before := must(casework.Sign(theCamp().coordinator, p)) // lies on the server, with bea in it

	ok(t, casework.Hold(t.Context(), m.store))
	m.open()
	first := must(casework.Sign(theCamp().coordinator, carried(t, m)))
	ok(t, casework.Hold(t.Context(), m.store)) // restored once more
	m.open()
	for name, s := range map[string]store.Signed{"before any restore": before, "for another restore": first} {
		if err := m.registry.Apply(t.Context(), s); err != casework.ErrEndHold {
			t.Errorf("signed %s: %v", name, err)
		}
	}
	if !m.registry.Held() || len(m.registry.Roster().Entries) != 0 {
		t.Fatal("the hold has ended")
	}
	m.restart()
	now := carried(t, m)
	if !now.Held || len(now.Nonce) == 0 || bytes.Equal(now.Nonce, first.Order.Nonce) {
		t.Fatalf("held: %v, nonce %x", now.Held, now.Nonce)
	}
	m.apply(must(casework.Sign(theCamp().coordinator, now, "bea")))
	if m.registry.Held() {
		t.Error("still held")
	}
	m.restart()
	if p := carried(t, m); p.Held || len(p.Nonce) != 0 {
		t.Error("held again after a start")
	}
}

// A database that was copied back by hand is known by its older roster, and held as a restored one is.
func TestOldDatabaseIsHeld(t *testing.T) {
	m := onDisk(t)
	ok(t, m.file.Compact(t.Context(), m.dir+"/data/copy.db"))
	p := carried(t, m)
	m.sign(nil, "bea")
	before := must(casework.Sign(theCamp().coordinator, p))
	m.useCopy(m.dir + "/data/copy.db")
	if !m.registry.Held() {
		t.Fatal("a roster of before the revocation is in force")
	}
	nonce := carried(t, m).Nonce
	m.open()
	if !bytes.Equal(nonce, carried(t, m).Nonce) {
		t.Error("each start makes another hold, which no file can end")
	}
	wantErr(t, m.registry.Apply(t.Context(), before), casework.ErrEndHold)
	now := carried(t, m)
	now.Last, now.Older = ticket.Roster{Version: 2, Entries: m.revoked(now, "bea")}, true
	m.apply(must(casework.Sign(theCamp().coordinator, now)))
	if e, _ := m.registry.Roster().Find("bea"); m.registry.Held() || e.Usable() || m.registry.Roster().Version != 3 {
		t.Errorf("held %v, bea reads %v, version %d", m.registry.Held(), e.Usable(), m.registry.Roster().Version)
	}
	m.open()
	if m.registry.Held() {
		t.Error("held again after a start")
	}
}

// revoked gives the entries of the roster in force with one of them revoked.
func (m *mission) revoked(p casework.Proposal, id string) []ticket.Entry {
	m.t.Helper()
	in, err := p.InForce(theCamp().coordinator.Public())
	ok(m.t, err)
	for i, e := range in.Entries {
		if e.ID == id {
			in.Entries[i].Status = ticket.StatusRevoked
		}
	}
	return in.Entries
}

// A backup from before the first roster is held too: an old signed roster must not be the first again.
func TestEmptyDatabaseIsHeld(t *testing.T) {
	m := onDisk(t)
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutRoster(store.Signed{}) }))
	m.restart()
	if !m.registry.Held() {
		t.Fatal("not held")
	}
	wantErr(t, m.registry.Apply(t.Context(), theCamp().signed), casework.ErrEndHold)
}
