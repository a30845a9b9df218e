package flow

import (
	"strings"
	"testing"
)

// around enters a filing flow from two others, in which some of its questions may have been answered.
func around(t *testing.T) *Set {
	return inline(t, `
flow: start
steps:
  - {name: go, type: choice, choices: [tell, help], goto: {tell: to_tell, "*": to_help}}
  - {name: to_tell, type: flow, flow: tell, goto: end}
  - {name: to_help, type: flow, flow: help}
`, `
flow: tell
kind: sea
steps:
  - {name: age, type: choice, choices: [adult, young, unknown], known: [help]}
  - {name: who, type: choice, choices: [me, other], known: [help]}
  - {name: young_only, type: note, relevant: age = young}
  - {name: by, type: choice, choices: [aid, home], goto: {home: to_help, "*": words}}
  - {name: words, type: text, max: 100}
  - {name: check, type: review}
  - {name: send, type: file, goto: end}
  - {name: to_help, type: flow, flow: help}
`, `
flow: help
kind: care
steps:
  - {name: age, type: choice, choices: [adult, young, unknown], known: [tell]}
  - {name: who, type: choice, choices: [me, staff], known: [tell]}
  - {name: want, type: choices, choices: [clinic, talk]}
  - {name: tell_too, type: choice, choices: [yes, no], relevant: by != home, goto: {yes: to_tell, "*": check}}
  - {name: check, type: review}
  - {name: send, type: file, goto: end}
  - {name: to_tell, type: flow, flow: tell}
`)
}

func TestWhatIsKnownIsNotAskedAgain(t *testing.T) {
	c := newTalk(t, around(t))
	c.choose("tell", "young").asks("tell.who")
	c.choose("me").asks("tell.by").choose("home").asks("help.want") // neither age nor who, which are known
	c.several("talk").asks("word.review")
	titles := []string{}
	for _, it := range c.out.Ask.Review {
		titles = append(titles, it.Title)
	}
	if got := strings.Join(titles, " "); got != "tell.age.title tell.who.title help.want.title" {
		t.Errorf("the review shows %s", got)
	}
	if facts := plain(c.choose("send").acts(ActFile).Facts); facts != "age=young who=me want=talk" {
		t.Errorf("filed: %s", facts)
	}
	c.result(ResultOK).ends()
}

// What was left out around is left out within; what is no choice within is asked again; what was answered elsewhere is not
// taken over at all.
func TestWhatIsNotKnown(t *testing.T) {
	c := newTalk(t, around(t))
	c.choose("tell").word(WordSkip).choose("other", "home").asks("help.who").choose("staff").asks("help.want")
	c.word(WordSkip)
	if facts := plain(c.choose("send").acts(ActFile).Facts); facts != "age- who=staff want-" {
		t.Errorf("filed: %s", facts)
	}
	d := newTalk(t, around(t)) // from start, nothing is known
	d.choose("help").asks("help.age").choose("young", "staff").word(WordSkip).choose("yes").asks("tell.who").says()
}

// A known answer can be changed where it was given: the question that follows from it is asked, and back lets it stand.
func TestWhatIsKnownCanBeChanged(t *testing.T) {
	c := newTalk(t, around(t))
	c.choose("help", "adult", "me").several("talk").choose("yes").asks("tell.by").choose("aid").asks("tell.words").word(WordSkip).asks("word.review")
	age := c.out.Ask.Review[0]
	c.choose("change", age.Name, "change").asks("help.age").word(WordBack).asks("word.review")
	c.choose("change", age.Name, "change").asks("help.age").choose("young").says("tell.young_only").asks("word.review")
	c.choose("change", c.out.Ask.Review[0].Name, "remove").asks("word.review")
	if facts := plain(c.choose("send").acts(ActFile).Facts); facts != "age- who=me by=aid words-" {
		t.Errorf("filed: %s", facts)
	}
}

// Back leads out of the flow within to the answer that was given last, wherever that was.
func TestBackFromWhatIsKnown(t *testing.T) {
	c := newTalk(t, around(t))
	c.choose("tell", "adult", "me", "home").asks("help.want").word(WordBack).asks("tell.by").word(WordBack).asks("tell.who")
	c.choose("other", "home").asks("help.who")
}

// The checker proves such flows, and every answer that counts for a flow within is given back once.
func TestCheckWhatIsKnown(t *testing.T) {
	s := around(t)
	if r := Check(s, fullCatalog(s, "ar", "en"), Limits{}); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
}

// Contexts that nothing tells apart are explored once: entering a flow from one more place adds little.
func TestContextsAreShared(t *testing.T) {
	long := "flow: long\nsteps:\n"
	for _, n := range []string{"a", "b", "c", "d", "e"} {
		long += "  - {name: " + n + ", type: choice, choices: [x, y]}\n  - {name: " + n + "x, type: note, relevant: " + n + " = x}\n"
	}
	long += "  - {name: all, type: note, relevant: a = x and b = x and c = x and d = x and e = x}\n"
	states := func(enters string) int {
		s := inline(t, "flow: start\nsteps:\n  - {name: go, type: choice, choices: [p, q, r], goto: {p: p, q: q, r: r}}\n"+enters, long)
		r := Check(s, fullCatalog(s, "en"), Limits{})
		if len(r.Problems) > 0 {
			t.Fatal(r.Problems)
		}
		return r.States
	}
	one := "{name: %, type: flow, flow: long, goto: end}"
	row := func(name string) string { return "  - " + strings.ReplaceAll(one, "%", name) + "\n" }
	if n := states(row("p") + row("q") + row("r")); n > 40 {
		t.Errorf("%d states for one flow entered from three places", n)
	}
}
