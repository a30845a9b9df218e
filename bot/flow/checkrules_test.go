package flow

import (
	"strings"
	"testing"
)

// Each bad set of flows, or of texts, breaks exactly one rule, and the checker says where and what to do.
func TestCheckRules(t *testing.T) {
	const ok = "flow: start\nsteps:\n  - {name: a, type: choice, choices: [x, y]}\n"
	text := func(key, value string, langs ...string) func(catalog) {
		return func(c catalog) {
			for _, lang := range langs {
				c[lang][key] = value
			}
		}
	}
	drop := func(key, lang string) func(catalog) { return func(c catalog) { delete(c[lang], key) } }
	for _, c := range []struct {
		name  string
		flows []string
		edit  func(catalog)
		lim   Limits
		line  int // 0: the problem is in a catalog
		what  string
		hint  string
	}{
		{name: "flow missing", flows: []string{ok + "  - {name: b, type: flow, flow: gone}\n"}, line: 4, what: "flow gone, which is not there", hint: "optional: true"},
		{name: "flow left over", flows: []string{ok, "flow: more\nsteps:\n  - {name: a, type: note}\n"}, line: 1, what: "nothing enters the flow more", hint: "leave the file out"},
		{name: "list missing", flows: []string{ok + "  - {name: b, type: choice, choices: {list: towns, also: [none]}}\n"}, line: 4, what: "list towns, which is not there", hint: "profile"},
		{name: "list empty", flows: []string{ok + "  - {name: b, type: choice, choices: {list: empty}}\n"}, line: 4, what: "list empty, which is empty", hint: "at least one"},
		{name: "all choices lead nowhere", flows: []string{ok + "  - {name: b, type: choice, choices: [go], goto: {go: c}}\n  - {name: c, type: flow, flow: gone, optional: true}\n"}, line: 4, what: "every choice of step b", hint: "add a flow"},
		{name: "goto of no list item", flows: []string{ok + "  - {name: b, type: choice, choices: {list: areas}, goto: {moon: end}}\n"}, line: 4, what: "no choice moon", hint: "camp_one"},
		{name: "relevant of no list item", flows: []string{ok + "  - {name: b, type: choice, choices: {list: areas}}\n  - {name: c, type: note, relevant: b != moon}\n"}, line: 5, what: "no choice moon", hint: "camp_one"},
		{name: "constraint of no list item", flows: []string{ok + "  - {name: b, type: choice, choices: {list: areas}, constraint: . != moon}\n"}, line: 4, what: "no choice moon", hint: "camp_one"},
		{name: "name of no step", flows: []string{ok + "  - {name: b, type: note, relevant: c != x}\n"}, line: 4, what: "there is no such step", hint: "earlier step"},
		{name: "name of no step around", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n", "flow: sub\nsteps:\n  - {name: n, type: note, relevant: q != x}\n"}, line: 3, what: "there is no such step", hint: "enters it"},
		{name: "later around", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n  - {name: q, type: choice, choices: [x]}\n", "flow: sub\nsteps:\n  - {name: n, type: note, relevant: q != x}\n"}, line: 3, what: "comes later in the flow around", hint: "before this flow is entered"},
		{name: "no such choice around", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n", "flow: sub\nsteps:\n  - {name: n, type: note, relevant: a != z}\n"}, line: 3, what: "step a has no choice z", hint: "x, y"},
		{name: "never true", flows: []string{ok + "  - {name: b, type: note, relevant: a = x and a = y}\n"}, line: 4, what: "condition of step b is never true", hint: "mend the condition"},
		{name: "never true with readers", flows: []string{ok + "  - {name: b, type: note, relevant: readers = none and readers = enough}\n"}, line: 4, what: "never true", hint: "mend"},
		{name: "jumped over", flows: []string{"flow: start\nsteps:\n  - {name: a, type: choice, choices: [x, y], goto: {\"*\": c}}\n  - {name: b, type: note}\n  - {name: c, type: note}\n"}, line: 4, what: "no way leads to step b", hint: "goto"},
		{name: "choice never taken", flows: []string{ok + "  - {name: b, type: choice, choices: [x, y], constraint: . != y}\n"}, edit: nil, line: 4, what: "never takes the choice y", hint: "constraint"},
		{name: "choices never taken", flows: []string{ok + "  - {name: b, type: choices, choices: [x, y, z], constraint: not . has y}\n"}, line: 4, what: "never takes the choice y", hint: "constraint"},
		{name: "dead end", flows: []string{ok + "  - {name: b, type: choice, choices: [x], consent: true, required: true, constraint: . != x}\n"}, line: 4, what: "a dead end", hint: "mend what it refuses"},
		{name: "too many told apart", flows: []string{ok + "  - {name: b, type: choices, choices: [" + numbered(9) + "], goto: {" + strings.ReplaceAll(numbered(9), ",", ": end,") + ": end}}\n"}, line: 4, what: "tell 9 choices", hint: "two steps"},
		{name: "known from a flow without it", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n", "flow: sub\nsteps:\n  - {name: q, type: choice, choices: [x], known: [start]}\n"}, line: 3, what: "has no such step", hint: "take it out of known"},
		{name: "known as another kind", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n", "flow: sub\nsteps:\n  - {name: a, type: choices, choices: [x], known: [start]}\n"}, line: 3, what: "another kind of question", hint: "same name, type"},
		{name: "known with other choices", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n", "flow: sub\nsteps:\n  - {name: a, type: choice, choices: [z], known: [start]}\n"}, line: 3, what: "none of these choices", hint: "same name, type"},
		{name: "known from a flow that is not around", flows: []string{ok + "  - {name: b, type: flow, flow: sub}\n  - {name: c, type: flow, flow: other}\n", "flow: sub\nsteps:\n  - {name: a, type: choice, choices: [x], known: [other]}\n", "flow: other\nsteps:\n  - {name: a, type: choice, choices: [x]}\n"}, line: 3, what: "never enters this one", hint: "take it out"},
		{name: "lines of no place", flows: []string{ok + "  - {name: b, type: services, lines: gone}\n"}, line: 4, what: "says the lines gone", hint: "known:"},
		{name: "too many states", flows: []string{ok + "  - {name: b, type: choice, choices: [x]}\n  - {name: c, type: choice, choices: [x]}\n"}, lim: Limits{States: 2}, line: 5, what: "more than 2 states", hint: "split"},
		{name: "report too long", flows: []string{"flow: start\nkind: sea\nsteps:\n  - {name: a, type: text, max: 3000}\n  - {name: b, type: text, max: 3000}\n  - {name: c, type: file}\n"}, line: 6, what: "longest report of flow start takes 37", hint: "lower the max"},
		{name: "button too long", flows: []string{ok}, lim: Limits{Data: 19}, line: 3, what: "does not fit into 19 bytes", hint: ""},

		{name: "question missing", flows: []string{ok}, edit: drop("start.a", "ar"), line: 3, what: "no text start.a in ar", hint: "catalog of ar"},
		{name: "choice missing", flows: []string{ok}, edit: drop("start.a.y", "en"), line: 3, what: "no text start.a.y in en", hint: "catalog of en"},
		{name: "hint missing", flows: []string{ok + "  - {name: b, type: text, hint: true}\n"}, edit: drop("start.b.hint", "en"), line: 4, what: "no text start.b.hint", hint: "add start.b.hint"},
		{name: "error missing", flows: []string{ok + "  - {name: b, type: choices, choices: [x, y], max: 1}\n"}, edit: drop("start.b.error", "en"), line: 4, what: "no text start.b.error", hint: "add start.b.error"},
		{name: "title missing", flows: []string{ok + "  - {name: b, type: review}\n"}, edit: drop("start.a.title", "en"), line: 3, what: "no text start.a.title", hint: "add start.a.title"},
		{name: "list item missing", flows: []string{ok + "  - {name: b, type: choice, choices: {list: areas}}\n"}, edit: drop("list.areas.camp_two", "en"), line: 4, what: "no text list.areas.camp_two", hint: "catalog of en"},
		{name: "built-in word missing", flows: []string{ok}, edit: drop("word.hide", "ar"), what: "no text word.hide in ar", hint: "catalog of ar"},
		{name: "text empty", flows: []string{ok}, edit: text("start.a", "  ", "ar"), line: 3, what: "no text start.a in ar", hint: "catalog of ar"},
		{name: "text of another room missing", flows: []string{ok}, edit: text("staff.hello", "hello", "en"), lim: Limits{Keys: []Key{{Name: "staff.hello"}}}, what: "no text staff.hello in ar", hint: "catalog of ar"},
		{name: "text of no flow", flows: []string{ok}, edit: text("gone.b", "hello", "en"), what: "gone.b belongs to nothing", hint: "take it out"},
		{name: "text of no step", flows: []string{ok}, edit: text("start.b", "hello", "en"), what: "start.b belongs to nothing", hint: "has no step b"},
		{name: "hint of no hint", flows: []string{ok}, edit: text("start.a.hint", "hello", "en"), what: "start.a.hint belongs to nothing", hint: "hint: true"},
		{name: "title of no review", flows: []string{ok}, edit: text("start.a.title", "hello", "en"), what: "start.a.title belongs to nothing", hint: "no review"},
		{name: "text of no choice", flows: []string{ok}, edit: text("start.a.z", "hello", "en"), what: "start.a.z belongs to nothing", hint: "no use for it"},
		{name: "unknown placeholder", flows: []string{ok}, edit: text("start.a", "hello {Name}", "en", "ar"), line: 3, what: "unknown placeholder Name", hint: "takes none"},
		{name: "placeholder lost", flows: []string{ok}, edit: text("word.toolong", "too long", "ar"), what: "[] in ar and [Max] in en", hint: "same"},
		{name: "text too long", flows: []string{ok + "  - {name: n, type: note}\n"}, edit: text("start.n", strings.Repeat("ش", 101), "ar"), lim: Limits{Text: 100}, line: 4, what: "text start.n in ar has 101 characters", hint: "shorten"},
		{name: "label too long", flows: []string{ok}, edit: text("start.a.x", strings.Repeat("ش", 51), "ar"), lim: Limits{Label: 50}, line: 3, what: "label start.a.x in ar has 51 characters", hint: "shorten"},
		{name: "label of two lines", flows: []string{ok}, edit: text("start.a.x", "one\ntwo", "ar"), line: 3, what: "label start.a.x in ar has a line break", hint: "one line"},
		{name: "question too long", flows: []string{ok}, edit: text("start.a", strings.Repeat("x", 90), "ar"), lim: Limits{Text: 100}, line: 3, what: "with hint and choices has", hint: "shorten"},
		{name: "choices alike", flows: []string{ok}, edit: text("start.a.y", "AR start.a.x", "ar"), line: 3, what: "start.a.x (ar start.a.x) and start.a.y", hint: "two labels"},
		{name: "choice like a word", flows: []string{ok}, edit: text("start.a.y", "Ar word.hide ", "ar"), line: 3, what: "word.hide", hint: "two labels"},
		{name: "choice like a synonym", flows: []string{ok}, edit: func(c catalog) { c["ar"]["start.a.y"], c["ar"]["word.stop.also"] = "enough", "quit|enough" }, line: 3, what: "word.stop.also (enough)", hint: "two labels"},
		{name: "choice like another's number", flows: []string{ok}, edit: text("start.a.x", "2", "ar"), line: 3, what: "the number 2", hint: "two labels"},
		{name: "choice that folds to nothing", flows: []string{ok}, edit: func(c catalog) { c["ar"]["start.a.x"] = "~" }, line: 3, what: "nothing", hint: "two labels"},
		{name: "done like a choice", flows: []string{"flow: start\nsteps:\n  - {name: a, type: choices, choices: [x, y]}\n"}, edit: text("start.a.x", "en word.done", "en"), line: 3, what: "word.done", hint: "two labels"},
		{name: "titles alike", flows: []string{ok + "  - {name: b, type: choice, choices: [x]}\n  - {name: c, type: review}\n"}, edit: text("start.b.title", "ar start.a.title", "ar"), line: 5, what: "start.a.title", hint: "two titles"},
		{name: "yes like no", flows: []string{ok}, edit: text("word.no", "ar word.yes", "ar"), what: "built-in question", hint: "change one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var flows []*Flow
			for _, src := range c.flows {
				flows = append(flows, inlineFlow(t, src))
			}
			s := setOf(t, flows, append([]List{{Name: "empty"}}, richLists...))
			texts := fullCatalog(s, "ar", "en")
			if c.edit != nil {
				c.edit(texts)
			}
			r := Check(s, foldTilde{texts}, c.lim)
			if len(r.Problems) == 0 {
				t.Fatal("nothing is found")
			}
			for _, p := range r.Problems {
				if !strings.Contains(p.What, c.what) && !(c.name == "unknown placeholder" || c.name == "yes like no" || c.name == "button too long") {
					t.Errorf("another problem: %s", p)
				}
			}
			found := false
			for _, p := range r.Problems {
				if strings.Contains(p.What, c.what) {
					found = true
					if p.Line != c.line || !strings.Contains(p.Hint, c.hint) || p.Line > 0 && p.Text == "" || p.File == "" {
						t.Errorf("got\n%s\nwant line %d and %q", p, c.line, c.hint)
					}
				}
			}
			if !found {
				t.Errorf("%q is not found: %v", c.what, r.Problems)
			}
		})
	}
}

// foldTilde folds "~" to nothing, as a folding may do with signs alone.
type foldTilde struct{ catalog }

func (f foldTilde) Fold(lang, typed string) string {
	return strings.ReplaceAll(f.catalog.Fold(lang, typed), "~", "")
}

// Texts that other rooms look after, or that belong to a flow that is not loaded, are left alone.
func TestCheckLeavesOthersAlone(t *testing.T) {
	s := richSet(t)
	texts := fullCatalog(s, "ar", "en")
	texts["en"]["bot.name"] = "x"
	texts["en"]["list.towns.far"] = "x"
	texts["en"]["start.menu.rights"] = "x"
	texts["ar"]["start.hello"], texts["en"]["start.hello"] = "{Mission}", "{Mission}"
	if r := Check(s, texts, Limits{Others: []string{"bot."}, Args: []string{"Mission"}}); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
	if r := Check(s, catalog{}, Limits{}); len(r.Problems) == 0 {
		t.Error("no language at all, and no problem")
	}
}

// What depends on readers is reached both when there are enough from the start and when an answer leaves none.
func TestCheckTriesEveryKindOfReaders(t *testing.T) {
	s := inline(t, `
flow: start
kind: sea
steps:
  - {name: none_now, type: note, relevant: readers = none, goto: end}
  - {name: org, type: choice, choices: [a, b]}
  - {name: few, type: note, relevant: readers = oversight}
  - {name: none_then, type: note, relevant: readers = none, goto: end}
  - {name: story, type: text}
  - {name: send, type: file}
`)
	if r := Check(s, fullCatalog(s, "en"), Limits{}); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
}

// The count of ways is exact on flows small enough to count by hand.
func TestCheckCountsPaths(t *testing.T) {
	for src, want := range map[string]uint64{
		"  - {name: a, type: choice, choices: [x, y]}\n":                                                                                                     2, // x or y, and skipped
		"  - {name: a, type: choice, choices: [x, y]}\n  - {name: b, type: note, relevant: a = x}\n":                                                         3,
		"  - {name: a, type: choice, choices: [x, y], goto: {x: end}}\n  - {name: b, type: text}\n":                                                          5,
		"  - {name: a, type: choices, choices: [x, y, z]}\n  - {name: b, type: note, relevant: a has x and a has y}\n":                                       5,
		"  - {name: a, type: choice, choices: [x], consent: true, required: true}\n  - {name: b, type: number, max: 3}\n":                                    4,
		"  - {name: a, type: mailbox, do: open, goto: {closed: end}}\n  - {name: b, type: choice, choices: [x], relevant: a = ok}\n":                         6,
		"  - {name: a, type: choice, choices: [x, y], goto: {x: again}}\n  - {name: b, type: note, goto: end}\n  - {name: again, type: flow, flow: start}\n": 3,
	} {
		s := inline(t, "flow: start\nsteps:\n"+src)
		r := Check(s, fullCatalog(s, "en"), Limits{})
		if r.Paths != want || len(r.Problems) > 0 {
			t.Errorf("%s\n%d paths, want %d; %v", src, r.Paths, want, r.Problems)
		}
	}
}
