package flows_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"testing"

	"amana/bot/flow"
)

var (
	turns = flag.Int("turns", 30_000, "how many turns TestRandomTurns takes; `make bench` takes a million")
	seed  = flag.Uint64("seed", 1, "of TestRandomTurns")
)

// Whatever people do, one thing after the other: there is always a question with a way out, an act or the end; the state
// can be stored; whoever looks around for help comes back; and from every thousandth place skipping alone leads to the end.
func TestRandomTurns(t *testing.T) {
	set := load(t)
	r := rand.New(rand.NewPCG(*seed, 1))
	env := flow.Env{Langs: []string{"en", "ar", "fr", "es", "bn"}, Help: country{}, Readers: func(kind string, facts flow.Facts) string {
		if kind == "support" && facts.Get("age") == "unknown" {
			return flow.ReadersNone
		}
		return readers(kind, facts)
	}}
	st, out := set.Begin("en", [4]byte{1}, env)
	var taps []flow.Tap
	begun, ends, filed, looked, around := 0, 0, map[string]int{}, map[string]int{}, visit{}
	for turn := range *turns {
		encoded := st.Append(nil)
		back, err := flow.Decode(encoded)
		if err != nil || !bytes.Equal(back.Append(nil), encoded) {
			t.Fatalf("turn %d: the state does not read back: %v", turn, err)
		}
		ask := out.Ask
		switch {
		case out.End || st.IsZero():
			ends++
			st, out = set.Begin("en", [4]byte{1}, env)
			begun = turn
			continue
		case out.Act.Do == flow.ActHide:
			st, out = set.Enter(flow.HideFlow, "en", [4]byte{1}, env)
			continue
		case out.Act.Do != "":
			if out.Act.Do == flow.ActFile {
				filed[out.Act.Kind]++
			}
			results := []string{flow.ResultOK, flow.ResultOK, flow.ResultOK, flow.ResultRefused, flow.ResultTrouble, flow.ResultConsent}
			st, out = set.Step(st, flow.Input{Kind: flow.InResult, Result: results[r.IntN(len(results))]}, env)
			continue
		}
		if ask.IsZero() {
			t.Fatalf("turn %d: a dead end", turn)
		}
		for _, w := range []string{flow.WordHide, flow.WordStop, flow.WordServices, flow.WordHelp} {
			if !ask.Offers(w) {
				t.Fatalf("turn %d: %s.%s does not offer %s", turn, ask.Flow, ask.Step, w)
			}
		}
		looks(t, turn, ask)
		if ask.Type == "place" || ask.Search != nil {
			looked[ask.Flow+"."+ask.Step]++
		}
		if turn%1000 == 0 {
			leaves(t, set, st, env)
		}
		for _, c := range ask.Choices {
			taps = append(taps, ask.Tap(c.Name))
		}
		if len(taps) > 200 {
			taps = taps[len(taps)-200:]
		}
		in := random(r, ask, taps)
		if turn-begun > 400 { // a conversation that long has seen enough: to its end
			in = onward(ask)
		}
		st, out = set.Step(st, in, env)
		around.sees(t, turn, ask, in, out)
	}
	t.Logf("%d conversations ended, filed %v, looked %v, %d visits came back", ends, filed, looked, around.n)
	if *turns >= 30_000 && around.n == 0 {
		t.Error("chance never looked around for help: it shows too little")
	}
	for _, step := range []string{"services.where", "services.find", "remedy.offices", "participate.groups"} {
		if *turns >= 30_000 && looked[step] == 0 {
			t.Errorf("chance never came to %s: it shows too little", step)
		}
	}
	for _, kind := range []string{"sea", "support", "child", "remedy", "participation", "feedback"} {
		if *turns >= 30_000 && filed[kind] == 0 {
			t.Errorf("chance never sent anything of the kind %s: it shows too little", kind)
		}
	}
}

// random does something: mostly what the question is for.
func random(r *rand.Rand, ask flow.Ask, taps []flow.Tap) flow.Input {
	switch n := r.IntN(100); {
	case n < 20 && ask.Type == "place":
		return typedPlace(r)
	case n < 70 && len(ask.Choices) > 0:
		name := ask.Choices[r.IntN(len(ask.Choices))].Name
		if ask.Several {
			return flow.Input{Kind: flow.InChoices, Choices: []string{name}}
		}
		return flow.Input{Kind: flow.InChoice, Choice: name}
	case n < 70:
		return flow.Input{Kind: flow.InText, Text: "some words", Late: r.IntN(5) == 0}
	case n < 80:
		words := []string{flow.WordSkip, flow.WordSkip, flow.WordDone, flow.WordDone, flow.WordBack, flow.WordServices, flow.WordHelp, flow.WordLanguage}
		return flow.Input{Kind: flow.InWord, Choice: words[r.IntN(len(words))]}
	case n < 88 && ask.Offers(flow.WordDone):
		return flow.Input{Kind: flow.InWord, Choice: flow.WordDone}
	case n < 92 && len(taps) > 0:
		return flow.Input{Kind: flow.InTap, Tap: taps[r.IntN(len(taps))]}
	case n < 94:
		return flow.Input{Kind: flow.InNumber, Number: int64(r.IntN(12)), Text: "7"}
	case n < 96:
		return flow.Input{Kind: flow.InRefused, Choice: "picture"}
	case n == 96 && r.IntN(20) == 0:
		return flow.Input{Kind: flow.InWord, Choice: []string{flow.WordHide, flow.WordStop}[r.IntN(2)]}
	}
	return flow.Input{Kind: flow.InWord, Choice: flow.WordSkip}
}

// typedPlace is a place in somebody's own words: in full, nearly, unknown, or a point on the map.
func typedPlace(r *rand.Rand) flow.Input {
	all := []string{"a-1", "a-2", "a-2-1", "a-3", "a-3-1-1", "a-11", "gone"}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	switch r.IntN(4) {
	case 0:
		return flow.Input{Kind: flow.InChoices, Choices: all[:1], Text: "a name"}
	case 1:
		return flow.Input{Kind: flow.InText, Text: "nowhere"}
	}
	return flow.Input{Kind: flow.InFound, Choices: all[:r.IntN(len(all))]}
}

// leaves holds a state to its promise: who only skips, and says no where no is needed, comes to the end.
func leaves(t *testing.T, set *flow.Set, st flow.State, env flow.Env) {
	t.Helper()
	var out flow.Out
	out.Ask = set.Look(st, env)
	for range 300 {
		switch {
		case out.End:
			return
		case out.Act.Do != "":
			st, out = set.Step(st, flow.Input{Kind: flow.InResult, Result: flow.ResultOK}, env)
		default:
			st, out = set.Step(st, onward(out.Ask), env)
		}
	}
	t.Fatalf("skipping leads nowhere: %s.%s", out.Ask.Flow, out.Ask.Step)
}

// onward is what brings a conversation forward without an answer.
func onward(ask flow.Ask) flow.Input {
	switch {
	case ask.Offers(flow.WordSkip), ask.Flow == "" && ask.Type != "language": // skip closes a built-in question
		return flow.Input{Kind: flow.InWord, Choice: flow.WordSkip}
	case ask.Type == "review":
		return flow.Input{Kind: flow.InChoice, Choice: "send"}
	case len(ask.Choices) > 0:
		return flow.Input{Kind: flow.InChoice, Choice: ask.Choices[len(ask.Choices)-1].Name}
	}
	return flow.Input{Kind: flow.InWord, Choice: flow.WordDone}
}
