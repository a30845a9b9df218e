package flow

// Question is what a step asks whose answer goes into a report, for whoever reads reports by the names of their answers.
type Question struct {
	Step    string
	Choices []string // names written in the flow; none where words, numbers or places are asked for
	List    string   // of the mission, whose names can be chosen as well
	Several bool     // more than one can be chosen
	Words   bool     // it takes a person's own words
	Consent bool
}

// Questions lists what a flow asks, in its order, without what it enters. A Set writes out the lists in its own flows, which
// are others than these.
func (f *Flow) Questions() (out []Question) {
	for i := range f.steps {
		s := &f.steps[i]
		if !s.reported() {
			continue
		}
		q := Question{Step: s.name, List: s.list, Several: s.kind == kindChoices, Words: s.kind == kindText, Consent: s.consent}
		for _, c := range s.choices {
			q.Choices = append(q.Choices, c.name)
		}
		out = append(out, q)
	}
	return out
}
