package flow

import (
	"slices"
	"strings"
	"testing"
)

func helpTalk(tb testing.TB) *talk {
	tb.Helper()
	c := &talk{tb: tb, s: richSet(tb), env: helpEnv}
	c.st, c.out = c.s.Begin("en", [4]byte{9, 8, 7, 6}, c.env)
	c.sound()
	return c
}

func (c *talk) offers(choices string) *talk {
	c.tb.Helper()
	if got := strings.Join(names(c.out.Ask.Choices), " "); got != choices {
		c.tb.Fatalf("%s offers %s, want %s", c.out.Ask.Key, got, choices)
	}
	return c
}

// looksFor checks what the present services step looks up.
func (c *talk) looksFor(kinds, area string, from int) *talk {
	c.tb.Helper()
	s := c.out.Ask.Search
	if s == nil || strings.Join(s.Kinds, " ") != kinds || s.Area != area || s.From != from {
		c.tb.Fatalf("looks for %+v, want %q in %q from %d", s, kinds, area, from)
	}
	return c
}

// Down the areas, page by page, and back up a step at a time; then an area, its whole or one within it.
func TestPlace(t *testing.T) {
	const first = "a-1 a-2 a-3 a-4 a-5 a-6 a-7 a-8 more"
	c := helpTalk(t).choose("yes", "help", "law").asks("services.where").offers(first)
	c.choose("more").offers("a-9 a-10 a-11").word(WordBack).offers(first)
	c.choose("a-2").offers("here a-2-1 a-2-2 a-2-3").word(WordBack).offers(first)
	c.choose("more", "a-2").offers("here a-2-1 a-2-2 a-2-3").word(WordBack).offers("a-9 a-10 a-11").word(WordBack).offers(first)
	c.word(WordBack).asks("services.need")
	c.choose("law", "a-2", "here").asks("services.find").looksFor("legal", "a-2", 0)
	c.word(WordBack).asks("services.where").offers(first)
	c.choose("a-2", "a-2-3").looksFor("legal", "a-2-3", 0)
	c.word(WordBack).do(Input{Kind: InNumber, Number: 2, Text: "2"}).offers("here a-2-1 a-2-2 a-2-3")
	c.choose("no such").says("word.notunderstood").offers("here a-2-1 a-2-2 a-2-3")
	c.write("nowhere").says("word.place.unknown").asks("services.where")
	c.word(WordSkip).asks("services.find").looksFor("legal", "", 0)
}

// What was typed may mean several areas, and is never taken without being shown; a point is no answer to anything else.
func TestPlaceFound(t *testing.T) {
	c := helpTalk(t).choose("yes", "help", "law")
	c.do(Input{Kind: InFound, Choices: []string{"a-2-1", "gone", "a-3", "a-2-1"}}).asks("word.place.which").offers("a-2-1 a-3")
	c.word(WordLanguage).choose("ar").asks("word.place.which").offers("a-2-1 a-3")
	c.choose("a-3").looksFor("legal", "a-3", 0).word(WordBack)
	c.do(Input{Kind: InFound, Choices: []string{"a-2", "a-3"}}).choose("a-2").looksFor("legal", "a-2", 0).word(WordBack)
	c.do(Input{Kind: InChoices, Choices: []string{"a-2"}}).looksFor("legal", "a-2", 0)
	c.word(WordBack).do(Input{Kind: InFound}).says("word.place.far").asks("services.where")
	c.do(Input{Kind: InPlace, Lat: 1, Lon: 1}).says("word.location.refused").asks("services.where")
	helpTalk(t).do(Input{Kind: InFound, Choices: []string{"a-3"}}).says("word.location.refused").asks("start.safe")
}

// A double tap on "more" turns one page, and a tap on an old page still chooses its area.
func TestPlaceTaps(t *testing.T) {
	c := helpTalk(t).choose("yes", "help", "law")
	first := c.out.Ask
	c.tap(first.Tap("more")).offers("a-9 a-10 a-11").tap(first.Tap("more")).offers("a-9 a-10 a-11")
	if !c.out.Quiet {
		t.Error("a double tap is answered aloud")
	}
	c.word(WordHelp).tap(first.Tap("a-4")).asks("services.find").looksFor("legal", "a-4", 0)
}

