package flow

import (
	"bytes"
	"strings"
	"testing"
)

// toTell walks to the first question of the report.
func toTell(tb testing.TB) *talk {
	tb.Helper()
	return newTalk(tb, richSet(tb)).says("start.hello").asks("start.safe").choose("yes").asks("start.menu").choose("tell").asks("tell.age")
}

// toReview walks through an adult's report to its review.
func toReview(tb testing.TB) *talk {
	tb.Helper()
	c := toTell(tb).choose("adult").asks("tell.who").choose("me").asks("tell.matter")
	c.several("force", "other").says("tell.clock").asks("tell.organisation").choose("well_fund").asks("tell.area").choose("camp_two")
	c.asks("tell.story").write("first", "second").word(WordDone).asks("tell.reach").word(WordSkip)
	return c.asks("tell.consent").choose("yes").asks("tell.help").choose("no").asks("word.review")
}

func TestReportFromHelloToReceipt(t *testing.T) {
	c := toReview(t)
	if n := len(c.out.Ask.Review); n != 9 {
		t.Fatalf("the review shows %d answers, want 9", n)
	}
	act := c.choose("send").acts(ActFile)
	if act.Kind != "sea" || act.Flow != "tell" || act.Step != "send" {
		t.Errorf("files %q from %s.%s", act.Kind, act.Flow, act.Step)
	}
	want := `age=adult who=me matter=force,other organisation=well_fund area=camp_two story:"first\nsecond" reach- consent=yes help=no`
	if got := plain(act.Facts); got != want {
		t.Errorf("facts\n%s, want\n%s", got, want)
	}
	for _, f := range act.Facts {
		if f.Lang != "en" || f.Flow != "tell" || f.Consent != (f.Step == "consent" || f.Step == "help") {
			t.Errorf("fact %s: language %q, flow %q, consent %v", f.Step, f.Lang, f.Flow, f.Consent)
		}
	}
	if act.Facts.Get("organisation") != "well_fund" || !act.Facts.Has("matter", "other") || act.Facts.Get("story") != "first\nsecond" || act.Facts.Get("nothing") != "" {
		t.Error("Get or Has does not find what was told")
	}
	c.do(Input{Kind: InResult, Result: ResultOK, Args: map[string]string{"Receipt": "1"}})
	c.says("tell.sent").asks("tell.hours")
	if c.out.Say[0].Args["Receipt"] != "1" {
		t.Error("the note after the report does not get its values")
	}
	for _, told := range []string{"first", "second", "well_fund", "camp_two", "force", "adult", "story", "organisation"} {
		if bytes.Contains(c.st.Append(nil), []byte(told)) {
			t.Errorf("once the report is sent, the state still holds %q", told)
		}
	}
	c.word(WordBack).asks("tell.hours")
	c.choose("evening").asks("start.again").choose("no").says("start.bye").ends()
}

// After the report a new one can be told, and none is sent twice.
func TestAnewForgetsAndIsFresh(t *testing.T) {
	c := toReview(t).choose("send").result(ResultOK).choose("evening").asks("start.again")
	c.choose("yes").says("start.hello").asks("start.safe")
	if !c.st.Empty() {
		t.Error("something is kept although everything began anew")
	}
	c.word(WordBack).asks("start.safe")
	c.choose("yes", "tell").asks("tell.age")
}

func TestNoReaderNoReport(t *testing.T) {
	c := newTalk(t, richSet(t))
	var kinds []string
	c.env.Readers = func(kind string, facts Facts) string {
		if kind != "" {
			kinds = append(kinds, kind)
		}
		return ReadersNone
	}
	c.choose("yes", "tell").says("tell.closed").asks("start.again")
	if len(kinds) == 0 || kinds[0] != "sea" {
		t.Errorf("asked for readers of %v", kinds)
	}
}

