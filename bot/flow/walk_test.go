package flow

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// chance makes inputs of every kind: sensible ones for the present question, stale buttons, nonsense.
type chance struct {
	*rand.Rand
	taps []Tap // of questions asked so far
}

func (c *chance) pick(words ...string) string { return words[c.IntN(len(words))] }

var rubbish = []string{"", " ", "x", "yes", "٣", "\u202e\u200b", "!back", "\xff\xfe", "a\x00b", strings.Repeat("é", 700), strings.Repeat("x", 5001)}

func (c *chance) input(a Ask) Input {
	for _, o := range a.Choices {
		c.taps = append(c.taps, a.Tap(o.Name))
	}
	for _, w := range a.Words {
		c.taps = append(c.taps, a.WordTap(w))
	}
	if len(c.taps) > 60 {
		c.taps = slices.Delete(c.taps, 0, len(c.taps)-60)
	}
	if len(a.Choices) > 0 && c.IntN(100) < 45 {
		name := a.Choices[c.IntN(len(a.Choices))].Name
		if a.Several && c.IntN(2) == 0 {
			return Input{Kind: InChoices, Choices: []string{name, a.Choices[c.IntN(len(a.Choices))].Name}}
		}
		return Input{Kind: InChoice, Choice: name, Text: c.pick("", name)}
	}
	text := rubbish[c.IntN(len(rubbish))]
	switch n := c.IntN(100); {
	case n < 30:
		return Input{Kind: InWord, Choice: c.pick(WordBack, WordBack, WordSkip, WordSkip, WordSkip, WordDone, WordDone, WordServices, WordHelp, WordLanguage, WordStop, "?")}
	case n < 45:
		return Input{Kind: InText, Text: text, Late: c.IntN(3) == 0}
	case n < 49:
		return Input{Kind: InVoice, Voice: Voice{c.pick("one", "two", "", "\x01"), c.IntN(200)}}
	case n < 55:
		return Input{Kind: InText, Text: c.pick("some words", "more of it", "كلمات"), Late: c.IntN(3) == 0}
	case n < 65:
		return Input{Kind: InNumber, Number: c.Int64N(12) - 1, Text: c.pick("", "7"), Late: c.IntN(5) == 0}
	case n < 80 && len(c.taps) > 0:
		tap := c.taps[c.IntN(len(c.taps))]
		if c.IntN(8) == 0 {
			tap.Tag[0]++
		}
		return Input{Kind: InTap, Tap: tap}
	case n < 88:
		return Input{Kind: InResult, Result: c.pick(ResultOK, ResultOK, ResultOK, ResultTrouble, ResultRefused, ResultClosed, ResultWrong, ResultDigits, ResultSlow, ResultBusy, ResultVoice, "odd", "\x00", ""), Lost: []string{"one"}}
	case n < 92:
		return Input{Kind: InPlace, Lat: float64(c.IntN(200)) - 100, Lon: float64(c.IntN(400)) - 200}
	case n < 96:
		return Input{Kind: InRefused, Choice: c.pick("voice", "other", "", "\xff")}
	default:
		return Input{Kind: InputKind(c.IntN(12)), Choice: text, Choices: []string{text, "yes", text}, Text: text}
	}
}