func TestFind(t *testing.T) {
	c := helpTalk(t).choose("yes", "help", "doctor").says("services.first").choose("a-2", "a-2-3").looksFor("health cmr", "a-2-3", 0)
	c.offers("more wider other enough")
	c.choose("more").looksFor("health cmr", "a-2-3", 3).choose("more").looksFor("health cmr", "a-2-3", 6).offers("wider other enough")
	c.word(WordBack).looksFor("health cmr", "a-2-3", 3)
	c.choose("wider").looksFor("health cmr", "a-2", 0).choose("wider").looksFor("health cmr", "", 0).offers("more other enough")
	c.choose("other").asks("services.need").choose("law").asks("services.find").looksFor("legal", "a-2-3", 0)
	c.choose("other").asks("services.need").word(WordBack).asks("services.find").looksFor("legal", "a-2-3", 0)
	c.choose("other", "other").asks("services.kind").choose("water").looksFor("water", "a-2-3", 0)
	// Another kind out of the long list is asked for anew, and back finds the one that was shown.
	c.choose("other").asks("services.need").word(WordBack).asks("services.find").looksFor("water", "a-2-3", 0)
	c.choose("other", "other").asks("services.kind").word(WordBack).asks("services.find").looksFor("water", "a-2-3", 0)
	c.choose("other", "other").asks("services.kind").choose("food").asks("services.find").looksFor("food", "a-2-3", 0)
	c.choose("other", "law").looksFor("legal", "a-2-3", 0).choose("other", "other").asks("services.kind").choose("water")
	c.choose("enough").says("services.seen", "start.bye").ends()

	helpTalk(t).choose("yes", "help").word(WordSkip).choose("a-1").looksFor("health", "a-1", 0)
	helpTalk(t).choose("yes", "help", "close").says("start.bye").ends()
}

// Without a directory nobody is asked what or where in vain.
func TestFindWithoutHelp(t *testing.T) {
	newTalk(t, richSet(t)).choose("yes", "help", "law").says("word.services.here", "start.bye").ends()
	c := newTalk(t, richSet(t)).choose("yes").word(WordServices).says("word.services.here").asks("start.menu")
	if c.st.visited() != 0 {
		t.Error("a visit to nothing")
	}
}

// The word services, from the middle of a report, looks for help and comes back to the same question with every answer.
func TestVisit(t *testing.T) {
	begin := func() *talk { return helpTalk(t).choose("yes", "tell").asks("tell.age") }
	c := begin()
	question := c.out.Ask
	c.word(WordServices).says("word.services.here", "word.services.stay").asks("services.need").word(WordBack).says("word.services.back").asks("tell.age")

	c.word(WordServices).choose("law", "a-1").looksFor("legal", "a-1", 0).choose("enough").says("services.seen", "word.services.back").asks("tell.age")
	if len(c.st.answers) != 2 || len(c.st.places) > 2 {
		t.Errorf("the visit left something: %+v %+v", c.st.answers, c.st.places)
	}
	// A button of the question that was left answers it, and an earlier one offers to go back there.
	c.word(WordServices).choose("law").tap(question.Tap(question.Choices[0].Name))
	if c.out.Ask.Flow != "tell" || c.out.Ask.Step == "age" || c.st.visited() != 0 {
		t.Errorf("asks %s", c.out.Ask.Key)
	}
	later := c.out.Ask.Step
	c.word(WordServices).tap(question.Tap(question.Choices[1].Name)).asks("word.oldtap.ask").choose("no")
	if c.out.Ask.Step != later {
		t.Errorf("asks %s", c.out.Ask.Key)
	}

	// On a visit the ways out stand open as everywhere, and the word again says whom to call.
	c = begin().word(WordServices).choose("law").word(WordServices).says("word.services.here").asks("services.where")
	c.word(WordLanguage).choose("ar").asks("services.where").word(WordHelp).asks("services.where")
	c.word(WordBack, WordBack).asks("tell.age")
	if c.st.Lang() != "ar" {
		t.Error("the language was lost on the way back")
	}
	c = begin().word(WordServices, WordStop).choose("yes")
	c.acts(ActWipe)
	begin().word(WordServices, WordHide).acts(ActHide)
}