func TestReadersSeeTheAnswersSoFar(t *testing.T) {
	s := inline(t, `
flow: start
kind: sea
steps:
  - {name: org, type: choice, choices: [good, bad]}
  - {name: closed, type: note, relevant: readers = oversight}
  - {name: last, type: choice, choices: [x]}
`)
	c := newTalk(t, s)
	c.env.Readers = func(kind string, facts Facts) string {
		if facts.Has("org", "bad") {
			return ReadersOversight
		}
		return ReadersEnough
	}
	c.choose("bad").says("start.closed").asks("start.last")
	c.word(WordBack).choose("good").says().asks("start.last")
}

func TestSubFlowAndBackAcrossIt(t *testing.T) {
	c := toTell(t).choose("under_18").choose("other").says("tell.child_note").asks("child.near")
	c.choose("yes").asks("child.told").choose("no").asks("child.adult").choose("nurse").asks("tell.organisation")
	c.word(WordBack).asks("child.adult").word(WordBack).asks("child.told")
	c.word(WordBack).asks("child.near").word(WordBack).asks("tell.who").word(WordBack).asks("tell.age")
	c.word(WordBack).asks("start.menu").word(WordBack).asks("start.safe").word(WordBack).asks("start.safe")
	if c.out.Ask.Offers(WordBack) {
		t.Error("back is offered where there is nothing to go back to")
	}
	c.choose("yes", "tell", "under_18", "me").says("tell.child_note").asks("child.told").choose("yes").asks("tell.organisation")
	c.choose("none").word(WordSkip, WordSkip, WordSkip).choose("yes").word(WordSkip).asks("word.review").choose("send")
	if got := plain(c.acts(ActFile).Facts); got != "age=under_18 who=me told=yes organisation=none area- story- reach- consent=yes help-" {
		t.Errorf("facts %s", got)
	}
}

func TestSkipAllButTheConsent(t *testing.T) {
	c := toTell(t)
	for _, key := range []string{"tell.who", "tell.matter", "tell.organisation", "tell.area", "tell.story", "tell.consent"} {
		c.word(WordSkip).asks(key)
	}
	if c.out.Ask.Offers(WordSkip) || !c.out.Ask.Required {
		t.Error("the required consent can be skipped")
	}
	c.word(WordSkip).says("word.noskip").asks("tell.consent")
	c.choose("no").says("tell.unsent").asks("start.again")
}

func TestChoicesAreTicked(t *testing.T) {
	c := toTell(t).choose("adult", "other").asks("tell.matter")
	if c.out.Ask.Done {
		t.Error("done is offered before anything is ticked")
	}
	c.word(WordDone).says("word.notunderstood").asks("tell.matter")
	turn := c.out.Ask.Turn
	c.tap(c.out.Ask.Tap("work"))
	if !c.out.Redraw || c.out.Ask.Turn != turn || !c.out.Ask.Choices[0].Chosen || !c.out.Ask.Offers(WordDone) {
		t.Errorf("a tick does not redraw the same question: %+v", c.out)
	}
	c.tap(c.out.Ask.Tap("none")).word(WordDone).says("tell.matter.error").asks("tell.matter")
	if !c.out.Ask.Choices[0].Chosen || !c.out.Ask.Choices[3].Chosen {
		t.Error("what was refused is no longer ticked")
	}
	c.tap(c.out.Ask.Tap("none"))
	if c.out.Ask.Choices[3].Chosen {
		t.Error("a second tap does not take the tick away")
	}
	c.several("aid", "force", "other").says("tell.matter.error").asks("tell.matter")
	c.several("aid", "nonsense").says("word.notunderstood")
	for _, n := range []string{"aid", "force"} {
		c.tap(c.out.Ask.Tap(n))
	}
	c.word(WordLanguage).asks("word.language.ask").choose("ar").asks("tell.matter").word(WordDone).asks("tell.organisation")
}

