package flow

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const head = "flow: start\nkind: sea\nsteps:\n  - {name: a, type: choice, choices: [x, y]}\n"

// Each bad file is refused with its line, the line itself, what is wrong and what to do.
func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		name, src string
		line      int
		what      string
		hint      string
	}{
		{"empty", "", 0, "empty", "begin with flow:"},
		{"comment only", "# nothing\n", 0, "empty", "begin with flow:"},
		{"not UTF-8", "flow: \xff\n", 1, "not UTF-8", "save it as UTF-8"},
		{"byte order mark", "\ufeffflow: start\n", 1, "byte order mark", "without BOM"},
		{"too large", strings.Repeat("# x\n", MaxFile/4+1), 0, "larger than", "split"},
		{"no YAML", "flow: [start\nsteps: x\n", 1, "begins here with [ and never ends", "end it with ]"},
		{"tab", "flow: start\nsteps:\n\t- {name: a, type: note}\n", 3, "indented with a tab", "with spaces"},
		{"no colon", "flow start\nsteps: []\n", 1, "no colon", "name: value"},
		{"two colons", head + "  - name: b: c\n", 5, "a second colon", "quotation marks"},
		{"list without dash", head + "    type: note\n", 5, "does not begin with -", "begin it with -"},
		{"near field", head + "  - {name: b, typ: note}\n", 5, `no field "typ"`, "did you mean type?"},
		{"near type", head + "  - {name: b, type: choise}\n", 5, `unknown type "choise"`, "did you mean choice?"},
		{"two documents", head + "---\nflow: b\n", 5, "second document", "take out"},
		{"broken second document", head + "---\n[\n", 0, "second document", "take out"},
		{"a list", "- a\n", 1, "map of fields", "name: value"},
		{"anchor", "flow: &x start\n", 1, "anchors", "each time"},
		{"alias", head + "  - {name: &b b, type: *b}\n", 5, "anchors", "each time"},
		{"merge", "<<: {flow: start}\n", 1, "merging", "each time"},
		{"tag", "flow: !!str start\n", 1, "tags", "each time"},
		{"unknown field above", "flow: start\nversion: 2\nsteps: [{name: a, type: note}]\n", 2, `no field "version"`, "known here: flow, kind, steps"},
		{"field twice", "flow: start\nflow: other\nsteps: [{name: a, type: note}]\n", 2, "twice", "keep one"},
		{"no name", "steps: [{name: a, type: note}]\n", 1, "no name", "begin with flow:"},
		{"no steps", "flow: start\n", 1, "no steps", "add steps:"},
		{"steps no list", "flow: start\nsteps: a\n", 2, "must be a list", "- name:"},
		{"steps empty", "flow: start\nsteps: []\n", 2, "must be a list", "- name:"},
		{"too many steps", "flow: start\nsteps: [" + strings.Repeat("{name: a, type: note}, ", MaxSteps+1) + "]\n", 2, "more than", "flow of their own"},
		{"known no list", head + "  - {name: b, type: choice, choices: [x], known: other}\n", 5, "no list of flows", "known: [feedback]"},
		{"known of itself", head + "  - {name: b, type: choice, choices: [x], known: [start]}\n", 5, "which is this one", "enter this one"},
		{"known twice", head + "  - {name: b, type: choice, choices: [x], known: [other, other]}\n", 5, "stands there already", "enter this one"},
		{"known consent", head + "  - {name: b, type: choice, choices: [x], consent: true, known: [other]}\n", 5, "no other flow can give", "take known out"},
		{"known text", head + "  - {name: b, type: text, known: [other]}\n", 5, "cannot have known", "take it out"},
		{"lines of a note", head + "  - {name: b, type: note, lines: remedies}\n", 5, "cannot have lines", "take it out"},
		{"bad flow name", "flow: Start\nsteps: [{name: a, type: note}]\n", 1, `called "Start"`, "a-z"},
		{"long flow name", "flow: " + strings.Repeat("a", MaxFlowName+1) + "\nsteps: [{name: a, type: note}]\n", 1, "cannot be called", "at most 16"},
		{"taken flow name", "flow: word\nsteps: [{name: a, type: note}]\n", 1, `under "word"`, "another name"},
		{"bad kind", "flow: start\nkind: [a]\nsteps: [{name: a, type: note}]\n", 2, "must be a word", "plain word"},
		{"step no map", head + "  - note\n", 5, "map of fields", "name: value"},
		{"unknown field", head + "  - {name: b, type: note, colour: red}\n", 5, `no field "colour"`, "known here"},
		{"step without name", head + "  - {type: note}\n", 5, "no name", "add name:"},
		{"step without type", head + "  - {name: b}\n", 5, "no type", "add type:"},
		{"null name", head + "  - {name: ~, type: note}\n", 5, "must be a word", "plain word"},
		{"bad step name", head + "  - {name: 1st, type: note}\n", 5, `called "1st"`, "beginning with a letter"},
		{"long step name", head + "  - {name: " + strings.Repeat("a", MaxStepName+1) + ", type: note}\n", 5, "cannot be called", "at most 20"},
		{"reserved step name", head + "  - {name: readers, type: note}\n", 5, "means something else", "another name"},
		{"step twice", head + "  - {name: a, type: note}\n", 5, "stands on line 4", "another name"},
		{"unknown type", head + "  - {name: b, type: question}\n", 5, `unknown type "question"`, "note, choice"},
		{"kinds of nothing", head + "  - {name: b, type: services, kinds: x}\n", 5, "no list and no map", "kinds: [legal"},
		{"kinds by a note", head + "  - {name: b, type: services, kinds: {d: {x: [legal]}}}\n", 5, "no earlier choice", "kinds: [legal"},
		{"kinds by no choice of it", head + "  - {name: c, type: choice, choices: [x]}\n  - {name: b, type: services, kinds: {c: {y: [legal]}}}\n", 6, "has no choice y", "choices are x"},
		{"kinds not in a list", head + "  - {name: c, type: choice, choices: [x]}\n  - {name: b, type: services, kinds: {c: {x: legal}}}\n", 6, "no list of kinds", "kinds: [legal"},
		{"kinds and lines", head + "  - {name: b, type: services, kinds: [legal], lines: remedies}\n", 5, "cannot have lines", "take it out"},
		{"place without kinds", head + "  - {name: b, type: services, place: a}\n", 5, "cannot have place", "take it out"},
		{"place that is none", head + "  - {name: b, type: services, kinds: [legal], place: a}\n", 5, "no earlier question about an area", "of type place"},
		{"place that comes later", head + "  - {name: b, type: services, kinds: [legal], place: c}\n  - {name: c, type: place}\n", 5, "no earlier question about an area", "of type place"},
		{"services that end otherwise", head + "  - {name: b, type: services, kinds: [legal]}\n  - {name: c, type: note, relevant: b = ok}\n", 6, "never ends with ok", "enough"},
		{"a place compared", head + "  - {name: b, type: place}\n  - {name: c, type: note, relevant: b = x}\n", 6, "no answer to compare", "name a choice"},
		{"no choices", head + "  - {name: b, type: choice}\n", 5, "no choices", "choices: [first"},
		{"choices a word", head + "  - {name: b, type: choice, choices: x}\n", 5, "not a list", "choices: [first"},
		{"choices empty", head + "  - {name: b, type: choice, choices: []}\n", 5, "not a list", "choices: [first"},
		{"choice twice", head + "  - {name: b, type: choice, choices: [x, x]}\n", 5, `"x" twice`, "keep one"},
		{"bad choice name", head + "  - {name: b, type: choice, choices: [Yes]}\n", 5, `called "Yes"`, "a-z"},
		{"long choice name", head + "  - {name: b, type: choice, choices: [" + strings.Repeat("a", MaxName+1) + "]}\n", 5, "cannot be called", "at most 24"},
		{"choice called and", head + "  - {name: b, type: choice, choices: [and]}\n", 5, `"and" means`, "another name"},
		{"choice called hint", head + "  - {name: b, type: choice, choices: [hint]}\n", 5, `"hint"`, "another name"},
		{"too many choices", head + "  - {name: b, type: choice, choices: [" + numbered(MaxChoices+1) + "]}\n", 5, "more than 80", "two steps"},
		{"list unnamed", head + "  - {name: b, type: choice, choices: {also: [x]}}\n", 5, "name no list", "choices:"},
		{"list unknown field", head + "  - {name: b, type: choice, choices: {list: x, and: [x]}}\n", 5, `no field "and"`, "list, also"},
		{"choices of a note", head + "  - {name: b, type: note, choices: [x]}\n", 5, "cannot have choices", "take it out"},
		{"required question", head + "  - {name: b, type: choice, choices: [x], required: true}\n", 5, "only a consent may be", "consent: true"},
		{"required text", head + "  - {name: b, type: text, required: true}\n", 5, "cannot have required", "take it out"},
		{"required no truth", head + "  - {name: b, type: choice, choices: [x], consent: true, required: yes}\n", 5, "true or false", "write true"},
		{"hint of a note", head + "  - {name: b, type: note, hint: true}\n", 5, "cannot have hint", "take it out"},
		{"voice of a choice", head + "  - {name: b, type: choice, choices: [x], voice: true}\n", 5, "cannot have voice", "take it out"},
		{"later text", head + "  - {name: b, type: text, later: true}\n", 5, "cannot have later", "take it out"},
		{"later with goto", head + "  - {name: b, type: choice, choices: [x], later: true, goto: {x: end}}\n", 5, "passed over by some doors", "take later out"},
		{"later consent", head + "  - {name: b, type: choice, choices: [x], later: true, consent: true}\n", 5, "passed over by some doors", "take later out"},
		{"secret text", head + "  - {name: b, type: text, secret: true}\n", 5, "cannot have secret", "belongs to mailbox"},
		{"min of a text", head + "  - {name: b, type: text, min: 2}\n", 5, "cannot have min", "take it out"},
		{"max no number", head + "  - {name: b, type: text, max: many}\n", 5, "not such a number", "from 1 to 5000"},
		{"max quoted", head + "  - {name: b, type: text, max: \"9\"}\n", 5, "not such a number", "from 1 to 5000"},
		{"max too large", head + "  - {name: b, type: text, max: 5001}\n", 5, "not such a number", "from 1 to 5000"},
		{"min above max", head + "  - {name: b, type: number, min: 3, max: 2}\n", 5, "takes nothing", "smaller"},
		{"more than there are", head + "  - {name: b, type: choices, choices: [x], min: 2}\n", 5, "2 answers of 1", "fewer"},
		{"file of no kind", "flow: start\nsteps:\n  - {name: a, type: file}\n", 3, "of no kind", "kind: sea"},
		{"flow of no flow", head + "  - {name: b, type: flow}\n", 5, "enters no flow", "add flow:"},
		{"optional note", head + "  - {name: b, type: note, optional: true}\n", 5, "cannot have optional", "take it out"},
		{"mailbox without do", head + "  - {name: b, type: mailbox}\n", 5, "does not say", "do: open"},
		{"mailbox burn", head + "  - {name: b, type: mailbox, do: burn}\n", 5, `cannot do "burn"`, "do: open"},
		{"write without text", head + "  - {name: b, type: mailbox, do: write}\n", 5, "must say what it sends", "text:"},
		{"open with text", head + "  - {name: b, type: mailbox, do: open, text: a}\n", 5, "", "text"},
		{"write what is no text", head + "  - {name: b, type: mailbox, do: write, text: a}\n", 5, "no earlier text step", "text step"},
		{"secret keep", head + "  - {name: b, type: mailbox, do: keep, secret: true}\n", 5, "asks nothing", "do: open"},
		{"goto nowhere", head + "  - {name: b, type: note, goto: z}\n", 5, `goes to "z"`, "later step"},
		{"goto near", head + "  - {name: b, type: note, goto: next_stp}\n  - {name: next_step, type: note}\n", 5, `goes to "next_stp"`, "did you mean next_step?"},
		{"goto back", head + "  - {name: b, type: note, goto: a}\n", 5, "goes back to a", "forward only"},
		{"goto itself", head + "  - {name: b, type: note, goto: b}\n", 5, "goes back to b", "forward only"},
		{"goto map of a note", head + "  - {name: b, type: note, goto: {x: end}}\n", 5, "one step", "goto: end"},
		{"goto unknown choice", head + "  - {name: b, type: choice, choices: [x], goto: {z: end}}\n", 5, "no choice z", "its choices are x"},
		{"goto twice", head + "  - {name: b, type: choice, choices: [x], goto: {x: end, x: end}}\n", 5, `"x" twice`, "keep one"},
		{"goto unknown result", head + "  - {name: b, type: mailbox, do: keep, goto: {wrong: end}}\n", 5, "never ends with wrong", "ok, refused, closed"},
		{"relevant unknown choice", head + "  - {name: b, type: note, relevant: a = z}\n", 5, "no choice z", "its choices are x, y"},
		{"relevant later", "flow: start\nsteps:\n  - {name: b, type: note, relevant: a = x}\n  - {name: a, type: choice, choices: [x]}\n", 3, "comes later", "earlier step"},
		{"relevant itself", head + "  - {name: b, type: choice, choices: [x], relevant: b = x}\n", 5, "comes later", "earlier step"},
		{"relevant dot", head + "  - {name: b, type: note, relevant: . = x}\n", 5, "dot means", "name the step"},
		{"relevant empty", head + "  - {name: b, type: note, relevant: ''}\n", 5, "empty", "write it as"},
		{"relevant list", head + "  - {name: b, type: note, relevant: [a]}\n", 5, "must be a word", "plain word"},
		{"relevant a note", head + "  - {name: b, type: note}\n  - {name: c, type: note, relevant: b = x}\n", 6, "no answer to compare", "name a choice"},
		{"relevant a text", head + "  - {name: b, type: text}\n  - {name: c, type: note, relevant: b = x}\n", 6, "no answer to compare", "name a choice"},
		{"relevant a number", head + "  - {name: b, type: number}\n  - {name: c, type: note, relevant: b = x}\n", 6, "x is none", "a number"},
		{"equal of several", head + "  - {name: b, type: choices, choices: [x]}\n  - {name: c, type: note, relevant: b = x}\n", 6, "several answers", "b has x"},
		{"readers unknown", head + "  - {name: b, type: note, relevant: readers = few}\n", 5, "never \"few\"", "enough, mixed, oversight, none"},
		{"constraint of a text", head + "  - {name: b, type: text, constraint: . = x}\n", 5, "cannot have constraint", "take it out"},
		{"constraint unknown choice", head + "  - {name: b, type: choice, choices: [x], constraint: . != z}\n", 5, "no choice z", "its choices are x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("start.yaml", []byte(c.src))
			var problems Errors
			if !errors.As(err, &problems) {
				t.Fatalf("is taken: %v", err)
			}
			p := problems[0]
			if p.File != "start.yaml" || p.Line != c.line || !strings.Contains(p.What, c.what) || !strings.Contains(p.Hint, c.hint) {
				t.Errorf("got\n%s\nwant line %d, %q, %q", p, c.line, c.what, c.hint)
			}
			if p.Hint == "" {
				t.Error("no remedy")
			}
			if p.Line > 0 && p.Text == "" && strings.TrimSpace(strings.Split(c.src, "\n")[p.Line-1]) != "" {
				t.Error("the line is not quoted")
			}
			if want := fmt.Sprintf("start.yaml:%d: ", c.line); c.line > 0 && !strings.HasPrefix(err.Error(), want) {
				t.Errorf("the error begins %q, want %q", err.Error(), want)
			}
		})
	}
}

