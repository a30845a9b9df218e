package flow

// care tries at one state what follows where words may mean danger: one question, from which one tap leads back to where the
// person stood, and another to help, with nothing lost.
func (e *explorer) care(n *node, same func(Ask) bool, fail func(string)) {
	if n.q.do == doOpen || n.q.kind == kindLocation || n.st.Flow() == HideFlow {
		return
	}
	s := e.c.s
	choose := func(st State, name string) *turn { return s.step(st, Input{Kind: InChoice, Choice: name}, e.env) }
	heard := s.step(n.st, Input{Kind: InText, Text: "x", Danger: true}, e.env)
	if heard.out.Ask.Type != asideNames[asideSafe] {
		fail("words of danger are passed over")
		return
	}
	if on := choose(heard.st, "on"); !same(on.out.Ask) || len(on.st.answers) != len(heard.st.answers) {
		fail("whoever goes on after words of danger does not come back to the question")
	}
	if help := choose(heard.st, "help"); help.out.Ask.IsZero() || len(help.st.answers) != len(heard.st.answers) {
		fail("whoever wants help after words of danger is not led to it")
	}
}