func TestChoiceByNumberAndSeveralByNumber(t *testing.T) {
	c := toTell(t).do(Input{Kind: InNumber, Number: 2, Text: "2"}).asks("tell.who")
	c.do(Input{Kind: InNumber, Number: 3, Text: "3"}).says("word.notunderstood").asks("tell.who")
	c.do(Input{Kind: InNumber, Number: 0}).says("word.notunderstood").asks("tell.who")
	if a := c.word(WordBack).choose("adult", "me").do(Input{Kind: InNumber, Number: 3}); a.out.Answered[0].Key != "tell.matter.force" {
		t.Errorf("answered %v", a.out.Answered)
	}
	c.says("tell.clock").asks("tell.organisation")
	want := []Option{{Name: "north_aid", Key: "list.organisations.north_aid", List: "organisations"}, {Name: "well_fund", Key: "list.organisations.well_fund", List: "organisations"},
		{Name: "none", Key: "tell.organisation.none"}, {Name: "unknown", Key: "tell.organisation.unknown"}}
	for i, o := range c.out.Ask.Choices {
		if o != want[i] {
			t.Errorf("choice %d is %+v, want %+v", i, o, want[i])
		}
	}
}

func TestNumber(t *testing.T) {
	c := toTell(t).choose("adult", "other").several("work").choose("none", "camp_one").asks("tell.times")
	c.do(Input{Kind: InNumber, Number: 51}).says("word.number.range").asks("tell.times")
	if a := c.out.Say[0].Args; a["Min"] != "1" || a["Max"] != "50" {
		t.Errorf("the range is told as %v", a)
	}
	c.do(Input{Kind: InNumber, Number: -1}).says("word.number.range")
	c.write("many").says("word.notunderstood.text").asks("tell.times")
	c.do(Input{Kind: InNumber, Number: 7}).says("tell.often").asks("tell.story")
}

func TestTextComesInBursts(t *testing.T) {
	c := toTell(t).choose("adult", "other").several("force").choose("none", "camp_one").asks("tell.story")
	c.word(WordDone).says("word.notunderstood.text").asks("tell.story")
	c.write("  ").says("word.notunderstood.text")
	c.write("one").says().asks("tell.story")
	if c.out.Ask.Partial != 1 || !c.out.Ask.Done || c.out.Ask.Max != 100 {
		t.Errorf("after one message: %+v", c.out.Ask)
	}
	c.write(strings.Repeat("x", 97)).says("word.toolong").asks("tell.story")
	if c.out.Say[0].Args["Max"] != "100" || c.out.Ask.Partial != 1 {
		t.Error("what was too long is cut or taken")
	}
	c.write(strings.Repeat("ش", 96)).says()
	c.write("y").says("word.toolong")
	c.word(WordBack).asks("tell.story")
	if c.out.Ask.Partial != 1 {
		t.Error("back takes more than the latest message")
	}
	c.word(WordHelp).says("word.help.text").word(WordServices).says("word.services.here").word(WordStop).asks("word.stop.ask")
	c.do(Input{Kind: InText, Text: "late one", Late: true}).says().asks("word.stop.ask")
	c.choose("no").asks("tell.story").word(WordDone).asks("tell.consent")
	c.choose("yes", "no", "send")
	if got := c.acts(ActFile).Facts.Get("story"); got != "one\nlate one" {
		t.Errorf("the story is %q", got)
	}
}

func TestWordsThatAreTakenOutAreToldOf(t *testing.T) {
	c := toTell(t).choose("adult", "me").several("force").choose("none", "camp_one").write("one", "two")
	c.word(WordSkip).says("word.takenout").asks("tell.reach")
	c.word(WordBack).says().asks("tell.story") // it was skipped: there are no words to take out
	c.word(WordSkip).says().asks("tell.reach").word(WordBack)
	c.write("three").word(WordBack).says().asks("tell.story") // a message, and the count shows it
	c.write("four").word(WordDone).says().asks("tell.reach")
	c.word(WordBack).says("word.takenout").asks("tell.story")
	c.word(WordBack).says().asks("tell.area")
}

