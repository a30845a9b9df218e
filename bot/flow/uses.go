package flow

import "strings"

// Role says what a text is to the person who reads it.
type Role string

// The roles of the texts of a flow.
const (
	AsNote     Role = "note"     // a sentence after which nothing is asked
	AsQuestion Role = "question" // what is asked
	AsHint     Role = "hint"     // the sentence below a question
	AsChoice   Role = "choice"   // a button below a question, which can also be typed
	AsError    Role = "error"    // what is said when an answer does not fit
	AsTitle    Role = "title"    // what the answer is called where all answers are shown once more
)

// Use tells where a text of a flow is read.
type Use struct {
	Key      string
	Flow     string
	Step     string
	Kind     string // of the step, as in its file
	Role     Role
	Question string // key of the question that a hint, a choice, an error or a title belongs to
	Place    int    // of a choice among those of its question, from 1
	Of       int    // how many choices that question has
	Label    bool   // it stands on a button, or in a list
}

// Uses lists the texts of all flows in the order in which people come to them: step by step from the first flow, with what
// another flow says where it is first entered; then the flows that nothing enters. Labels of lists are left out: they
// are the mission's. A text that is read in two places is listed where it is read first.
func (s *Set) Uses() []Use {
	u := &uses{c: &checker{s: s}, seen: map[string]bool{}, been: map[string]bool{}}
	u.titles = u.c.reviewed()
	u.flow(StartFlow)
	for _, name := range s.names {
		u.flow(name)
	}
	return u.all
}

type uses struct {
	c      *checker
	titles map[*step]*step
	seen   map[string]bool // keys
	been   map[string]bool // flows
	all    []Use
}

func (u *uses) flow(name string) {
	f := u.c.s.flows[name]
	if f == nil || u.been[name] {
		return
	}
	u.been[name] = true
	for i := range f.steps {
		s := &f.steps[i]
		if s.kind == kindFlow {
			u.flow(s.sub)
		}
		u.step(s)
	}
}

func (u *uses) step(s *step) {
	add := func(use Use) {
		if u.seen[use.Key] || strings.HasPrefix(use.Key, "list.") {
			return
		}
		u.seen[use.Key] = true
		use.Flow, use.Step, use.Kind = s.flow, s.name, s.kind.String()
		u.all = append(u.all, use)
	}
	if s.speaks() {
		role := AsQuestion
		if !s.kind.waits() {
			role = AsNote
		}
		add(Use{Key: s.key, Role: role})
	}
	if s.hint {
		add(Use{Key: s.hintKey, Role: AsHint, Question: s.key})
	}
	for i, ch := range s.choices {
		if !ch.hidden {
			add(Use{Key: ch.key, Role: AsChoice, Question: s.key, Place: i + 1, Of: len(s.choices), Label: true})
		}
	}
	if s.complains() {
		add(Use{Key: s.errorKey, Role: AsError, Question: s.key})
	}
	if u.titles[s] != nil {
		add(Use{Key: s.titleKey, Role: AsTitle, Question: s.key, Label: true})
	}
}
