package directory

import (
	"slices"
	"strings"
)

// Directory is everything that an import brings.
type Directory struct {
	Areas         []Area
	Organisations []Organisation
	Services      []*Service // pointers: a list of fifty thousand is not copied while it grows
}

// Area is a place that holds others, or a place to be found at. Name is the name in the mission's lists.
type Area struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"` // empty for the outermost
	Name   Words  `json:"name"`
	Code   string `json:"code,omitempty"`  // P-code, as the area list gives it
	Level  int    `json:"level,omitempty"` // 0 is a country, 1 its first division, …
	Point  *Point `json:"point,omitempty"`
	Source string `json:"source,omitempty"`
	Extra  []Pair `json:"extra,omitempty"`
}

// Point is a point on the map in degrees, WGS 84.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Organisation offers services.
type Organisation struct {
	ID          string  `json:"id"`
	Name        Words   `json:"name"`
	Alternate   string  `json:"alternate,omitempty"` // an acronym or another name
	Description Words   `json:"description,omitempty"`
	Email       string  `json:"email,omitempty"`
	Web         string  `json:"web,omitempty"`
	Phones      []Phone `json:"phones,omitempty"`
	Source      string  `json:"source,omitempty"`
	Extra       []Pair  `json:"extra,omitempty"`
}

// Service is what one organisation offers at one place.
type Service struct {
	ID     string   `json:"id"`
	Org    string   `json:"org"`             // id of the organisation
	Group  string   `json:"group,omitempty"` // the service of HSDS of which this is one place
	Name   Words    `json:"name,omitempty"`
	Says   Words    `json:"says,omitempty"` // what it does for people
	Kinds  []string `json:"kinds"`
	Place  Place    `json:"place"`
	Phones []Phone  `json:"phones,omitempty"`
	Email  string   `json:"email,omitempty"`
	Web    string   `json:"web,omitempty"`
	Asks   string   `json:"asks,omitempty"` // whom to ask for: a role or a title
	Times  Times    `json:"times"`
	Status Status   `json:"status,omitempty"`

	Langs       []string `json:"langs,omitempty"` // BCP 47 tags
	Interprets  Words    `json:"interprets,omitempty"`
	For         []string `json:"for,omitempty"` // groups; none: everybody
	MinAge      int      `json:"min_age,omitempty"`
	MaxAge      int      `json:"max_age,omitempty"` // 0: no limit
	Eligibility Words    `json:"eligibility,omitempty"`
	Cost        Cost     `json:"cost"`
	Access      Words    `json:"access,omitempty"`
	Women       Answer   `json:"women,omitempty"` // a woman can be spoken to
	Bring       Words    `json:"bring,omitempty"`
	Referral    Words    `json:"referral,omitempty"` // how one comes to it
	Deadline    Date     `json:"deadline,omitempty"` // of an application, as for reparations
	Remarks     Words    `json:"remarks,omitempty"`

	Visibility Visibility `json:"visibility,omitempty"`
	Source     string     `json:"source,omitempty"` // where the row came from
	VerifiedOn Date       `json:"verified_on,omitempty"`
	VerifiedBy string     `json:"verified_by,omitempty"`
	ValidUntil Date       `json:"valid_until,omitempty"`
	Extra      []Pair     `json:"extra,omitempty"`
}

// Place is where a service is. A redacted place has an area and nothing else.
type Place struct {
	ID       string `json:"id,omitempty"` // the location of HSDS
	Area     string `json:"area"`         // id of the area
	Name     Words  `json:"name,omitempty"`
	Address  Words  `json:"address,omitempty"` // street, block, landmark; camps have no postal code
	Point    *Point `json:"point,omitempty"`
	Redacted bool   `json:"redacted,omitempty"`
}

// WalkIn says that somebody can find the place.
func (p Place) WalkIn() bool {
	return !p.Redacted && (len(p.Name) > 0 || len(p.Address) > 0 || p.Point != nil)
}

// Phone is one number as it is dialled.
type Phone struct {
	Number string `json:"number"`           // ASCII digits, with a + in front where the source has one
	Ext    string `json:"ext,omitempty"`    // extension
	Use    string `json:"use,omitempty"`    // "whatsapp", "sms", "fax"; empty: to call
	Remark string `json:"remark,omitempty"` // what stands beside it in the cell
}

// Times say when somebody is there.
type Times struct {
	Open string `json:"open,omitempty"` // the notation of bot/directory/hours; empty: not known
	Said string `json:"said,omitempty"` // what the source says, word for word
	Note Words  `json:"note,omitempty"` // the hours of Ramadan, remarks
	Zone string `json:"zone,omitempty"` // IANA name; empty: the mission's
}

