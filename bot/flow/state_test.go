package flow

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestStateTellsNothingOfItself(t *testing.T) {
	c := toReview(t)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(format, c.st); strings.Contains(got, "first") || strings.Contains(got, "well_fund") {
			t.Errorf("%s prints %s", format, got)
		}
	}
	if c.st.Lang() != "en" || c.st.Tag() != [4]byte{9, 8, 7, 6} || c.st.Flow() != StartFlow || c.st.Empty() || c.st.Turn() == 0 {
		t.Error("a state does not say what it may say")
	}
	if z := (State{}); !z.IsZero() || !z.Empty() || z.Flow() != "" {
		t.Error("the zero state is not empty")
	}
}

// Every byte that is cut off, added or changed gives ErrState or another sound state; never a panic.
func TestDecodeTakesAnyBytes(t *testing.T) {
	good := toReview(t).st.Append(nil)
	s := richSet(t)
	for i := range good {
		if _, err := Decode(good[:i]); !errors.Is(err, ErrState) {
			t.Fatalf("the first %d bytes are taken for a state", i)
		}
		for _, b := range []byte{0, 1, 127, 128, 255} {
			bad := append([]byte(nil), good...)
			bad[i] = b
			st, err := Decode(bad)
			if err != nil {
				continue
			}
			next, out := s.Step(st, Input{Kind: InWord, Choice: WordHelp}, testEnv)
			if problem := soundness(s, next, out, testEnv); problem != "" {
				t.Fatalf("byte %d as %d: %s", i, b, problem)
			}
		}
	}
	for name, bad := range map[string][]byte{
		"a byte more": append(append([]byte(nil), good...), 0), "nothing": nil, "too much": make([]byte, MaxState+1),
	} {
		if _, err := Decode(bad); !errors.Is(err, ErrState) {
			t.Errorf("%s is taken for a state", name)
		}
	}
}

// What is written is bounded as a whole; what does not fit is refused in words, and nothing is lost for it.
func TestAStateNeverOutgrowsItsBounds(t *testing.T) {
	src := "flow: start\nsteps:\n"
	for i := range 9 {
		src += fmt.Sprintf("  - {name: t%d, type: text, max: 5000}\n", i)
	}
	c := newTalk(t, inline(t, src))
	full := strings.Repeat("ش", 2499)
	refused := false
	for range 9 {
		step := c.out.Ask.Step
		for range 2 {
			c.write(full)
			if said := c.said(); len(said) > 0 && said[0] == "word.toolong" {
				refused = true
			}
		}
		if c.out.Ask.Partial == 0 {
			c.word(WordSkip)
		} else {
			c.word(WordDone)
		}
		if c.out.Ask.Step == step {
			t.Fatalf("step %s is a dead end", step)
		}
	}
	if !refused {
		t.Error("more than MaxKept was taken")
	}
	c.ends()
}

// Answers that count no more make room for those that do.
func TestDeadAnswersMakeRoom(t *testing.T) {
	c := toTell(t)
	for k := range MaxAnswers {
		c.st.answers = append(c.st.answers, answer{kind: kindChoice, step: fmt.Sprintf("old%d", k), lang: "en", vals: []string{"x"}})
	}
	c.st.answers = c.st.answers[len(c.st.answers)-MaxAnswers:]
	c.st.answers[0], c.st.answers[1] = answer{kind: kindChoice, step: "safe", lang: "en", vals: []string{"yes"}}, answer{kind: kindChoice, step: "menu", lang: "en", vals: []string{"tell"}}
	for len(c.st.places) < MaxPlaces {
		c.st.places = append(c.st.places, place{step: "tell", flow: "elsewhere"})
	}
	c.choose("adult").asks("tell.who")
	if n := len(c.st.answers); n != 3 {
		t.Errorf("%d answers are kept, want 3", n)
	}
	if n := len(c.st.places); n != 2 {
		t.Errorf("%d places are kept, want 2", n)
	}
}
