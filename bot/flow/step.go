package flow

// Begin starts a conversation with the flow `start`. Without a language, or with one that is not on offer, it asks for the
// language first. The tag goes into every button; a conversation of its own should have a tag of its own.
func (s *Set) Begin(lang string, tag [4]byte, env Env) (State, Out) {
	return s.Enter(StartFlow, lang, tag, env)
}

// Enter is Begin with another flow, such as HideFlow after ActHide. A flow that is not there gives `start`.
func (s *Set) Enter(flow, lang string, tag [4]byte, env Env) (State, Out) {
	t := s.enter(flow, lang, tag, env)
	return t.st, t.out
}

func (s *Set) enter(flow, lang string, tag [4]byte, env Env) *turn {
	if s.flows[flow] == nil {
		flow = StartFlow
	}
	t := s.newTurn(State{lang: lang, tag: tag, places: []place{{flow: flow}}}, env)
	if langs := t.langs(); len(langs) == 1 {
		t.st.lang = langs[0]
	}
	if t.foreign() {
		t.st.lang = ""
		t.open(asideLanguage, 0)
		t.ask()
	} else {
		t.begin()
	}
	return t
}

// Step answers one input. Whatever comes in, with whatever state Decode gave, the answer is a question with a way out, an
// Act, or the end. It changes nothing outside: the same in gives the same out.
func (s *Set) Step(st State, in Input, env Env) (State, Out) {
	if st.IsZero() {
		return s.Begin(st.lang, st.tag, env)
	}
	t := s.step(st, in, env)
	return t.st, t.out
}

func (s *Set) step(st State, in Input, env Env) *turn {
	t := s.newTurn(st, env)
	t.settle()
	if t.w.q == nil && t.st.aside != asideLanguage {
		t.end()
		return t
	}
	t.remember()
	t.hear(in)
	return t
}

// Look gives the present question without a step, so that typed words can be matched against it. It is zero when the
// conversation has not begun or is over.
func (s *Set) Look(st State, env Env) Ask {
	if st.IsZero() {
		return Ask{}
	}
	t := s.newTurn(st, env)
	t.settle()
	if t.w.q == nil && t.st.aside != asideLanguage {
		return Ask{}
	}
	t.ask()
	return t.out.Ask
}

// turn is one step at work: the state as it becomes, where it stands, and what to answer.
type turn struct {
	s    *Set
	env  Env
	st   State
	w    walker
	seen []passage // notes that were said before
	anew bool      // the conversation began anew in this step
	out  Out
}

func (s *Set) newTurn(st State, env Env) *turn {
	t := &turn{s: s, env: env, st: st}
	t.w.s, t.w.st, t.w.env = s, &t.st, &t.env
	return t
}

// settle finds where the conversation stands, also when its flows have changed since.
func (t *turn) settle() {
	if t.s.flows[t.st.places[0].flow] == nil {
		t.st = t.st.anew(StartFlow)
	}
	t.w.walk()
	if t.w.anew != nil {
		t.st = t.st.anew(t.w.anew.Name)
		t.w.walk()
	}
	if t.w.q == nil {
		t.leaveVisit()
	}
	if t.st.aside == asideNone && (t.foreign() || !t.st.begun) {
		t.st.aside = asideLanguage
		if !t.foreign() {
			t.st.aside, t.st.begun = asideNone, true
		}
	}
}

// remember notes what was said before, to say nothing twice.
func (t *turn) remember() {
	if !t.st.begun {
		return
	}
	for i := range t.st.answers {
		if t.st.answers[i].is(flagAgain) {
			t.w.again = true
			t.w.walk()
			t.seen = append(t.seen, t.w.notes...)
			t.w.again = false
			t.w.walk()
			return
		}
	}
	t.seen = append(t.seen, t.w.notes...)
}

// hear gives an input to whoever it is for.
func (t *turn) hear(in Input) {
	if in.Kind == InTap {
		var ours bool
		if in, ours = t.tap(in.Tap); !ours {
			return
		}
	}
	switch {
	case in.Kind == InWord:
		t.word(in.Choice)
	case in.Kind == InResult:
		t.result(in)
	case in.Kind == InRefused:
		t.refuse(in.Choice)
	case in.Kind == InVoice:
		t.spoken(in)
	case in.Late && typed(in) && t.late(in.Text):
	case t.st.aside == asideSafe && in.Kind == InText: // whoever writes on goes on
		t.st.aside = asideNone
		t.answer(in)
	case t.st.aside != asideNone:
		t.answerAside(in)
	default:
		t.answer(in)
	}
	if in.Danger && (in.Kind == InText || in.Kind == InVoice) {
		t.care()
	}
}

// begin says the first words.
func (t *turn) begin() {
	t.st.begun, t.st.aside, t.seen = true, asideNone, nil
	t.advance()
}

// advance goes on after an answer: it says the notes that the walk newly passes, and acts, asks or ends. An Act is asked
// for here only, so that nothing is ever sent because somebody asked for help or changed the language.
func (t *turn) advance() {
	t.st.turn++
	for again := false; ; again = true {
		t.w.walk()
		for _, n := range t.w.notes {
			if !t.said(n) {
				t.note(n.step)
			}
		}
		if t.w.anew == nil || again {
			break
		}
		t.st = t.st.anew(t.w.anew.Name)
		t.seen, t.anew = nil, true
	}
	switch {
	case t.w.q == nil && t.st.visited() > 0:
		t.leaveVisit()
		t.say("word.services.back")
		t.ask()
	case t.w.q == nil:
		t.end()
	case t.w.q.acts() && t.w.q.do != doOpen:
		t.act("")
	default:
		t.ask()
	}
}

func (t *turn) said(n passage) bool {
	for i := range t.seen {
		if t.seen[i] == n {
			return true
		}
	}
	return false
}

func (t *turn) note(s *step) {
	switch {
	case s.kind == kindServices && s.lines != "":
		t.lines(s.key, s.lines)
		return
	case s.kind == kindServices, s.kind == kindFind:
		t.services()
		return
	}
	t.out.Say = append(t.out.Say, Say{Key: s.key})
}

// say adds a built-in sentence.
func (t *turn) say(key string) { t.out.Say = append(t.out.Say, Say{Key: key}) }

// again asks the present question once more; nothing has changed.
func (t *turn) again(key string) {
	if key != "" {
		t.say(key)
	}
	t.ask()
}

// move asks where the conversation stands after something other than an answer changed.
func (t *turn) move() {
	t.st.turn++
	t.w.walk()
	if t.w.q == nil {
		t.advance()
		return
	}
	t.ask()
}

// end closes the conversation. Nothing is kept but how to speak to this person.
func (t *turn) end() {
	t.st = State{lang: t.st.lang, tag: t.st.tag}
	t.out.End = true
}

// anew is the state of a conversation that begins again at a flow: nothing that was answered is kept.
func (st State) anew(flow string) State {
	return State{lang: st.lang, tag: st.tag, turn: st.turn + 1, begun: st.begun, places: []place{{flow: flow}}}
}

// langs gives the languages on offer whose tags fit into a button.
func (t *turn) langs() []string {
	for i, l := range t.env.Langs {
		if !isTag(l) {
			good := append([]string(nil), t.env.Langs[:i]...)
			for _, l := range t.env.Langs[i+1:] {
				if isTag(l) {
					good = append(good, l)
				}
			}
			return good
		}
	}
	return t.env.Langs
}

// foreign says that the language must be asked for.
func (t *turn) foreign() bool {
	langs := t.langs()
	return len(langs) > 0 && !has(langs, t.st.lang)
}
