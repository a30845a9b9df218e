package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// signing gives, for each word with which the pages sign nothing, what `amana confirm` says.
var signing = map[string]string{
	"unsigned_roster": casework.ErrUnsigned.Error(),
	"lost_roster":     casework.ErrLostRoster.Error(),
	"other_roster":    casework.ErrOtherRoster.Error(),
	"not_waiting":     "nobody waits with the id",
	"not_removable":   "cannot be removed",
	"not_in_roster":   "nobody in it has the id",
	"roster_invalid":  "",
	"roster_too_long": "are the most that can travel",
}

// Whatever a coordinator decides, and whatever a server lists, the pages sign what `amana confirm` signs, to the byte, and
// refuse what it refuses.
func TestDeskSealsSignAlike(t *testing.T) {
	t.Parallel()
	key, err := seal.NewCoordinatorKey(dice(80))
	if err != nil {
		t.Fatal(err)
	}
	liar, err := seal.NewCoordinatorKey(dice(81))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 5))
	var keys []string
	for n := range byte(12) {
		keys = append(keys, newIdentity(t, 100+n).Public())
	}
	ids := []string{"amal", "bea", "chi", "dua", "eve-2", "safe"}
	entry := func() ticket.Entry {
		id := ids[r.IntN(len(ids))]
		e := ticket.Entry{ID: id, Name: "নাম " + id, Org: "relief", Role: ticket.FocalPoint, Key: keys[r.IntN(len(keys))], Status: ticket.StatusConfirmed}
		if id == "safe" {
			e.Role = ticket.Recovery
			return e
		}
		if r.IntN(3) == 0 {
			e.Areas, e.Langs = []string{"town", "block_a"}, []string{"bn", "ar"}
		}
		if r.IntN(4) == 0 {
			e.Kinds, e.Child = []ticket.Kind{"sea", "child"}, true
		}
		switch r.IntN(40) {
		case 0:
			e.Name = "un\u200bseen"
		case 1:
			e.Backup = "nobody"
		case 2:
			e.Backup = ids[r.IntN(2)]
		case 3:
			e.Key = "age1" + strings.Repeat("q", 58)
		case 4:
			e.Org = "Relief"
		}
		return e
	}
	some := func(one int) []string { // or, mostly, nobody
		if r.IntN(one) > 0 {
			return []string{}
		}
		return []string{ids[r.IntN(len(ids))]}
	}
	signed := store.Signed{} // in force
	var last store.Signed
	var ask []asked
	var want []func(got came) error
	for n := range 150 {
		p := casework.Proposal{Statement: signed.Statement, Signature: signed.Signature}
		for range r.IntN(3) {
			p.Pending = append(p.Pending, entry())
		}
		if r.IntN(5) == 0 {
			p.Held, p.Nonce = true, []byte{byte(n), 1, 2}
		}
		revoke := some(5)
		p.Refuse, p.Remove, p.Older = some(8), some(8), r.IntN(2) == 0
		choice := asked{"refuse": p.Refuse, "remove": p.Remove, "revoke": revoke, "older": p.Older}
		if len(last.Statement) > 0 && r.IntN(3) > 0 {
			if p.Last, err = ticket.DecodeRoster(last.Statement); err != nil {
				t.Fatal(err)
			}
			choice["last"] = asked{"statement": last.Statement, "signature": last.Signature}
		}
		if len(p.Signature) > 0 && r.IntN(15) == 0 {
			p.Signature = seal.SignRoster(liar, []byte("x"))
		}
		s, err := casework.Sign(key, p, revoke...)
		ask = append(ask, asked{"do": "sign", "proposal": p, "secret": key.Reveal(), "choice": choice})
		want = append(want, func(got came) error {
			says, known := signing[got.Word]
			switch {
			case err != nil && (!known || !strings.Contains(err.Error(), says)):
				return fmt.Errorf("the page says %q and signs %s, `amana confirm` says: %w", got.Word, got.OK, err)
			case err != nil:
				return nil
			case got.Word != "":
				return fmt.Errorf("the page refuses what `amana confirm` signs: %s", got.Word)
			}
			var shown store.Signed
			unmarshal(t, got.OK, &shown)
			if asJSON(t, shown) != asJSON(t, s) || !bytes.Equal(shown.Statement, s.Statement) {
				return fmt.Errorf("the page signs another roster:\n%s\n%s", asJSON(t, shown), asJSON(t, s))
			}
			return nil
		})
		if err == nil {
			if r.IntN(3) > 0 {
				signed = s
			}
			if r.IntN(2) > 0 {
				last = s
			}
		}
	}
	refused := 0
	for n, got := range pages(t, ask...) {
		if err := want[n](got); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		if got.Word != "" {
			refused++
		}
	}
	if refused < 20 || refused > len(ask)-20 {
		t.Errorf("%d of %d are refused: the cases prove little", refused, len(ask))
	}
}
