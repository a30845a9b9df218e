package intake

import (
	"cmp"
	"slices"

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
			if value != "" {
				o.extra = append(o.extra, directory.Pair{Name: cmp.Or(string(a.Label), field), Value: value})
			}
		case isText[field]:
			lang, _ := directory.Tag(string(a.Label))
			if before, have := o.words[field].In(lang); before != "" && have == lang {
				value = before + "\n" + value
			}
			o.words[field] = o.words[field].Put(lang, value)
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
	if id := o.texts["id"]; id != "" && s.Group == "" { // at several locations it is several records
		s.ID = id
	}
	s.Name, s.Says, s.Place.Name, s.Place.Address = o.words["name"], o.words["says"], o.words["place"], o.words["address"]
	s.Interprets, s.Eligibility, s.Access = o.words["interprets"], o.words["eligibility"], o.words["access"]
	s.Bring, s.Referral, s.Remarks = o.words["bring"], o.words["referral"], o.words["remarks"]
	s.Cost = directory.Cost{Free: directory.Answer(o.texts["free"]), Note: o.words["cost"]}
	s.Times = directory.Times{Open: o.texts["open"], Said: o.texts["hours"], Note: o.words["hours_note"], Zone: o.texts["zone"]}
	s.Group, s.Asks, s.Women = o.texts["group"], o.texts["asks"], directory.Answer(o.texts["women"])
	for _, g := range o.lists["for"] {
		if name, _ := meaning(groups, g); slices.Contains(directory.Groups, name) {
			s.For = appendNew(s.For, name)
		} else {
			o.extra = append(o.extra, directory.Pair{Name: "for", Value: g})
		}
	}
	s.Deadline, s.ValidUntil = directory.Date(o.texts["deadline"]), directory.Date(o.texts["valid_until"])
	s.Visibility, s.VerifiedBy = directory.Visibility(o.texts["visibility"]), o.texts["verified_by"]
	if id := o.texts["place_id"]; id != "" || o.texts["no_place"] != "" {
		s.Place.ID = id
	}
	if source := o.texts["source"]; source != "" {
		s.Source = source
	}
	s.Place.Redacted = s.Place.Redacted || o.texts["confidential"] != "" && o.texts["confidential"] != "no"
	if langs := o.lists["languages"]; len(langs) > 0 {
		s.Langs = nil
		for _, l := range langs {
			if tag, ok := directory.Tag(l); ok {
				s.Langs = appendNew(s.Langs, tag)
			}
		}
	}
	s.Email, s.Web = cmp.Or(s.Email, o.texts["email"]), cmp.Or(s.Web, o.texts["web"])
	s.Extra = o.extra
}
