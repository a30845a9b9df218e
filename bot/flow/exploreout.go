package flow

import (
	"slices"
	"strconv"
)

// mostMentioned bounds the values of one `choices` step that expressions tell apart: all their subsets are tried.
const mostMentioned = 8

// inputs are the answers to a step of which each differs from the others to some expression or goto, and skip.
func (e *explorer) inputs(q *step) []Input {
	var out []Input
	said := e.mentions[q]
	names := q.shown()
	switch q.kind {
	case kindChoice:
		other := false
		for _, name := range names {
			if said[name] || !other {
				out = append(out, Input{Kind: InChoice, Choice: name})
				other = other || !said[name]
			}
		}
	case kindChoices:
		out = e.subsets(q)
	case kindText:
		out = append(out, Input{Kind: InText, Text: "x"})
		if q.voice {
			out = append(out, Input{Kind: InVoice, Voice: sampleVoice})
		}
	case kindNumber:
		for _, n := range e.numbers(q) {
			out = append(out, Input{Kind: InNumber, Number: n})
		}
	case kindLocation:
		out = append(out, Input{Kind: InPlace, Lat: 1, Lon: 1})
	case kindPlace:
		out = append(out, Input{Kind: InChoice, Choice: leafArea})
	case kindFind:
		out = append(out, Input{Kind: InChoice, Choice: moveClose})
	case kindReview:
		return []Input{{Kind: InChoice, Choice: "send"}}
	default:
		if q.do == doOpen {
			out = append(out, Input{Kind: InText, Text: "0000 0000 0000 0000"})
		}
		for _, r := range results {
			if r != ResultClosed && r != ResultWithdrawn || q.do == doOpen {
				out = append(out, Input{Kind: InResult, Result: r})
			}
		}
	}
	if skippable(q) {
		out = append(out, Input{Kind: InWord, Choice: WordSkip})
	}
	return out
}

// subsets are the sets of choices that expressions tell apart: every subset of the values they name, alone and with a
// value that they do not name.
func (e *explorer) subsets(q *step) []Input {
	var said, rest []string
	for _, name := range q.shown() {
		if e.mentions[q][name] {
			said = append(said, name)
		} else {
			rest = append(rest, name)
		}
	}
	if len(said) > mostMentioned {
		e.tell(q, "ask in two steps", "expressions tell "+strconv.Itoa(len(said))+" choices of step "+q.name+" apart, more than "+strconv.Itoa(mostMentioned)+" that can be explored")
		said = said[:mostMentioned]
	}
	var out []Input
	for bits := range 1 << len(said) {
		var chosen []string
		for i, name := range said {
			if bits&(1<<i) != 0 {
				chosen = append(chosen, name)
			}
		}
		for extra := range 2 {
			set := slices.Concat(chosen, rest[:min(extra, len(rest))])
			for k := extra; int64(len(set)) < q.min && k < len(rest); k++ {
				set = append(set, rest[k])
			}
			if len(set) > 0 {
				out = append(out, Input{Kind: InChoices, Choices: set})
				break
			}
		}
	}
	return out
}

// with are ways to give one choice: alone, and filled up to the fewest that a step takes.
func (e *explorer) with(q *step, name string) []Input {
	if q.kind == kindChoice {
		return []Input{{Kind: InChoice, Choice: name}}
	}
	out := []Input{{Kind: InChoices, Choices: []string{name}}}
	names := q.shown()
	for from := range names {
		set := []string{name}
		for k := 0; k < len(names) && int64(len(set)) < max(2, q.min); k++ {
			if other := names[(from+k)%len(names)]; other != name {
				set = append(set, other)
			}
		}
		out = append(out, Input{Kind: InChoices, Choices: set})
	}
	return out
}

