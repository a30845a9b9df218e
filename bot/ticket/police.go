package ticket

import "slices"

// Police says how the urgent lines of the police are shown beside the others to somebody who has told something.
type Police string

// The ways.
const (
	PoliceAsListed Police = "listed" // where the mission put them
	PoliceLast     Police = "last"   // behind all others: it is not known whether the police are meant, or nothing is told
	PoliceByChoice Police = "choice" // behind all others, and said to be hers to call or not: an authority is accused
	PoliceNever    Police = "never"  // not at all: a force that carries arms or a badge is accused
)

// Police reads what was told so far in a report that is under way; nil or empty when none is, as before the first question
// and in a mailbox: somebody may have accused the police there a day ago. Whoever was harmed by a
// policeman or a soldier must not be sent to the police, least of all first: they may be his colleagues, and to be seen
// there can be paid for. Whom an official or a leader knows there, only she can judge, so the choice is left to her.
// Until it is told who is accused, help of other kinds stands first.
func (r Routes) Police(told Facts) Police {
	if told == nil {
		return PoliceLast
	}
	c := Classify(Other, "", told)
	switch {
	case told.Get("matter") == "force", IsForce(c.Accused), r.forceOf(c.Org) != "":
		return PoliceNever
	case c.Accused == "official", c.Accused == "leader":
		return PoliceByChoice
	case c.Accused == "":
		return PoliceLast
	}
	return PoliceAsListed
}

// forceOf names the force to which an organisation belongs, as the mission says; empty if it is none.
func (r Routes) forceOf(org string) string {
	for _, category := range forceCategories {
		if org != "" && slices.Contains(r.Forces[category], org) {
			return category
		}
	}
	return ""
}
