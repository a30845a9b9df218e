package intake

import (
	"strings"

	"amana/bot/directory"
)

// ownTaxonomy marks attributes whose codes are fields of our own, as bot/directory/export writes them.
const ownTaxonomy = "amana"

// own reads such attributes.
type own struct {
	words map[string]directory.Words
	texts map[string]string
	lists map[string][]string
	extra []directory.Pair
	any   bool
}

func readOwn(all []hsdsAttribute) (o own) {
	o = own{words: map[string]directory.Words{}, texts: map[string]string{}, lists: map[string][]string{}}
	for _, a := range all {
		if a.Term == nil || a.Term.Taxonomy != ownTaxonomy {
			continue
		}
		o.any = true
		field, value := string(a.Term.Code), string(a.Value)
		switch {
		case field == "extra":
			o.extra = append(o.extra, directory.Pair{Name: string(a.Label), Value: value})
		case isText[field]:
			o.words[field] = append(o.words[field], directory.Text{Lang: string(a.Label), Text: value})
		default:
			o.texts[field] = value
			o.lists[field] = append(o.lists[field], value)
		}
	}
	return o
}

// over puts what the attributes say over what the members of HSDS said in one language.
func (o own) over(s *directory.Service) {
	if !o.any {
		return
	}
	s.Name, s.Says, s.Place.Name, s.Place.Address = o.words["name"], o.words["says"], o.words["place"], o.words["address"]
	s.Interprets, s.Eligibility, s.Access = o.words["interprets"], o.words["eligibility"], o.words["access"]
	s.Bring, s.Referral, s.Remarks = o.words["bring"], o.words["referral"], o.words["remarks"]
	s.Cost = directory.Cost{Free: directory.Answer(o.texts["free"]), Note: o.words["cost"]}
	s.Times = directory.Times{Open: o.texts["open"], Said: o.texts["hours"], Note: o.words["hours_note"], Zone: o.texts["zone"]}
	s.Group, s.Asks, s.For, s.Women = o.texts["group"], o.texts["asks"], o.lists["for"], directory.Answer(o.texts["women"])
	s.Deadline, s.ValidUntil = directory.Date(o.texts["deadline"]), directory.Date(o.texts["valid_until"])
	s.Visibility, s.VerifiedBy = directory.Visibility(o.texts["visibility"]), o.texts["verified_by"]
	if id := o.texts["place_id"]; id != "" {
		s.Place.ID = strings.TrimPrefix(id, "-")
	}
	s.Place.Redacted = s.Place.Redacted || o.texts["confidential"] != "" && o.texts["confidential"] != "no"
	s.Extra = o.extra
}
