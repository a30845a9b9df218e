package directory

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"amana/bot/directory/hours"
)

// What somebody who refers people may put right at once: they ring there, and stand before the door. Everything else comes
// with a sheet.
const (
	FieldPhones  = "phones"
	FieldHours   = "hours"
	FieldStatus  = "status"
	FieldRemarks = "remarks"
)

// Corrected lists the fields of a correction, in the order in which they are offered.
func Corrected() []string { return []string{FieldPhones, FieldHours, FieldStatus, FieldRemarks} }

// Correction is one field of a service as somebody says that it should be.
type Correction struct {
	Field string
	Value string // as it is typed; empty takes out what is there
	Lang  string // in which remarks are written
	On    Date
	By    string // an organisation or a role: the record may be passed on, so it names nobody
}

// Correct puts one field right, if the record can still stand in a directory afterwards. What is wrong with the value is
// given back, with a remedy; then the service is as it was.
//
// Remarks are replaced in every language: one that nobody has put right would contradict the one that somebody has.
func (s *Service) Correct(c Correction, kinds *Kinds) (wrong []Finding) {
	next := *s
	value := tidy(c.Value)
	refuse := func(what, remedy string) []Finding {
		return []Finding{{Level: Refused, Column: c.Field, What: what, Remedy: remedy}}
	}
	switch c.Field {
	case FieldPhones:
		phones, bad := Phones(value)
		if len(bad) > 0 || len(phones) == 0 && value != "" {
			return refuse("it holds something that is no telephone number", "write numbers as they are dialled, parted by a slash")
		}
		next.Phones = phones
	case FieldHours:
		next.Times.Open, next.Times.Said = "", value
		if value == "" {
			break
		}
		read, err := hours.Read(value)
		if err != nil {
			return refuse(err.Error(), "write days and hours, such as Mo-Fr 08:00-16:00")
		}
		next.Times.Open = read.Hours.String()
		if read.Note != "" {
			next.Times.Note = Say(c.Lang, read.Note)
		}
	case FieldStatus:
		next.Status = Status(value)
		if next.Status == Active {
			next.Status = ""
		}
	case FieldRemarks:
		next.Remarks = Say(c.Lang, value)
	default:
		return refuse("this cannot be corrected here", "correct one of: "+strings.Join(Corrected(), ", "))
	}
	bare := next
	for _, t := range bare.Redact(kinds) {
		if t.Why != "" {
			return refuse("a place that must not be known might be found by it: "+t.Why, "write it so that it leads nowhere")
		}
	}
	there := func(string) bool { return true } // neither area nor organisation changes
	for _, f := range next.Check(kinds, there, there) {
		if f.Level == Refused {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) == 0 {
		next.Source = noted(s.Source, c)
		*s = next
	}
	return wrong
}

// Verify says that everything in a record was right on a day. The end that a sheet gave it is over when somebody has looked
// again.
func (s *Service) Verify(on Date, by string) {
	s.VerifiedOn, s.VerifiedBy = on, by
	if s.ValidUntil < on {
		s.ValidUntil = ""
	}
}

// noted adds to where a record came from which field was put right, when and by whom. A field that is put right again is
// noted once.
func noted(source string, c Correction) string {
	mark := c.Field + " corrected on "
	var parts []string
	for part := range strings.SplitSeq(source, "; ") {
		if part != "" && !strings.HasPrefix(part, mark) {
			parts = append(parts, part)
		}
	}
	note := fmt.Sprintf("%s%s by %s", mark, c.On, strings.ReplaceAll(c.By, "; ", ", "))
	return strings.Join(slices.Concat(parts, []string{note}), "; ")
}

// tidy drops what nobody sees, and what would turn the words around it.
func tidy(value string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, "")))
}

// Typed gives a field that can be corrected as somebody would type it, so that what is offered for correction and sent back
// unchanged changes nothing.
func (s *Service) Typed(field, lang string) string {
	switch field {
	case FieldPhones:
		var numbers []string
		for _, p := range s.Phones {
			text := p.Number
			if p.Ext != "" {
				text += " ext " + p.Ext
			}
			if beside := strings.TrimSpace(p.Use + " " + p.Remark); beside != "" {
				text += " (" + beside + ")"
			}
			numbers = append(numbers, text)
		}
		return strings.Join(numbers, " / ")
	case FieldHours:
		if s.Times.Open != "" {
			return s.Times.Open
		}
		return s.Times.Said
	case FieldStatus:
		if s.Status.Works() {
			return string(Active)
		}
		return string(s.Status)
	case FieldRemarks:
		text, _ := s.Remarks.In(lang, "en", "")
		return text
	}
	return ""
}