func TestLateMessageBelongsToTheText(t *testing.T) {
	c := toTell(t).choose("adult", "me").several("force").choose("none", "camp_one").write("one").word(WordDone).asks("tell.reach")
	c.do(Input{Kind: InText, Text: "two", Late: true}).asks("tell.reach")
	c.word(WordSkip).asks("tell.consent")
	c.do(Input{Kind: InText, Text: "three", Late: true}).says("word.notunderstood").asks("tell.consent")
	c.word(WordBack, WordBack).asks("tell.story").write("four").word(WordDone).asks("tell.reach").write("phone").word(WordDone)
	c.do(Input{Kind: InChoice, Choice: "yes", Text: "yes", Late: true}).asks("tell.consent")
	c.do(Input{Kind: InText, Text: strings.Repeat("x", DefaultText), Late: true}).says("word.toolong").asks("tell.consent")
	c.choose("yes", "no", "send")
	facts := c.acts(ActFile).Facts
	if facts.Get("story") != "four" || facts.Get("reach") != "phone\nyes" {
		t.Errorf("facts %s", plain(facts))
	}
}

func TestLanguageKeepsEverything(t *testing.T) {
	c := toTell(t).choose("adult").word(WordLanguage).asks("word.language.ask")
	if c.out.Ask.Choices[0] != (Option{Name: "en", Chosen: true}) || c.out.Ask.Offers(WordLanguage) {
		t.Errorf("languages %+v", c.out.Ask)
	}
	c.write("?").says("word.notunderstood").word(WordBack).asks("tell.who").says()
	c.word(WordLanguage).choose("ar").asks("tell.who").says()
	if c.st.Lang() != "ar" {
		t.Errorf("speaks %q", c.st.Lang())
	}
	c.choose("me").several("force").word(WordSkip, WordSkip, WordSkip, WordSkip).choose("yes").word(WordSkip).choose("send")
	facts := c.acts(ActFile).Facts
	if facts[0].Lang != "en" || facts[1].Lang != "ar" {
		t.Errorf("languages of the answers: %+v", facts[:2])
	}
}

// What was said since the latest answer is said again in the language that was chosen, and nothing before it.
func TestALanguageSaysItAgain(t *testing.T) {
	s := richSet(t)
	c := &talk{tb: t, s: s, env: testEnv}
	c.st, c.out = s.Begin("en", [4]byte{1}, c.env)
	c.says("start.hello").asks("start.safe")
	c.word(WordLanguage).choose("ar").says("start.hello").asks("start.safe")
	c.word(WordLanguage).choose("ar").says().asks("start.safe")
	c.choose("yes").asks("start.menu").word(WordLanguage).choose("en").says().asks("start.menu")
}

func TestLanguageFirst(t *testing.T) {
	s := richSet(t)
	c := &talk{tb: t, s: s, env: testEnv}
	c.st, c.out = s.Begin("", [4]byte{1}, c.env)
	c.sound()
	c.says().asks("word.language.ask").word(WordBack).asks("word.language.ask").word(WordSkip).says("word.notunderstood")
	c.word(WordServices).says("word.services.here").asks("word.language.ask").choose("xx").says("word.notunderstood")
	c.word(WordStop).asks("word.stop.ask").choose("no").asks("word.language.ask")
	c.do(Input{Kind: InNumber, Number: 2}).says("start.hello").asks("start.safe")
	c.env.Langs = []string{"en", "fr"} // Arabic is no longer on offer
	c.choose("yes").says("word.notunderstood").asks("word.language.ask").choose("fr").asks("start.safe").says("start.hello")
	c.env.Langs = []string{"fr"}
	if c.choose("yes").asks("start.menu").out.Ask.Offers(WordLanguage) {
		t.Error("one language, and still a choice of languages")
	}
	if _, out := s.Begin("", [4]byte{1}, Env{Langs: []string{"so"}}); out.Ask.Key != "start.safe" {
		t.Errorf("with one language it asks %q first", out.Ask.Key)
	}
	if _, out := s.Begin("", [4]byte{1}, Env{}); out.Ask.Key != "start.safe" {
		t.Errorf("without languages it asks %q first", out.Ask.Key)
	}
}