// Twenty thousand turns of chance: never a dead end, always a state that can be stored, nothing told is lost by accident.
func TestRandomWalk(t *testing.T) {
	s := richSet(t)
	const seed = 7
	c := &chance{Rand: rand.New(rand.NewPCG(seed, seed))}
	talk := newTalk(t, s)
	ends, acts, longest := 0, map[string]int{}, 0
	reached := map[string]bool{}
	talk.env.Readers = func(string, Facts) string {
		return []string{ReadersEnough, ReadersEnough, ReadersOversight, ReadersNone}[(ends+len(acts))%4]
	}
	for turn := range 20_000 {
		a := s.Look(talk.st, talk.env)
		in := c.input(a)
		if talk.out.Act.Do != "" && c.IntN(10) > 0 {
			in = Input{Kind: InResult, Result: c.pick(ResultOK, ResultOK, ResultTrouble, ResultRefused)}
		}
		st := talk.st
		talk.st, talk.out = s.Step(st, in, talk.env)
		if problem := soundness(s, talk.st, talk.out, talk.env); problem != "" {
			t.Fatalf("seed %d, turn %d, input %+v at %s: %s", seed, turn, in, a.Key, problem)
		}
		reached[talk.out.Ask.Key] = true
		longest = max(longest, len(talk.st.Append(nil)))
		if do := talk.out.Act.Do; do != "" {
			acts[do]++
			if do == ActHide {
				talk.st, talk.out = s.Enter(HideFlow, talk.st.Lang(), talk.st.Tag(), talk.env)
			}
		}
		if talk.out.End {
			ends++
		}
	}
	if ends < 100 || len(acts) < 6 || !reached["child.adult"] || !reached["word.review"] || !reached["word.review.change"] || !reached["hide.face"] {
		t.Errorf("the walk is too tame: %d ends, acts %v", ends, acts)
	}
	t.Logf("%d ends, acts %v, longest state %d bytes", ends, acts, longest)
}

// A flow that changes under a running conversation never breaks it off: what is still asked keeps its answer.
func TestFlowsChangeUnderARunningConversation(t *testing.T) {
	flows := richFlows(t)
	r := rand.New(rand.NewPCG(3, 3))
	back := 0
	for round := range 300 {
		c := &chance{Rand: r}
		talk := newTalk(t, setOf(t, flows, richLists))
		for range 3 + r.IntN(25) {
			talk.st, talk.out = talk.s.Step(talk.st, c.input(talk.s.Look(talk.st, talk.env)), talk.env)
		}
		changed := setOf(t, mutated(t, flows, r), richLists)
		before := talk.st
		talk.s = changed
		for turn := range 12 {
			in := Input{Kind: InWord, Choice: WordHelp}
			if turn > 0 {
				in = c.input(changed.Look(talk.st, talk.env))
			}
			st := talk.st
			talk.st, talk.out = changed.Step(st, in, talk.env)
			if problem := soundness(changed, talk.st, talk.out, talk.env); problem != "" {
				t.Fatalf("round %d, turn %d: %s", round, turn, problem)
			}
			if turn == 0 && !talk.out.End && !before.IsZero() && len(talk.st.answers) < len(before.answers) && changed.Has(before.Flow()) {
				t.Fatalf("round %d: answers were lost because a flow changed", round)
			}
			if turn == 0 && !talk.out.End && !before.IsZero() && len(talk.st.answers) == len(before.answers) {
				// With the flows as they were, the conversation stands where it stood.
				was := setOf(t, flows, richLists)
				if a, b := was.Look(before, talk.env), was.Look(talk.st, talk.env); a.Key != b.Key {
					t.Fatalf("round %d: it asked %s, and %s after a change that was taken back", round, a.Key, b.Key)
				}
				back++
			}
		}
	}
	if back < 100 {
		t.Errorf("only %d conversations were followed through a change and back", back)
	}
}

