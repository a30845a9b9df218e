package intake

import (
	"fmt"

	"amana/bot/directory"
	"amana/bot/speech"
)

// hidden are the places that are taken out of records, for as long as an import lasts. What else is offered in the house
// of a shelter would show where it is.
type hidden map[string]bool

// shortest is how long a text must be to name one place: "camp" names none.
const shortest = 6

// marks gives what a place can be known by: its texts, and its point to about ten metres.
func marks(p directory.Place) (all []string) {
	for _, words := range []directory.Words{p.Name, p.Address} {
		for _, t := range words {
			if folded := speech.Fold("", t.Text); len(folded) >= shortest {
				all = append(all, folded)
			}
		}
	}
	if p.Point != nil {
		all = append(all, fmt.Sprintf("%.4f %.4f", p.Point.Lat, p.Point.Lon))
	}
	if p.ID != "" {
		all = append(all, "id "+p.ID)
	}
	return all
}

// hide remembers a place before it goes.
func (h hidden) hide(p directory.Place) {
	for _, m := range marks(p) {
		h[m] = true
	}
}

// holds says whether a place is one that is hidden.
func (h hidden) holds(p directory.Place) bool {
	for _, m := range marks(p) {
		if h[m] {
			return true
		}
	}
	return false
}

// hideNeighbours takes out the places of services that are offered where a shelter is. One that nobody can reach
// otherwise is left out.
func (r *Reader) hideNeighbours() {
	kept := r.out.Services[:0]
	for _, s := range r.out.Services {
		if s.Place.Redacted || !r.hidden.holds(s.Place) {
			kept = append(kept, s)
			continue
		}
		s.Place.Redacted = true
		for _, t := range s.Redact(r.o.Kinds) {
			if t.Why != "" {
				r.say(directory.Finding{File: r.services[s.ID], Level: directory.Warning, What: fmt.Sprintf("the place of a shelter might be found by what stands in %s, so it is not kept: %s", t.Column, t.Why), Remedy: "write it so that it leads nowhere"})
			}
		}
		at := directory.Finding{File: r.services[s.ID], Level: directory.Warning, What: "it is offered at a place that is hidden, so its place is not kept either", Remedy: "if it is another place, write it so that both can be told apart"}
		if len(s.Phones) == 0 && s.Email == "" && s.Web == "" {
			at.Level, at.What = directory.Refused, "it is offered at a place that is hidden, and nobody can reach it in another way"
			at.Remedy = "add a number"
			r.refused++
		} else {
			kept = append(kept, s)
		}
		r.say(at)
	}
	r.out.Services = kept
}