func TestStopAsksFirstAndErases(t *testing.T) {
	c := toTell(t).choose("adult").word(WordStop).asks("word.stop.ask").word(WordStop).asks("word.stop.ask")
	c.choose("no").asks("tell.who").word(WordStop).word(WordBack).asks("tell.who").word(WordStop).choose("yes")
	c.says("word.stop.done").acts(ActWipe)
	c.ends()
	if len(c.st.Append(nil)) > 20 {
		t.Error("something is kept after everything was erased")
	}
	c.write("hello").asks("start.safe").says("start.hello")
}

func TestHideWipesAndShowsAFace(t *testing.T) {
	c := toReview(t).word(WordHide)
	c.acts(ActHide)
	if !c.st.Empty() {
		t.Error("hide keeps answers")
	}
	c.st, c.out = c.s.Enter(HideFlow, c.st.Lang(), [4]byte{5}, c.env)
	c.acts(ActWipe)
	c.result(ResultOK).says("hide.remains").asks("hide.face").choose("food").says("start.hello").asks("start.safe")
	c.st, c.out = c.s.Enter("nowhere", "en", [4]byte{5}, c.env)
	c.asks("start.safe")
}

func TestServicesAtEveryMoment(t *testing.T) {
	c := toTell(t).word(WordServices).says("word.services.here").asks("tell.age")
	if say := c.out.Say[0]; say.Do != "services" || say.Area != "" {
		t.Errorf("says %+v", say)
	}
	c = toReview(t).word(WordServices)
	if say := c.out.Say[0]; say.Area != "camp_two" {
		t.Errorf("the area is %q", say.Area)
	} else if len(say.Facts) == 0 || say.Facts[0].Flow != "tell" || say.Facts.Get("safe") != "" {
		t.Errorf("what was told so far is %+v; want that of the flow that files, alone", say.Facts)
	}
	newTalk(t, richSet(t)).choose("yes", "look").says("word.services.here", "start.bye").ends()
}

func TestRefusals(t *testing.T) {
	c := toTell(t)
	for _, what := range refusals {
		c.do(Input{Kind: InRefused, Choice: what}).says("word.refused." + what).asks("tell.age")
	}
	c.do(Input{Kind: InRefused, Choice: "hologram"}).says("word.refused.other").asks("tell.age")
	c.do(Input{Kind: InPlace}).says("word.location.refused").asks("tell.age")
	c.do(Input{Kind: InWord, Choice: "xyzzy"}).says("word.notunderstood").asks("tell.age")
	c.do(Input{Kind: 99, Text: "?"}).says("word.notunderstood").asks("tell.age")
	c.write("?").says("word.notunderstood").asks("tell.age")
	c.result(ResultOK).says().asks("tell.age")
	if !c.out.Quiet {
		t.Error("a result that nobody waits for is answered aloud")
	}
}

func TestLocation(t *testing.T) {
	c := newTalk(t, richSet(t)).choose("yes", "move").asks("start.move")
	c.do(Input{Kind: InPlace, Lat: 91}).says("word.notunderstood.text").asks("start.move")
	c.do(Input{Kind: InPlace, Lat: 12.5, Lon: -7}).says("start.bye").ends()
	c = newTalk(t, richSet(t)).choose("yes", "move")
	c.write(strings.Repeat("x", MaxPlace+1)).says("word.toolong").asks("start.move")
	c.write("behind the market").says("start.bye").ends()
}

func TestAnAbsentFlowIsHidden(t *testing.T) {
	c := newTalk(t, richSet(t)).choose("yes").asks("start.menu")
	if got := names(c.out.Ask.Choices); strings.Join(got, " ") != "tell letters look move help" {
		t.Errorf("the menu offers %v", got)
	}
	c.choose("rights").says("word.notunderstood").asks("start.menu")
	c.do(Input{Kind: InNumber, Number: 3}).says("word.services.here", "start.bye").ends()
	withRights := append(richFlows(t), inlineFlow(t, "flow: rights\nsteps:\n  - {name: six, type: note}\n"))
	c = newTalk(t, setOf(t, withRights, richLists)).choose("yes", "rights").says("rights.six", "start.bye")
	c.ends()
}