// mutated changes the source of flows at random: steps go, come, move, change their choices, their type, their name.
func mutated(tb testing.TB, flows []*Flow, r *rand.Rand) []*Flow {
	tb.Helper()
	var out []*Flow
	for _, f := range flows {
		blocks := blocksOf(f)
		for range 1 + r.IntN(3) {
			i := r.IntN(len(blocks))
			try := slices.Clone(blocks)
			switch r.IntN(6) {
			case 0:
				try = slices.Delete(try, i, i+1)
			case 1:
				try = slices.Insert(try, i, fmt.Sprintf("  - name: new%d\n    type: choice\n    choices: [yes, no]\n", r.IntN(1000)))
			case 2:
				k := r.IntN(len(try))
				try[i], try[k] = try[k], try[i]
			case 3:
				try[i] = strings.Replace(try[i], "choices: [", "choices: [fresh, ", 1)
			case 4:
				try[i] = strings.Replace(try[i], "type: choice\n", "type: choices\n", 1)
			case 5:
				try[i] = strings.Replace(try[i], "yes, ", "", 1)
			}
			if _, err := Parse(f.File, []byte(header(f)+strings.Join(try, ""))); err == nil {
				blocks = try
			}
		}
		g, err := Parse(f.File, []byte(header(f)+strings.Join(blocks, "")))
		if err != nil {
			g = f
		}
		if f.Name == StartFlow || r.IntN(12) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func header(f *Flow) string {
	h := "flow: " + f.Name + "\n"
	if f.Kind != "" {
		h += "kind: " + f.Kind + "\n"
	}
	return h + "steps:\n"
}

// blocksOf gives the source of each step of a flow.
func blocksOf(f *Flow) []string {
	all := strings.Join(f.src.lines, "\n")
	_, all, _ = strings.Cut(all, "steps:\n")
	var blocks []string
	for _, b := range strings.Split("\n"+strings.TrimRight(all, "\n"), "\n  - ")[1:] {
		blocks = append(blocks, "  - "+b+"\n")
	}
	return blocks
}

// Named changes, and exactly what they do.
func TestFlowChanges(t *testing.T) {
	const was = "flow: start\nsteps:\n" +
		"  - {name: a, type: choice, choices: [x, y]}\n  - {name: b, type: choice, choices: [p, q]}\n  - {name: c, type: text}\n  - {name: d, type: choice, choices: [v]}\n"
	for _, c := range []struct {
		name, src, asks string
		kept            int
	}{
		{"nothing", was, "start.d", 3},
		{"a question more", strings.Replace(was, "  - {name: b", "  - {name: n, type: choice, choices: [m]}\n  - {name: b", 1), "start.n", 3},
		{"a question less", strings.Replace(was, "  - {name: b, type: choice, choices: [p, q]}\n", "", 1), "start.d", 3},
		{"the present question gone", strings.Replace(was, "  - {name: d, type: choice, choices: [v]}\n", "  - {name: e, type: choice, choices: [v]}\n", 1), "start.e", 3},
		{"an answered choice gone", strings.Replace(was, "[p, q]", "[q, r]", 1), "start.b", 3},
		{"another type", strings.Replace(was, "{name: b, type: choice,", "{name: b, type: choices,", 1), "start.b", 3},
		{"another order", strings.Replace(strings.Replace(was, "name: a,", "name: z,", 1), "name: d", "name: a", 1), "start.z", 3},
		{"everything gone", "flow: start\nsteps:\n  - {name: w, type: choice, choices: [v]}\n", "start.w", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk := newTalk(t, inline(t, was)).choose("x", "p").write("words").word(WordDone).asks("start.d")
			talk.s = inline(t, c.src)
			talk.word(WordHelp).asks(c.asks)
			if len(talk.st.answers) != c.kept {
				t.Errorf("%d answers are kept, want %d", len(talk.st.answers), c.kept)
			}
			if !bytes.Contains(talk.st.Append(nil), []byte("words")) {
				t.Error("what was written is lost")
			}
		})
	}
	talk := newTalk(t, inline(t, was)).choose("x")
	talk.s = inline(t, "flow: start\nsteps:\n  - {name: n, type: note}\n")
	talk.word(WordHelp).ends()
}

// A report that was filed is not asked for again, even if the step that filed it is gone.
func TestAFiledReportStaysFiled(t *testing.T) {
	c := toReview(t).choose("send").result(ResultOK).asks("tell.hours")
	var flows []*Flow
	for _, f := range richFlows(t) {
		if f.Name == "tell" {
			f = inlineFlow(t, "flow: tell\nkind: sea\nsteps:\n  - {name: age, type: choice, choices: [adult]}\n  - {name: post, type: file}\n")
		}
		flows = append(flows, f)
	}
	c.s = setOf(t, flows, richLists)
	c.word(WordHelp).asks("start.again")
}