func numbered(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("c%d", i))
	}
	return strings.Join(names, ", ")
}

func TestParseTellsAllProblemsAtOnce(t *testing.T) {
	_, err := Parse("x.yaml", []byte(head+"  - {name: b, type: nothing}\n  - {name: c, type: note, goto: nowhere}\n  - {name: d}\n"))
	var problems Errors
	if !errors.As(err, &problems) || len(problems) != 3 || problems[0].Line != 5 || problems[2].Line != 7 {
		t.Errorf("%v", err)
	}
}

func TestExpressions(t *testing.T) {
	for _, c := range []struct{ src, what, hint string }{
		{"a", "name without a value", "write it as"},
		{"a =", "value after", "write it as"},
		{"a = x and", "ends too early", "write it as"},
		{"= x", "name of a step", "write it as"},
		{"and a = x", "name of a step", "write it as"},
		{"a == x", "== is not known", "single ="},
		{"a ! x", "lone !", "not, or !="},
		{"a = 'x'", "has no place", "quotation marks"},
		{"a = é", "has no place", "quotation marks"},
		{"a = x y", "should end", "and, or"},
		{"a = x)", "too many", "take it out"},
		{"(a = x", "not closed", "add a )"},
		{"a = (", "a value", "write it as"},
		{"a = not", "a value", "write it as"},
		{"a b x", "stands after", "=, != or has"},
		{strings.Repeat("(", MaxNesting+2) + "a = x" + strings.Repeat(")", MaxNesting+2), "nests deeper", "more simply"},
		{strings.Repeat("not ", MaxNesting+2) + "a = x", "nests deeper", "more simply"},
		{strings.Repeat("a = x or ", 2*MaxAtoms) + "a = x", "too long", "split"},
	} {
		if _, err := parseExpr(c.src); err == nil || !strings.Contains(err.what, c.what) || !strings.Contains(err.hint, c.hint) {
			t.Errorf("%q: %v, want %q, %q", c.src, err, c.what, c.hint)
		}
	}
	for src, want := range map[string]string{
		"a=x":                          "a = x",
		"a = x or b = y and c = z":     "(a = x) or ((b = y) and (c = z))",
		"not a = x and b has y":        "(not (a = x)) and (b has y)",
		"not (a = x and b != y)":       "not ((a = x) and (b != y))",
		"( a = x or b = y ) and . = 7": "((a = x) or (b = y)) and (. = 7)",
	} {
		e, err := parseExpr(src)
		if err != nil || e.String() != want {
			t.Errorf("%q reads as %v %v, want %s", src, e, err, want)
			continue
		}
		if again, err := parseExpr(e.String()); err != nil || again.String() != want {
			t.Errorf("%s does not read back: %v", want, err)
		}
	}
}