func (e *explorer) numbers(q *step) []int64 {
	out := []int64{q.min, q.max}
	for v := range e.mentions[q] {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= q.min && n <= q.max {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	for n := q.min; n <= q.max; n++ {
		if !slices.Contains(out, n) {
			return append(out, n)
		}
	}
	return out
}

// wayOut tries at one state what a person can always do.
func (e *explorer) wayOut(n *node) {
	s, q := e.c.s, n.q
	fail := func(what string) {
		e.tell(q, "this is a fault of the program, not of the flow", "at step "+q.name+" "+what)
	}
	here := s.Look(n.st, e.env)
	same := func(a Ask) bool { return a.Flow == here.Flow && a.Step == here.Step && a.Key == here.Key }
	step := func(st State, in Input) *turn { return s.step(st, in, e.env) }
	word := func(st State, w string) *turn { return step(st, Input{Kind: InWord, Choice: w}) }

	for _, w := range []string{WordServices, WordHide, WordStop, WordHelp} {
		if !here.Offers(w) {
			fail("the word " + w + " is not offered")
		}
	}
	if !here.Offers(WordSkip) && skippable(q) {
		fail("a question that may be left out does not offer it")
	}
	if t := word(n.st, WordHide); t.out.Act.Do != ActHide || !t.st.Empty() {
		fail("hide does not hide")
	}
	stop := word(n.st, WordStop)
	if stop.out.Ask.Type != asideNames[asideStop] {
		fail("stop does not ask first")
	}
	if t := step(stop.st, Input{Kind: InChoice, Choice: "yes"}); t.out.Act.Do != ActWipe || !t.out.End || !t.st.IsZero() {
		fail("stop does not stop")
	}
	for _, t := range []*turn{
		step(stop.st, Input{Kind: InChoice, Choice: "no"}), word(stop.st, WordBack), word(n.st, WordHelp),
		step(n.st, Input{Kind: InRefused, Choice: "voice"}), step(n.st, Input{Kind: InChoice, Choice: "?"}),
	} {
		if !same(t.out.Ask) || len(t.st.answers) != len(n.st.answers) {
			fail("the question is not asked again after a word that changes nothing")
		}
	}
	e.help(n, same, fail)
	e.care(n, same, fail)
	// Every language is chosen once at every step, and at every state one of them in its turn: no step turns on which it is.
	for i, lang := range e.c.langs {
		if lang == n.st.lang || e.spoken[q] && i != len(e.nodes)%len(e.c.langs) {
			continue
		}
		if t := step(word(n.st, WordLanguage).st, Input{Kind: InChoice, Choice: lang}); !same(t.out.Ask) || t.st.lang != lang || len(t.st.answers) != len(n.st.answers) {
			fail("the language " + lang + " cannot be chosen without losing something")
		}
	}
	e.spoken[q] = true
	e.buttons(n, here, fail)
	if q.kind == kindReview {
		e.review(n, fail)
	}
	if q.kind == kindPlace || q.kind == kindFind {
		e.wander(n, here, fail)
	}
	e.speak(n, same, fail)
	if q.acts() {
		for _, r := range []string{ResultTrouble, ResultBusy, ResultLater, ResultWrong} {
			if t := step(n.st, Input{Kind: InResult, Result: r}); !same(t.out.Ask) {
				fail("the result " + r + " leads away")
			}
		}
	}
}

// buttons checks that every button fits and comes back as what it was.
func (e *explorer) buttons(n *node, here Ask, fail func(string)) {
	most := e.c.lim.Data
	if most == 0 {
		most = MaxTap
	}
	var taps []Tap
	for _, o := range here.Choices {
		taps = append(taps, here.Tap(o.Name))
	}
	for _, w := range here.Words {
		taps = append(taps, here.WordTap(w))
	}
	for _, tap := range taps {
		data := tap.Data()
		if back, ok := ParseTap(data); !ok || back != tap || len(data) > most {
			fail("the button " + tap.Choice + " does not fit into " + strconv.Itoa(most) + " bytes")
		}
	}
}

// review picks every answer of a review, changes it, lets it stand, and takes it out.
func (e *explorer) review(n *node, fail func(string)) {
	s := e.c.s
	choose := func(st State, name string) *turn { return s.step(st, Input{Kind: InChoice, Choice: name}, e.env) }
	here := s.Look(n.st, e.env)
	if len(here.Review) == 0 {
		return
	}
	pick := choose(n.st, "change")
	for _, it := range here.Review {
		edit := choose(pick.st, it.Name)
		if edit.out.Ask.Type != asideNames[asideEdit] {
			fail("the answer to " + it.Step + " cannot be picked")
			continue
		}
		change := choose(edit.st, "change")
		if change.out.Ask.Step != it.Step || change.out.Ask.Flow != it.Flow {
			fail("the answer to " + it.Step + " cannot be changed")
		}
		if back := s.step(change.st, Input{Kind: InWord, Choice: WordBack}, e.env); back.out.Ask.Type != "review" {
			fail("the answer to " + it.Step + " cannot be let stand")
		}
		if has(names(edit.out.Ask.Choices), "remove") {
			if t := choose(edit.st, "remove"); t.out.Ask.IsZero() && t.out.Act.Do == "" && !t.out.End {
				fail("taking out the answer to " + it.Step + " leads nowhere")
			}
		}
	}
}

// undone checks that back undoes exactly the one answer that led from a state to the next.
func (e *explorer) undone(n *node, t *turn, in Input) {
	if in.Kind == InResult || t.out.End {
		return
	}
	s := e.c.s
	back := s.step(t.st, Input{Kind: InWord, Choice: WordBack}, e.env)
	here := s.Look(n.st, e.env)
	if ask := back.out.Ask; ask.Flow != here.Flow || ask.Step != here.Step || len(back.st.answers) != len(t.st.answers)-1 {
		e.tell(n.q, "this is a fault of the program, not of the flow", "back does not undo the answer to step "+n.q.name)
	}
}

// sampleVoice is a voice message for the exploration.
var sampleVoice = Voice{Ref: "sample", Seconds: 1}

// speak checks that a voice message is kept where it may be and back takes it out again, and that it is refused elsewhere.
func (e *explorer) speak(n *node, same func(Ask) bool, fail func(string)) {
	t := e.c.s.step(n.st, Input{Kind: InVoice, Voice: sampleVoice}, e.env)
	if !same(t.out.Ask) || len(t.st.Voices()) > len(n.st.Voices()) != n.q.voice {
		fail("a voice message is not taken as the flow says")
		return
	}
	if !n.q.voice {
		return
	}
	back := e.c.s.step(t.st, Input{Kind: InWord, Choice: WordBack}, e.env)
	if !same(back.out.Ask) || len(back.st.answers) != len(n.st.answers) {
		fail("back does not take out a voice message")
	}
}
