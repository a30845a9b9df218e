package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"amana/bot/directory/hours"
)

// Groups are for whom a service can be; none is for everybody.
var Groups = []string{"women", "girls", "men", "boys", "children", "older", "disability", "lgbtqi", "survivors", "pregnant", "refugees", "displaced", "returnees", "hosts"}

// Freshness is how long a check is believed where the source does not say until when.
const Freshness = 90 * 24 * time.Hour

// longestText bounds one text of a record: a card is a few lines.
const longestText = 2000

var isTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)

// Check says what is wrong with a service. Column names the field; file and line are for the caller to fill in, who
// knows them. Area and org say which ids there are. A record with a refused finding must not enter a directory.
func (s *Service) Check(kinds *Kinds, area, org func(id string) bool) (found []Finding) {
	say := func(l Level, column, what, remedy string) {
		found = append(found, Finding{Level: l, Column: column, What: what, Remedy: remedy})
	}
	if s.ID == "" {
		say(Refused, "id", "the service has no id", "give it one")
	}
	if s.Org == "" || !org(s.Org) {
		say(Refused, "organisation", "no organisation is named", "name who offers the service")
	}
	if len(s.Kinds) == 0 {
		say(Refused, "kind", "no kind of service is named", "write one of: "+kinds.names())
	}
	for _, k := range s.Kinds {
		if _, ok := kinds.Kind(k); !ok {
			say(Refused, "kind", fmt.Sprintf("the kind of service %q is not known", clip(k)), "write one of: "+kinds.names())
		}
	}
	if s.Place.Area == "" {
		say(Refused, "area", "no area is named", "write the name or the code of an area of the list")
	} else if !area(s.Place.Area) {
		say(Refused, "area", fmt.Sprintf("the area %q is not known", clip(s.Place.Area)), "write a name or a code of the list of areas, or import that list as well")
	}
	if len(s.Phones) == 0 && s.Email == "" && s.Web == "" && !s.Place.WalkIn() {
		say(Refused, "phone", "nobody can reach it: there is no number, no address to write to and no place to walk to", "add one of them")
	}
	if p := s.Place; p.Point != nil && (p.Point.Lat < -90 || p.Point.Lat > 90 || p.Point.Lon < -180 || p.Point.Lon > 180 || p.Point.Lat == 0 && p.Point.Lon == 0) {
		say(Refused, "lat", "the point does not lie on the map", "write degrees with a decimal point, latitude from -90 to 90, longitude from -180 to 180")
	}
	s.checkValues(say)
	s.checkDates(say)
	for _, f := range s.texts() {
		if slices.ContainsFunc(*f.words, func(t Text) bool { return len(t.Text) > longestText }) {
			say(Refused, f.name, fmt.Sprintf("the text has more than %d bytes", longestText), "shorten it: what people read is a card")
		}
	}
	return found
}

func (s *Service) checkValues(say func(Level, string, string, string)) {
	for _, l := range s.Langs {
		if !isTag.MatchString(l) {
			say(Warning, "languages", fmt.Sprintf("the language %q is not understood and not searched for", clip(l)), "write a tag such as en, ar or rhg")
		}
	}
	for _, g := range s.For {
		if !slices.Contains(Groups, g) {
			say(Warning, "for", fmt.Sprintf("the group %q is not understood: nobody will find the service by it", clip(g)), "write some of: "+strings.Join(Groups, ", "))
		}
	}
	if s.MinAge < 0 || s.MaxAge < 0 || s.MaxAge > 0 && s.MinAge > s.MaxAge || s.MinAge > 120 {
		say(Refused, "min_age", "the ages are no range", "write years, the lower one first")
	}
	for _, a := range []struct {
		column string
		value  Answer
	}{{"women", s.Women}, {"free", s.Cost.Free}} {
		if a.value != "" && a.value != Yes && a.value != No {
			say(Refused, a.column, fmt.Sprintf("%q is neither yes nor no", clip(string(a.value))), "write yes or no, or leave it empty")
		}
	}
	switch s.Visibility {
	case "", Public, OnRequest, ReferrerOnly:
	default: // nothing is shown to more people than was meant
		say(Refused, "visibility", fmt.Sprintf("the visibility %q is not known", clip(string(s.Visibility))), "write public, on request or referrer only")
	}
	switch s.Status {
	case "", Active, Inactive, Defunct, Paused:
	default:
		say(Refused, "status", fmt.Sprintf("the status %q is not known", clip(string(s.Status))), "write active, inactive, defunct or temporarily closed")
	}
	if s.Times.Open != "" {
		if _, err := hours.Parse(s.Times.Open); err != nil {
			say(Refused, "hours", err.Error(), "")
		}
	}
}

func (s *Service) checkDates(say func(Level, string, string, string)) {
	for _, d := range []struct {
		column string
		value  Date
	}{{"verified_on", s.VerifiedOn}, {"valid_until", s.ValidUntil}, {"deadline", s.Deadline}} {
		if d.value != "" && !d.value.valid() {
			say(Refused, d.column, fmt.Sprintf("%q is not a date", clip(string(d.value))), "write YYYY-MM-DD")
		}
	}
	if s.ValidUntil.valid() && s.VerifiedOn.valid() && s.ValidUntil < s.VerifiedOn {
		say(Warning, "valid_until", "it ends before it was verified: the service will stand last", "look at both dates")
	}
}

func (d Date) valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Year() >= 1970 && t.Year() < 3000
}

// DateOf gives the day of an instant in its zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Until gives the last day on which a record is believed: as the source says, or ninety days after it was verified. It
// is empty where nobody says when that was, and such a record is stale from the beginning.
func (s *Service) Until() Date {
	if s.ValidUntil != "" || s.VerifiedOn == "" {
		return s.ValidUntil
	}
	t, err := time.Parse(time.DateOnly, string(s.VerifiedOn))
	if err != nil {
		return ""
	}
	return DateOf(t.Add(Freshness))
}

// Stale says that a record is out of date: call first.
func (s *Service) Stale(today Date) bool { return s.Until() < today }

// texts lists everything that people may read, by the name of the column.
func (s *Service) texts() []saying {
	return append(s.said(), saying{"place", &s.Place.Name}, saying{"address", &s.Place.Address})
}

func (k *Kinds) names() string {
	var names []string
	for _, kind := range k.all {
		names = append(names, kind.Name)
	}
	return strings.Join(names, ", ")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