// What has no value is equal to nothing and different from everything.
func TestExpressionValues(t *testing.T) {
	const src = `
flow: start
steps:
  - {name: a, type: choice, choices: [x, y]}
  - {name: b, type: choices, choices: [p, q, r], relevant: a != y}
  - {name: n1, type: note, relevant: a = x}
  - {name: n2, type: note, relevant: a != x}
  - {name: n3, type: note, relevant: b has p}
  - {name: n4, type: note, relevant: b has q and not b has p}
  - {name: n5, type: note, relevant: not (b has p or b has q)}
  - {name: n6, type: note, relevant: b has p and b has q or a = y}
  - {name: last, type: choice, choices: [z]}
`
	for _, c := range []struct {
		ins  []Input
		says string
	}{
		{[]Input{{Kind: InChoice, Choice: "x"}, {Kind: InChoices, Choices: []string{"p"}}}, "n1 n3"},
		{[]Input{{Kind: InChoice, Choice: "x"}, {Kind: InChoices, Choices: []string{"q", "r"}}}, "n1 n4"},
		{[]Input{{Kind: InChoice, Choice: "x"}, {Kind: InChoices, Choices: []string{"q", "p"}}}, "n1 n3 n6"},
		{[]Input{{Kind: InChoice, Choice: "y"}}, "n2 n5 n6"},
		{[]Input{{Kind: InWord, Choice: WordSkip}, {Kind: InWord, Choice: WordSkip}}, "n2 n5"},
	} {
		talk := newTalk(t, inline(t, src))
		for _, in := range c.ins {
			talk.do(in)
		}
		got := strings.ReplaceAll(strings.Join(talk.said(), " "), "start.", "")
		if got != c.says {
			t.Errorf("%v says %q, want %q", c.ins, got, c.says)
		}
	}
}