// Cost says what it costs.
type Cost struct {
	Free Answer `json:"free,omitempty"`
	Note Words  `json:"note,omitempty"`
}

// Pair is a column that is kept although nobody here knows it.
type Pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Sorted brings columns that nobody knows into the order of their names; those of one name stay in theirs.
func Sorted(pairs []Pair) []Pair {
	slices.SortStableFunc(pairs, func(a, b Pair) int { return strings.Compare(a.Name, b.Name) })
	return pairs
}

// Answer is yes, no, or empty for not known.
type Answer string

// The answers.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Status says whether a service works at present.
type Status string

// What HSDS 3.0 knows; empty is active. A service that is not active is never found.
const (
	Active   Status = "active"
	Inactive Status = "inactive"
	Defunct  Status = "defunct"
	Paused   Status = "temporarily closed"
)

// Works says that people can be sent there.
func (s Status) Works() bool { return s == "" || s == Active }

// Visibility says to whom a record is shown.
type Visibility string

// Empty is public. Each sees what those before it see.
const (
	Public       Visibility = "public"
	OnRequest    Visibility = "on request"    // never in a list; only to somebody who asks for this kind by name
	ReferrerOnly Visibility = "referrer only" // never to the public, only to a role that refers
)

func (v Visibility) rank() int {
	switch v {
	case OnRequest:
		return 1
	case ReferrerOnly:
		return 2
	}
	return 0
}

// Date is a day as YYYY-MM-DD, or empty. Dates compare as texts.
type Date string

// Words are one text in several languages. An empty language is the one of the source, which nobody named.
type Words []Text

// Text is a text in one language.
type Text struct {
	Lang string `json:"lang,omitempty"`
	Text string `json:"text"`
}

// Say gives a text without a language, or nothing for an empty one.
func Say(lang, text string) Words {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return Words{{lang, text}}
}

// In gives the text in the first of these languages that there is, else the first text, with its language.
func (w Words) In(langs ...string) (text, lang string) {
	for _, l := range langs {
		for _, t := range w {
			if t.Lang == l {
				return t.Text, t.Lang
			}
		}
	}
	if len(w) == 0 {
		return "", ""
	}
	return w[0].Text, w[0].Lang
}

// Any gives the text in the language of the program if there is one, else the first.
func (w Words) Any() string {
	text, _ := w.In("en", "")
	return text
}

// Put gives the words with one language said anew, in the order of languages.
func (w Words) Put(lang, text string) Words {
	if text = strings.TrimSpace(text); text == "" {
		return w
	}
	out := slices.DeleteFunc(slices.Clone(w), func(t Text) bool { return t.Lang == lang })
	out = append(out, Text{lang, text})
	slices.SortFunc(out, func(a, b Text) int { return strings.Compare(a.Lang, b.Lang) })
	return out
}

// Redact takes the place of a service out of its record if it must not be shown: the place of a shelter, and one that the
// source itself calls confidential. The area stays, or nobody would find it. The columns that nobody knows go as well,
// since any of them may hold directions, and so does every text with words that may tell the way: a remark that is lost can
// be written anew, a place that is known cannot be hidden again. It says what went, the place first.
func (s *Service) Redact(kinds *Kinds) (taken []Taken) {
	if !s.Hides(kinds) {
		return nil
	}
	s.Place.Redacted = true
	if s.Place.leads() || len(s.Extra) > 0 {
		taken = append(taken, Taken{Column: "address"})
	}
	s.Place, s.Extra = Place{Area: s.Place.Area, Redacted: true}, nil
	return append(taken, s.takeWays()...)
}

// Hides says that the place of a service is never shown.
func (s *Service) Hides(kinds *Kinds) bool {
	return s.Place.Redacted || slices.ContainsFunc(s.Kinds, func(k string) bool {
		kind, ok := kinds.Kind(k)
		return ok && kind.Hidden
	})
}

// leads says whether a place holds anything that would lead there.
func (p Place) leads() bool {
	return p.ID != "" || len(p.Name) > 0 || len(p.Address) > 0 || p.Point != nil
}

// Public gives the directory without the services that are not shown to everybody, and without the organisations that
// offer nothing else. It shares its records.
func (d *Directory) Public() *Directory {
	out, offers := &Directory{Areas: d.Areas}, map[string]bool{}
	for _, s := range d.Services {
		if s.Visibility.rank() == 0 {
			out.Services = append(out.Services, s)
			offers[s.Org] = true
		}
	}
	for _, o := range d.Organisations {
		if offers[o.ID] {
			out.Organisations = append(out.Organisations, o)
		}
	}
	return out
}
