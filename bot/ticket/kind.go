package ticket

import "slices"

// Kind says what a report is about, for routing and counting. People are never asked for it by name.
type Kind string

// The kinds.
const (
	SEA         Kind = "sea"         // sexual exploitation, abuse or harassment
	Trafficking Kind = "trafficking" // people sold, held or forced to work
	Force       Kind = "force"       // abuse by police, military, civil defence
	Fraud       Kind = "fraud"       // money or favours for aid
	Retaliation Kind = "retaliation" // harm for having reported
	Other       Kind = "other"
)

// Kinds lists every kind, in the order in which tables show them.
func Kinds() []Kind { return []Kind{SEA, Trafficking, Force, Fraud, Retaliation, Other} }

// Valid says that the kind is one of the list.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Class says how long a report is kept and under which month keys it lies.
type Class string

// The classes of retention.
const (
	ClassReport   Class = "report"
	ClassFeedback Class = "feedback"
)

// Class gives the class of retention of a kind. Every kind so far is kept as a report.
func (k Kind) Class() Class { return ClassReport }

// Urgency says which deadlines run.
type Urgency string

// The urgencies.
const (
	Urgent Urgency = "urgent"
	Normal Urgency = "normal"
)

// Age is the age band of the person concerned. It is counted at filing and never stored with a report.
type Age string

// The age bands.
const (
	AgeUnknown Age = ""
	Adult      Age = "adult"
	Under18    Age = "under_18"
)

// Accused categories, as the answers name them.
var accusedCategories = []string{
	"un_staff", "partner", "ngo", "contractor", "volunteer", "police", "military", "civil_defence", "official", "leader",
	"other", "unknown",
}

// IsForce says that a category of accused carries arms or a badge, so that nobody of that force may read.
func IsForce(accused string) bool {
	return accused == "police" || accused == "military" || accused == "civil_defence"
}