// Behind the harmless face the word services says whom to call, as ever, and asks nothing.
func TestNoVisitBehindTheFace(t *testing.T) {
	c := helpTalk(t)
	c.st, c.out = c.s.Enter(HideFlow, "en", [4]byte{9, 8, 7, 6}, c.env)
	c.result(ResultOK).asks("hide.face").word(WordServices).says("word.services.here").asks("hide.face")
}

// What is being written stays, and what was told so far goes with a look-up, so that nobody is sent to the accused.
func TestVisitKeepsWhatIsWritten(t *testing.T) {
	c := helpTalk(t).choose("yes", "tell")
	for range 40 {
		if c.out.Ask.Type == "text" || c.out.Ask.IsZero() {
			break
		}
		if len(c.out.Ask.Choices) == 0 || c.out.Ask.Type == "number" {
			c.word(WordSkip)
			continue
		}
		c.choose(c.out.Ask.Choices[len(c.out.Ask.Choices)-1].Name)
		if c.out.Ask.Several {
			c.word(WordDone)
		}
	}
	if c.out.Ask.Type != "text" {
		t.Fatalf("asks %s", c.out.Ask.Key)
	}
	step := c.out.Ask.Step
	c.write("one", "two")
	c.word(WordServices).choose("law", "a-1")
	if len(c.out.Ask.Search.Facts) == 0 {
		t.Error("a look-up in the middle of a report does not know what was told")
	}
	c.choose("enough")
	if c.out.Ask.Step != step || c.out.Ask.Partial != 2 {
		t.Errorf("asks %s with %d messages", c.out.Ask.Step, c.out.Ask.Partial)
	}
}

// A flow that is entered from the middle of others can end nothing and send nothing.
func TestServicesFlowActsNot(t *testing.T) {
	for _, step := range []string{"{name: b, type: wipe}", "{name: b, type: flow, flow: start}", "{name: b, type: mailbox, do: open}"} {
		f, err := Parse("services.yaml", []byte("flow: services\nsteps:\n  - "+step+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewSet(append(richFlows(t)[:0:0], f, parseFile(t, "testdata/rich/start.yaml")), richLists); err == nil || !strings.Contains(err.Error(), "services.yaml:3: step b") {
			t.Errorf("%s: %v", step, err)
		}
	}
}

// What a mission does not offer is on no menu; where others enter it as a part of theirs it stays.
func TestFlowsThatAreOff(t *testing.T) {
	s, err := NewSet([]*Flow{
		inlineFlow(t, "flow: start\nsteps:\n  - {name: menu, type: choice, choices: [one, two], goto: {one: one, two: two}}\n  - {name: one, type: flow, flow: one, optional: true, goto: end}\n  - {name: two, type: flow, flow: two, optional: true}\n"),
		inlineFlow(t, "flow: one\nsteps:\n  - {name: q, type: choice, choices: [x]}\n"),
		inlineFlow(t, "flow: two\nsteps:\n  - {name: in, type: flow, flow: one}\n"),
	}, nil, "one")
	if err != nil {
		t.Fatal(err)
	}
	c := newTalk(t, s).offers("two")
	c.choose("one").says("word.notunderstood").choose("two").asks("one.q")
	if !slices.Equal(s.Flows(), []string{"start", "one", "two"}) {
		t.Error(s.Flows())
	}
}

// Kept states hold the number of a kind of step: a new kind must not move an old one.
func TestKindNumbersStay(t *testing.T) {
	want := []string{"note", "choice", "choices", "text", "number", "location", "services", "review", "file", "mailbox", "wipe", "flow", "place", "services"}
	if !slices.Equal(kindNames[:], want) {
		t.Errorf("kinds %v", kindNames)
	}
}