func inlineFlow(tb testing.TB, src string) *Flow {
	tb.Helper()
	f, err := Parse("inline.yaml", []byte(src))
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func TestAPlaceInTheReport(t *testing.T) {
	s := inline(t, `
flow: start
kind: sea
steps:
  - {name: spot, type: location}
  - {name: way, type: location}
  - {name: times, type: number}
  - {name: post, type: file}
`)
	c := newTalk(t, s).do(Input{Kind: InPlace, Lat: 12.345678, Lon: -7}).write("behind, the well").do(Input{Kind: InNumber, Number: 3})
	if got := plain(c.acts(ActFile).Facts); got != `spot=12.34568,-7.00000 way:"behind, the well" times=3` {
		t.Errorf("facts %s", got)
	}
	c.result(ResultTrouble).word(WordBack).asks("start.times")
	c.s = inline(t, "flow: start\nkind: sea\nsteps:\n  - {name: times, type: number, max: 2}\n  - {name: post, type: file}\n")
	c.do(Input{Kind: InNumber, Number: 2}).acts(ActFile)
}

func TestTicksOutliveAChangeOfTheFlow(t *testing.T) {
	const src = "flow: start\nsteps:\n  - {name: a, type: choices, choices: [p, q, r, s]}\n  - {name: b, type: choice, choices: [x]}\n"
	less := strings.Replace(src, "q, ", "", 1)
	c := newTalk(t, inline(t, src)).choose("p", "q", "r")
	c.s = inline(t, less)
	c.word(WordHelp).asks("start.a")
	if got := len(c.out.Ask.Choices); got != 3 || !c.out.Ask.Choices[0].Chosen || !c.out.Ask.Choices[1].Chosen || c.out.Ask.Choices[2].Chosen {
		t.Errorf("ticked: %+v", c.out.Ask.Choices)
	}
	a := c.out.Ask
	c.word(WordDone).asks("start.b").tap(a.Tap("s")).asks("word.oldtap.ask").choose("yes").asks("start.a")
	if !c.out.Ask.Choices[0].Chosen || !c.out.Ask.Done {
		t.Error("a question that is asked again has lost its ticks")
	}
	c.tap(a.Tap("s")).word(WordBack).asks("start.b").tap(a.Tap("s")).choose("yes").word(WordDone).asks("start.b")
	if got := c.st.answers[0].vals; len(got) != 2 {
		t.Errorf("answered %v", got)
	}
}

func TestOddLanguagesAndLists(t *testing.T) {
	s := richSet(t)
	if got := strings.Join(s.Flows(), " "); got != "child hide letters services start tell" || !s.Has("tell") || s.Has("rights") {
		t.Errorf("flows %s", got)
	}
	env := Env{Langs: []string{"en", "a tag that is far too long for a button", "ar", ""}}
	_, out := s.Begin("xx", [4]byte{}, env)
	if got := strings.Join(names(out.Ask.Choices), " "); got != "en ar" {
		t.Errorf("offers %q", got)
	}
	c := newTalk(t, inline(t, "flow: start\nsteps:\n  - {name: a, type: choice, choices: {list: none_given}}\n  - {name: b, type: choice, choices: [x]}\n"))
	c.asks("start.b")
}

// Before a conversation, and after its flow is gone, Look sees nothing and Step begins.
func TestLookOfNothing(t *testing.T) {
	s := richSet(t)
	if !s.Look(State{}, testEnv).IsZero() {
		t.Error("a conversation that has not begun asks something")
	}
	st, out := s.Step(State{}, Input{Kind: InText, Text: "hello"}, testEnv)
	if problem := soundness(s, st, out, testEnv); problem != "" || out.Ask.Key != "word.language.ask" {
		t.Errorf("%s, asks %q", problem, out.Ask.Key)
	}
	gone := State{lang: "en", begun: true, places: []place{{flow: "gone"}}}
	st, out = s.Step(gone, Input{Kind: InText, Text: "hello"}, testEnv)
	if problem := soundness(s, st, out, testEnv); problem != "" || out.Ask.Key != "start.safe" {
		t.Errorf("%s, asks %q", problem, out.Ask.Key)
	}
}
