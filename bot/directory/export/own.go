package export

import (
	"fmt"

	"amana/bot/directory"
)

// attributes gathers what HSDS has no member for.
type attributes struct {
	of   string
	list []object
}

// put adds a field; label is the language of a text, or the name of a column that nobody knows.
func (a *attributes) put(field, label, value string) {
	o := object{"id": fmt.Sprintf("%s/own/%d", a.of, len(a.list)), "link_id": a.of, "value": value,
		"taxonomy_term": object{"id": Taxonomy + "/" + field, "code": field, "name": field, "description": "a field of the directory that HSDS has no member for", "taxonomy": Taxonomy}}
	o.set("label", label)
	a.list = append(a.list, o)
}

func (a *attributes) text(field, value string) {
	if value != "" {
		a.put(field, "", value)
	}
}

func (a *attributes) words(field string, w directory.Words) {
	for _, t := range w {
		a.put(field, t.Lang, t.Text)
	}
}

func (a *attributes) pairs(pairs []directory.Pair) {
	for _, p := range pairs {
		a.put("extra", p.Name, p.Value)
	}
}

// own writes every field that HSDS has no member for, or only one in a single language. A service without a place of its
// own is marked, since HSDS asks for a location with an id.
func own(s *directory.Service) []object {
	a := attributes{of: s.ID}
	a.text("place_id", or(s.Place.ID, "-"))
	a.words("name", s.Name)
	a.words("says", s.Says)
	a.words("place", s.Place.Name)
	a.words("address", s.Place.Address)
	a.words("hours_note", s.Times.Note)
	a.words("interprets", s.Interprets)
	a.words("eligibility", s.Eligibility)
	a.words("cost", s.Cost.Note)
	a.words("access", s.Access)
	a.words("bring", s.Bring)
	a.words("referral", s.Referral)
	a.words("remarks", s.Remarks)
	a.text("group", s.Group)
	a.text("open", s.Times.Open)
	a.text("hours", s.Times.Said)
	a.text("zone", s.Times.Zone)
	a.text("asks", s.Asks)
	for _, g := range s.For {
		a.put("for", "", g)
	}
	a.text("free", string(s.Cost.Free))
	a.text("women", string(s.Women))
	a.text("deadline", string(s.Deadline))
	a.text("visibility", string(s.Visibility))
	a.text("verified_by", s.VerifiedBy)
	a.text("valid_until", string(s.ValidUntil))
	if s.Place.Redacted {
		a.put("confidential", "", "yes")
	}
	a.pairs(s.Extra)
	return a.list
}
