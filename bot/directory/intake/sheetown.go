package intake

import (
	"encoding/json"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/directory/hours"
	"amana/bot/directory/table"
)

// What follows reads the sheets that bot/directory/export writes. They say exactly what a record holds, also where a
// sheet of somebody else would be understood in another way. Somebody may have changed them since, so that what is not
// in our own form is read as it is in any sheet.

// plain gives the cells of a row as they were meant: without the guards of our own export, and numbers of a workbook
// with all their digits.
func (w *row) plain() {
	for _, c := range w.head.columns {
		switch {
		case c.at >= len(w.cells):
		case c.guarded:
			w.cells[c.at] = table.Unguard(w.cells[c.at])
		default:
			w.cells[c.at] = w.Number(w.cells[c.at])
		}
	}
}

// Unknown is what a sheet of our own says of hours that nobody knows, although the source says something of them.
const Unknown = "unknown"

// open reads hours in the strict notation. What stands beside them is kept, and not read again.
func (w *row) open() string {
	text := w.value("open")
	if text == Unknown {
		return ""
	}
	if _, err := hours.Parse(text); err != nil {
		w.say(directory.Warning, w.of("open"), err.Error(), "until then nobody is told whether it is open")
		return ""
	}
	return text
}

// exact takes what no other sheet has.
func (w *row) exact(s *directory.Service) {
	s.Group, s.Place.ID = w.value("group"), w.value("place_id")
}

// beside puts extension, use and remark of the numbered columns to a telephone number.
func (w *row) beside(p *directory.Phone, nth int) {
	for _, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if c.nth != nth || text == "" {
			continue
		}
		switch c.field {
		case "phone_ext":
			p.Ext = text
		case "phone_use":
			p.Use = text
		case "phone_remark":
			p.Remark = text
		}
	}
}

// kindNames reads a list of names of kinds, parted by semicolons.
func (w *row) kindNames(text string) (names []string, ok bool) {
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if _, known := w.o.Kinds.Kind(part); !known {
			return nil, false
		}
		names = appendNew(names, part)
	}
	return names, true
}

// others reads the columns for which a sheet had no room.
func (w *row) others() (pairs []directory.Pair) {
	i, text := w.of("others"), w.value("others")
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return []directory.Pair{{Name: w.head.columns[i].label, Value: text}}
	}
	return slices.DeleteFunc(pairs, func(p directory.Pair) bool { return p.Value == "" })
}

// organisationRow reads one organisation of a list.
func (r *Reader) organisationRow(w *row) {
	id := w.organisation()
	at, known := r.orgs[id]
	if !known {
		w.say(directory.Refused, w.of("organisation_id"), "the organisation has no id", "give it the one by which services name it")
		r.refused++
		return
	}
	o := &r.out.Organisations[at]
	o.Description, o.Email, o.Web, o.Phones = w.words("says"), w.email(), w.value("web"), w.phones()
	o.Extra = directory.Sorted(append(append(w.extra, w.unknown()...), w.others()...))
	if source := w.value("source"); source != "" {
		o.Source = source
	}
}

// settle brings a record to the one form in which it is kept, whatever file it came from.
func settle(s *directory.Service) {
	if s.Visibility == directory.Public {
		s.Visibility = ""
	}
	if s.Status == directory.Active {
		s.Status = ""
	}
	s.Extra = directory.Sorted(s.Extra)
}
