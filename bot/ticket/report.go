package ticket

import (
	"cmp"
	"slices"
	"time"
)

// Day counts days since 1 January 1970, UTC. It is the finest time that stands in a key of the store.
type Day uint32

// DayOf gives the day of an instant.
func DayOf(t time.Time) Day {
	if t.Unix() < 0 {
		return 0
	}
	return Day(t.Unix() / 86400)
}

// Time gives the beginning of the day, UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Reader is a person who holds a report, by roster id. A waiting reader has it sealed but neither sees it nor is told
// of it before a clock hands it to them.
type Reader struct {
	Person string
	Handed bool
}

// Report is the outer record: all that the server can read of a report with the house keys. Answers, age, accused
// category and everything written are inside the sealed messages, never here.
type Report struct {
	ID         ID
	Code       Code
	Day        Day   // of filing
	Due        []Due // deadlines that run, in the order of Steps
	Kind       Kind
	Urgency    Urgency
	Area       string // coarse: a name of the mission's list, or empty
	Lang       string // BCP 47 tag of the reporter
	State      State
	Class      Class
	Hold       bool     // legal hold: not forgotten at the end of its month
	Readers    []Reader // sorted by person
	Excluded   []string // persons for whom the report does not exist, sorted
	MailboxID  [16]byte
	MailboxKey string // public, an age recipient
	SigningKey [32]byte
	Unread     bool // a nudge was sent and the mailbox has not been opened since
	Tray       Tray // where it lies in the inboxes of its readers
}

// Tray is where a report lies in an inbox.
type Tray byte

// The trays.
const (
	TrayNone Tray = iota // with the others
	TrayLow              // below them: it came beyond what its sender may send at once, and nobody has acknowledged it yet
)

// Word names a tray for whoever shows it; the usual place has none.
func (t Tray) Word() string {
	if t == TrayLow {
		return "low"
	}
	return ""
}

// MaxSealed is how many readers and recovery keys one sealed message has room for beside the reporter.
const MaxSealed = 15

// MaxFiled is how many of them a report may be filed with, so that it can still be shared with three more.
const MaxFiled = 12

// Handed lists the persons who hold the report and see it.
func (r Report) Handed() []string { return r.persons(true) }

// Waiting lists the persons to whom the report is sealed and who do not see it yet.
func (r Report) Waiting() []string { return r.persons(false) }

func (r Report) persons(handed bool) []string {
	var ids []string
	for _, x := range r.Readers {
		if x.Handed == handed {
			ids = append(ids, x.Person)
		}
	}
	return ids
}

// IsReader says that the report is sealed to a person, handed out or not.
func (r Report) IsReader(person string) bool {
	return slices.ContainsFunc(r.Readers, func(x Reader) bool { return x.Person == person })
}

// IsExcluded says that the report does not exist for a person.
func (r Report) IsExcluded(person string) bool { return slices.Contains(r.Excluded, person) }

// Share hands the report to one more person, or to a waiting one. An excluded person gets nothing, and so does everyone
// beyond the room of a sealed message, of which the given number of recovery keys takes a part. What somebody shares lies
// in no tray.
func (r Report) Share(person string, recovery int) (Report, bool) {
	if person == "" || r.IsExcluded(person) {
		return r, false
	}
	r = r.clone()
	r.Tray = TrayNone
	if i := slices.IndexFunc(r.Readers, func(x Reader) bool { return x.Person == person }); i >= 0 {
		r.Readers[i].Handed = true
		return r, true
	}
	if len(r.Readers)+recovery >= MaxSealed {
		return r, false
	}
	r.Readers = append(r.Readers, Reader{Person: person, Handed: true})
	sortReaders(r.Readers)
	return r, true
}

// Exclude makes the report unseen for persons: readers who withdraw themselves, or who are named later. If nobody is
// left who sees it, those who waited are handed it, so that it is never with nobody; they are returned, to be told.
func (r Report) Exclude(persons ...string) (Report, []string) {
	r = r.clone()
	r.Readers = slices.DeleteFunc(r.Readers, func(x Reader) bool { return slices.Contains(persons, x.Person) })
	r.Excluded = sorted(append(r.Excluded, persons...))
	if len(r.Handed()) > 0 {
		return r, nil
	}
	for i := range r.Readers {
		r.Readers[i].Handed = true
	}
	return r, r.Handed()
}

// StepBack lets a person who holds the report wait again: it stays sealed to them, and they neither see it nor are told
// of it before a clock hands it to them. It is for whoever is sure that somebody else holds it.
func (r Report) StepBack(person string) Report {
	r = r.clone()
	for i := range r.Readers {
		if r.Readers[i].Person == person {
			r.Readers[i].Handed = false
		}
	}
	return r
}

// clone gives a report whose lists can be changed without touching the first.
func (r Report) clone() Report {
	r.Due = slices.Clone(r.Due)
	r.Readers = slices.Clone(r.Readers)
	r.Excluded = slices.Clone(r.Excluded)
	return r
}

func sortReaders(rs []Reader) {
	slices.SortFunc(rs, func(a, b Reader) int { return cmp.Compare(a.Person, b.Person) })
}

// sorted gives a list in order, each value once, and nil for none.
func sorted(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