func TestNewSetRefuses(t *testing.T) {
	start := func(more string) *Flow { return inlineFlow(t, "flow: start\nsteps:\n  - {name: a, type: note}\n"+more) }
	chain := func() (flows []*Flow) {
		flows = append(flows, start("  - {name: b, type: flow, flow: f0}\n"))
		for i := range MaxDepth {
			flows = append(flows, inlineFlow(t, fmt.Sprintf("flow: f%d\nsteps:\n  - {name: b, type: flow, flow: f%d, optional: true}\n", i, i+1)))
		}
		return flows
	}
	tangled := func() (flows []*Flow) {
		for i := range 14 {
			src := fmt.Sprintf("flow: f%d\nsteps:\n", i)
			if i == 0 {
				src = "flow: start\nsteps:\n"
			}
			for k := i + 1; k < 14; k++ {
				src += fmt.Sprintf("  - {name: s%d, type: flow, flow: f%d}\n", k, k)
			}
			flows = append(flows, inlineFlow(t, src+"  - {name: a, type: note}\n"))
		}
		return flows
	}
	many := func() []*Flow {
		src := "flow: long\nsteps:\n"
		for i := range MaxSteps {
			src += fmt.Sprintf("  - {name: s%d, type: choice, choices: [x]}\n", i)
		}
		return []*Flow{start("  - {name: b, type: flow, flow: long}\n  - {name: c, type: flow, flow: long}\n  - {name: d, type: flow, flow: long}\n"), inlineFlow(t, src)}
	}
	items := strings.Split(numbered(MaxChoices), ", ")
	for _, c := range []struct {
		name  string
		flows []*Flow
		lists []List
		want  string
	}{
		{"no start", []*Flow{inlineFlow(t, "flow: other\nsteps: [{name: a, type: note}]\n")}, nil, "no flow called start"},
		{"twice", []*Flow{start(""), start("")}, nil, "both hold"},
		{"bad list", []*Flow{start("")}, []List{{Name: "A"}}, "cannot be called"},
		{"list twice", []*Flow{start("")}, []List{{Name: "a"}, {Name: "a"}}, "two lists"},
		{"bad item", []*Flow{start("")}, []List{{Name: "a", Items: []string{"B"}}}, "cannot have the item"},
		{"item twice", []*Flow{start("")}, []List{{Name: "a", Items: []string{"b", "b"}}}, "twice"},
		{"too many items", []*Flow{start("  - {name: b, type: choice, choices: {list: l, also: [x]}}\n")}, []List{{Name: "l", Items: items}}, "81 choices"},
		{"too deep", chain(), nil, "deeper than 8"},
		{"too tangled", tangled(), nil, "deeper"},
		{"too long", many(), nil, "more than 240"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := NewSet(c.flows, c.lists); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
