package export

import (
	"strconv"

	"amana/bot/directory"
)

// attributes gathers what HSDS has no member for.
type attributes struct {
	of   string // the id of the object that they belong to
	list []object
}

// add adds an attribute with its term.
func (a *attributes) add(taxonomy, code, name, description string) object {
	o := object{"id": uuid("attribute", a.of, strconv.Itoa(len(a.list))),
		"taxonomy_term": object{"id": uuid("taxonomy_term", taxonomy, code), "code": code, "name": name, "description": description, "taxonomy": taxonomy}}
	a.list = append(a.list, o)
	return o
}

// terms adds the kinds of a service.
func (a *attributes) terms(s *directory.Service, kinds *directory.Kinds) {
	for _, k := range s.Kinds {
		name := k
		if kind, ok := kinds.Kind(k); ok {
			name = kind.Title
		}
		a.add(kindTaxonomy, k, name, name)
	}
}

// put adds a field; label is the language of a text, or the name of a column that nobody knows.
func (a *attributes) put(field, label, value string) {
	o := a.add(Taxonomy, field, field, "field of the directory")
	o.set("value", value)
	o.set("label", label) // of HSDS 3.1
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
func (a *attributes) own(s *directory.Service) {
	if a.of != s.ID {
		a.text("id", s.ID)
	}
	for _, l := range s.Langs {
		a.put("languages", "", l)
	}
	if a.text("place_id", s.Place.ID); s.Place.ID == "" {
		a.put("no_place", "", "yes")
	}
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
	a.text("source", s.Source)
	a.pairs(s.Extra)
}
