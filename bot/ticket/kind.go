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

	Support       Kind = "support"       // help after harm in private life: no complaint, no details
	Child         Kind = "child"         // the same for somebody under 18
	Remedy        Kind = "remedy"        // a question about reparation or legal help
	Participation Kind = "participation" // taking part, being kept out, suggestions, disputes over water, land, aid
	Feedback      Kind = "feedback"      // any other complaint or praise about aid
)

// Kinds lists every kind, in the order in which tables show them.
func Kinds() []Kind {
	return []Kind{SEA, Trafficking, Force, Fraud, Retaliation, Other, Support, Child, Remedy, Participation, Feedback}
}

// Care says that a kind is a request for help, read by case workers alone: by whoever has it among their kinds, and by
// nobody else. There is no widening to others, and no oversight desk in their place. IASC guidance on gender-based
// violence: who receives complaints about aid workers is not who helps survivors.
func (k Kind) Care() bool { return k == Support || k == Child }

// own says that the flow alone decides the kind, whatever else was answered.
func (k Kind) own() bool {
	return k.Care() || k == Remedy || k == Participation || k == Feedback
}

// Valid says that the kind is one of the list.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Class says how long a report is kept and under which month keys it lies.
type Class string

// The classes of retention.
const (
	ClassReport   Class = "report"
	ClassFeedback Class = "feedback"
)

// Class gives the class of retention of a kind.
func (k Kind) Class() Class {
	if k == Participation || k == Feedback {
		return ClassFeedback
	}
	return ClassReport
}

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

// AccusedCategories lists what answers can say of the accused.
func AccusedCategories() []string { return slices.Clone(accusedCategories) }

// forceCategories are those of them that carry arms or a badge.
var forceCategories = []string{"police", "military", "civil_defence"}

// IsForce says that a category of accused carries arms or a badge, so that nobody of that force may read.
func IsForce(accused string) bool { return slices.Contains(forceCategories, accused) }

// CountedCategories lists the categories of accused that can be counted, in the order in which tables show them.
func CountedCategories() []string {
	return slices.DeleteFunc(slices.Clone(accusedCategories), func(c string) bool { return c == "unknown" })
}
