package flow

import (
	"os"
	"testing"
)

// narrative has 122 characters, as in the measurement that it is compared with.
const narrative = "She was told that there would be a place on the list if she came back alone in the evening. It happened to two more women."

var eightInputs = []Input{
	{Kind: InChoice, Choice: "yes"},
	{Kind: InChoice, Choice: "other"},
	{Kind: InChoice, Choice: "aid"},
	{Kind: InText, Text: "near the water point"}, {Kind: InWord, Choice: WordDone},
	{Kind: InChoice, Choice: "week"},
	{Kind: InText, Text: narrative}, {Kind: InWord, Choice: WordDone},
	{Kind: InChoice, Choice: "no"},
	{Kind: InChoice, Choice: "send"},
}

func eightSet(tb testing.TB) *Set {
	tb.Helper()
	src, err := os.ReadFile("testdata/eight/start.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	f, err := Parse("start.yaml", src)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := NewSet([]*Flow{f}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// eightTurn is a turn with its storage: what is stored is read, stepped, and written again.
func eightTurn(tb testing.TB, s *Set, stored, buf []byte, in Input, env Env) ([]byte, Out) {
	st, err := Decode(stored)
	if err != nil {
		tb.Fatal(err)
	}
	st, out := s.Step(st, in, env)
	return st.Append(buf), out
}

var eightEnv = Env{Langs: []string{"en", "ar", "bn"}}

func BenchmarkTurn(b *testing.B) {
	s := eightSet(b)
	var stored [16][]byte
	st, _ := s.Begin("en", [4]byte{1, 2, 3, 4}, eightEnv)
	for i, in := range eightInputs {
		stored[i] = st.Append(nil)
		st, _ = s.Step(st, in, eightEnv)
	}
	if !st.IsZero() {
		b.Fatal("the conversation did not end")
	}
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		k := i % len(eightInputs)
		eightTurn(b, s, stored[k], buf, eightInputs[k], eightEnv)
	}
}

func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile("testdata/eight/start.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("start.yaml", src); err != nil {
			b.Fatal(err)
		}
	}
}

// A turn with its storage stays under 60 allocations, and a state under 600 bytes beside one copy of the text.
func TestTurnIsSmall(t *testing.T) {
	s := eightSet(t)
	st, _ := s.Begin("en", [4]byte{1, 2, 3, 4}, eightEnv)
	text := 0
	buf := make([]byte, 0, 4096)
	for i, in := range eightInputs {
		stored := st.Append(nil)
		text += len(in.Text)
		allocs := testing.AllocsPerRun(20, func() { eightTurn(t, s, stored, buf, in, eightEnv) })
		if allocs >= 60 {
			t.Errorf("turn %d: %v allocations, the bar is under 60", i, allocs)
		}
		var out Out
		st, out = s.Step(st, in, eightEnv)
		if size := len(st.Append(nil)); size-text >= 600 {
			t.Errorf("turn %d: %d bytes beside %d bytes of text, the bar is under 600", i, size-text, text)
		}
		t.Logf("turn %2d: %2.0f allocations, state %d bytes with %d of text, ask %q", i, allocs, len(st.Append(nil)), text, out.Ask.Key)
		if (i == len(eightInputs)-1) != out.End {
			t.Fatalf("turn %d: end is %v", i, out.End)
		}
	}
}
