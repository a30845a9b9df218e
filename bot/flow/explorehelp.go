package flow

import (
	"slices"
	"strconv"
)

// leafArea is an area of the sample that holds no others.
const leafArea = "a-1"

// sampleHelp is a small country for the exploration: eleven areas, of which the second holds three, and enough services
// for three pages.
type sampleHelp struct{}

func (sampleHelp) Inside(area string) (out []string) {
	switch area {
	case "":
		for i := range AreasShown + 3 {
			out = append(out, "a-"+strconv.Itoa(i+1))
		}
	case "a-2":
		return []string{"a-2-1", "a-2-2", "a-2-3"}
	}
	return out
}

func (h sampleHelp) Around(area string) (string, bool) {
	if slices.Contains(h.Inside("a-2"), area) {
		return "a-2", true
	}
	return "", slices.Contains(h.Inside(""), area)
}

func (sampleHelp) Found(Search) int { return 2*Cards + 1 }

// help checks that the word services says where help is, and that whoever looks around for it comes back to the same
// question: by back at once, and along every question of the flow services to its end, with nothing lost.
func (e *explorer) help(n *node, same func(Ask) bool, fail func(string)) {
	word := func(st State, w string) *turn { return e.c.s.step(st, Input{Kind: InWord, Choice: w}, e.env) }
	t := word(n.st, WordServices)
	if len(t.out.Say) == 0 || t.out.Say[0].Do != "services" {
		fail("services does not say where help is")
	}
	if t.st.visited() == 0 {
		if !same(t.out.Ask) || len(t.st.answers) != len(n.st.answers) {
			fail("services does not come back to the question")
		}
		return
	}
	back := word(t.st, WordBack)
	st := t.st
	for range MaxSteps {
		if t = word(st, WordSkip); t.st.visited() == 0 {
			break
		}
		if again := word(t.st, WordBack); again.st.visited() == 0 || len(again.st.answers) != len(t.st.answers)-1 {
			fail("back on a visit to the services does not go back by one question")
			return
		}
		st = t.st
	}
	for _, t := range []*turn{back, t} {
		if !same(t.out.Ask) || !slices.EqualFunc(t.st.answers, n.st.answers, sameAnswer) {
			fail("a visit to the services does not come back to the question, with everything that was answered")
		}
	}
}

func sameAnswer(a, b answer) bool {
	return a.kind == b.kind && a.flags == b.flags && a.turn == b.turn && a.step == b.step && slices.Equal(a.vals, b.vals)
}

// wander checks that each move in a list of areas or services stays at the question and that back takes it back.
func (e *explorer) wander(n *node, here Ask, fail func(string)) {
	step := func(st State, in Input) *turn { return e.c.s.step(st, in, e.env) }
	moves := []Input{{Kind: InChoice, Choice: moveMore}, {Kind: InChoice, Choice: "a-2"}, {Kind: InFound, Choices: []string{"a-2-1", "a-3"}}}
	if n.q.kind == kindFind {
		moves = []Input{{Kind: InChoice, Choice: moveMore}}
		if here.Search.Area != "" {
			moves = append(moves, Input{Kind: InChoice, Choice: moveWider})
		}
	}
	for _, in := range moves {
		t := step(n.st, in)
		if t.out.Ask.Flow != here.Flow || t.out.Ask.Step != here.Step || t.st.turn == n.st.turn {
			fail("the move " + in.Choice + " leads away")
			continue
		}
		back := step(t.st, Input{Kind: InWord, Choice: WordBack})
		if back.out.Ask.Step != here.Step || len(back.st.answers) != len(n.st.answers) || len(back.out.Ask.Choices) != len(here.Choices) {
			fail("back does not take back the move " + in.Choice)
		}
	}
	if n.q.kind == kindFind && has(names(here.Choices), moveOther) {
		t := step(n.st, Input{Kind: InChoice, Choice: moveOther})
		back := step(t.st, Input{Kind: InWord, Choice: WordBack})
		if t.out.Ask.Flow != here.Flow || t.out.Ask.Step == here.Step || back.out.Ask.Step != here.Step {
			fail("another kind of service cannot be asked for, or not left again")
		}
	}
}
