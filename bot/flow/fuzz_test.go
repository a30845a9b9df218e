package flow

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever stands in a flow file, Parse refuses it with a line and a remedy, or takes it; and what it takes can be walked.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/rich/*.yaml", "testdata/eight/*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Add([]byte(head + "  - {name: b, type: choice, choices: {list: areas, also: [x]}, goto: {x: end, \"*\": c}}\n  - {name: c, type: note, relevant: not (a = x or readers = none)}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		flow, err := Parse("fuzz.yaml", src)
		if err != nil {
			problems, ok := err.(Errors)
			if !ok || len(problems) == 0 {
				t.Fatalf("an error that is no Errors: %v", err)
			}
			for _, p := range problems {
				if p.What == "" || p.Hint == "" || p.File != "fuzz.yaml" || p.Line < 0 || p.Line > bytes.Count(src, []byte("\n"))+2 {
					t.Fatalf("a problem without place or remedy: %+v", p)
				}
			}
			return
		}
		start := []*Flow{flow}
		if flow.Name != StartFlow {
			start = append(start, inlineFlow(t, "flow: start\nsteps:\n  - {name: go, type: flow, flow: "+flow.Name+"}\n  - {name: again, type: choice, choices: [x]}\n"))
		}
		s, err := NewSet(start, richLists)
		if err != nil {
			return
		}
		walkAbout(t, s, uint64(len(src)), 30)
	})
}

// walkAbout takes some steps by chance.
func walkAbout(t *testing.T, s *Set, seed uint64, turns int) {
	c := &chance{Rand: rand.New(rand.NewPCG(seed, 1))}
	st, out := s.Begin("en", [4]byte{1, 2, 3, 4}, helpEnv)
	for range turns {
		if problem := soundness(s, st, out, helpEnv); problem != "" {
			t.Fatal(problem)
		}
		st, out = s.Step(st, c.input(s.Look(st, helpEnv)), helpEnv)
	}
}

// Whatever comes in, one thing after the other: a way out, a state within its bounds that reads back the same.
func FuzzStep(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add([]byte{0, 0, 0, 10, 30, 31, 32, 20, 21, 22, 40, 41, 1, 1})
	f.Add(bytes.Repeat([]byte{20, 22, 0}, 40))
	f.Add(bytes.Repeat([]byte{50, 51, 0, 60, 2}, 20))
	s := richSet(f)
	f.Fuzz(func(t *testing.T, plan []byte) {
		if len(plan) > 400 {
			plan = plan[:400]
		}
		st, out := s.Begin("en", [4]byte{1, 2, 3, 4}, helpEnv)
		var taps []Tap
		for _, b := range plan {
			a := s.Look(st, helpEnv)
			for _, o := range a.Choices {
				taps = append(taps, a.Tap(o.Name))
			}
			for _, w := range a.Words {
				taps = append(taps, a.WordTap(w))
			}
			before := st.Append(nil)
			next, o := s.Step(st, planned(b, a, taps), helpEnv)
			if !bytes.Equal(before, st.Append(nil)) {
				t.Fatal("Step changed the state that it was given")
			}
			st, out = next, o
			if problem := soundness(s, st, out, helpEnv); problem != "" {
				t.Fatal(problem)
			}
			if out.Act.Do == ActHide {
				st, out = s.Enter(HideFlow, "en", st.Tag(), helpEnv)
			}
		}
	})
}

// planned makes one input of one byte.
func planned(b byte, a Ask, taps []Tap) Input {
	n := int(b)
	switch {
	case n < 20 && len(a.Choices) > 0:
		return Input{Kind: InChoice, Choice: a.Choices[n%len(a.Choices)].Name}
	case n < 30:
		return Input{Kind: InWord, Choice: reservedWords[n%len(reservedWords)]}
	case n < 40:
		return Input{Kind: InText, Text: rubbish[n%len(rubbish)], Late: n%2 == 0}
	case n < 50:
		return Input{Kind: InResult, Result: []string{ResultOK, ResultOK, ResultTrouble, ResultRefused, ResultWrong, "odd"}[n%6]}
	case n < 60:
		return Input{Kind: InNumber, Number: int64(n - 50), Text: strings.Repeat("1", n-50), Late: n%2 == 0}
	case n < 70 && len(a.Choices) > 1:
		return Input{Kind: InChoices, Choices: []string{a.Choices[0].Name, a.Choices[n%len(a.Choices)].Name}}
	case n < 75:
		return Input{Kind: InPlace, Lat: float64(n), Lon: float64(n)}
	case n < 80:
		return Input{Kind: InRefused, Choice: refusals[n%len(refusals)]}
	case len(taps) > 0:
		return Input{Kind: InTap, Tap: taps[len(taps)-1-(n-80)%len(taps)]}
	}
	return Input{Kind: InputKind(b)}
}

// Whatever bytes are stored: they are refused, or they are a state that writes itself the same and can be gone on with.
func FuzzDecode(f *testing.F) {
	s := richSet(f)
	c := toReview(f)
	f.Add(c.st.Append(nil))
	f.Add(c.word(WordStop).st.Append(nil))
	f.Add(toReview(f).choose("send").result(ResultOK).st.Append(nil))
	f.Add(State{}.Append(nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, stored []byte) {
		st, err := Decode(stored)
		if err != nil {
			if err != ErrState { // one error, so that it can tell nothing of what was stored
				t.Fatal(err)
			}
			return
		}
		again, err := Decode(st.Append(nil))
		if err != nil || !bytes.Equal(again.Append(nil), st.Append(nil)) {
			t.Fatalf("the state does not read back: %v", err)
		}
		c := &chance{Rand: rand.New(rand.NewPCG(uint64(len(stored)), 2))}
		var out Out
		for range 12 {
			st, out = s.Step(st, c.input(s.Look(st, helpEnv)), helpEnv)
			if problem := soundness(s, st, out, helpEnv); problem != "" {
				t.Fatal(problem)
			}
		}
	})
}
