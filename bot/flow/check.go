package flow

import "slices"

// Texts is the catalog that flows are checked against.
type Texts interface {
	Languages() []string
	// Text gives a text with its placeholders' names; of several forms, one for all.
	Text(lang, key string) (text string, placeholders []string, ok bool)
	// Fold gives what a typed answer, or a label, is compared by.
	Fold(lang, typed string) string
	// Keys lists every key that the catalog of a language holds.
	Keys(lang string) []string
	// Where gives the file, and the line in it, from which a text comes; "" if that is not known.
	Where(lang, key string) (file string, line int)
}

// Limits are the bounds of the doors, and what other rooms need of a catalog.
type Limits struct {
	Text   int      // characters of a message: a question with its hint and its choices; 0 for no bound
	Label  int      // characters of a button; 0 for no bound
	Data   int      // bytes of a button's data; 0 means MaxTap
	Report int      // bytes of the longest report; 0 means MaxReport
	States int      // abstract states to explore before giving up; 0 means DefaultStates
	Keys   []Key    // texts of other rooms that every language must have
	Args   []string // placeholders that the caller fills in every text
	Lines  []string // lists of lines that a services step may name beside the urgent ones
	Kinds  []string // kinds of service that the mission knows; nil: not checked
	Others []string // beginnings of keys that are none of this check's business, such as "bot."
}

// DefaultStates is how many abstract states are explored before the checker says that the flows are too tangled.
const DefaultStates = 400_000

// Report is what a check found out. It is complete if there are no problems.
type Report struct {
	Flows, Steps int
	States       int    // abstract states explored with the real Step
	Paths        uint64 // ways from a beginning to an end that differ to an expression or a goto; at most MaxUint64
	Texts        int    // texts looked at, all languages together
	Languages    int
	Problems     []Problem
}

// Check proves of a set of flows and its texts: every step and choice can be reached, every way ends, there is a way out
// everywhere, no text is missing, left over, too long or misses a placeholder, no two choices of a step are typed alike,
// expressions name only what is known by then, and the longest report fits. What it proves by exploring, it proves with
// the real Step, over answers that are told apart only as far as an expression or a goto tells them apart.
func Check(s *Set, t Texts, lim Limits) Report {
	c := &checker{s: s, t: t, lim: lim}
	c.report.Flows = len(s.names)
	c.langs = t.Languages()
	c.report.Languages = len(c.langs)
	for _, name := range s.names {
		c.report.Steps += len(s.flows[name].steps)
	}
	if len(c.langs) == 0 {
		c.add(Problem{File: "catalogs", What: "there is no language", Hint: "add one under locales"})
	}
	c.references()
	c.reports()
	c.texts()
	c.explore()
	sortProblems(c.report.Problems)
	c.report.Problems = slices.CompactFunc(c.report.Problems, func(a, b Problem) bool { return a == b })
	return c.report
}

type checker struct {
	s      *Set
	t      Texts
	lim    Limits
	langs  []string
	report Report
}

func (c *checker) add(p Problem) { c.report.Problems = append(c.report.Problems, p) }

// wrong tells a problem of a step.
func (c *checker) wrong(s *step, line int, hint, format string, args ...any) {
	c.add(c.s.flows[s.flow].src.problem(line, hint, format, args...))
}

// steps calls fn for every step of every flow.
func (c *checker) steps(fn func(*Flow, int, *step)) {
	for _, name := range c.s.names {
		f := c.s.flows[name]
		for i := range f.steps {
			fn(f, i, &f.steps[i])
		}
	}
}
