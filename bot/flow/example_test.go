package flow_test

import (
	"fmt"

	"amana/bot/flow"
)

// A flow is read, and a conversation stepped through. What is said comes by key; what is kept is a few bytes.
func Example() {
	f, err := flow.Parse("start.yaml", []byte(`
flow: start
steps:
  - name: safe
    type: choice
    choices: [yes, no]
    goto: {no: later}
  - name: welcome
    type: note
  - name: story
    type: text
  - name: later
    type: note
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := flow.NewSet([]*flow.Flow{f}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	state, out := set.Begin("en", [4]byte{1, 2, 3, 4}, flow.Env{})
	fmt.Println("asks", out.Ask.Key, "offers", out.Ask.Words)

	stored := state.Append(nil)
	state, _ = flow.Decode(stored)
	_, out = set.Step(state, flow.Input{Kind: flow.InChoice, Choice: "yes"}, flow.Env{})
	fmt.Println("says", out.Say[0].Key, "and asks", out.Ask.Key)

	_, err = flow.Parse("bad.yaml", []byte("flow: start\nsteps:\n  - {name: a, type: choice, choices: [x], required: true}\n"))
	fmt.Println(err)
	// Output:
	// asks start.safe offers [skip services hide stop help]
	// says start.welcome and asks start.story
	// bad.yaml:3: step a is required, but only a consent may be: every other question can be skipped; take required out, or mark the step consent: true if it is one
	// 	3 | - {name: a, type: choice, choices: [x], required: true}
}
