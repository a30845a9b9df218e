package flow

import "testing"

// laterFlow asks for something that comes later, and what belongs to it.
const laterFlow = `flow: start
steps:
  - {name: a, type: choice, choices: [x]}
  - {name: line, type: choice, choices: [yes, no], later: true}
  - {name: hours, type: choice, choices: [day, night], relevant: line = yes}
  - {name: end_of_it, type: choice, choices: [x]}
`

func TestWhatComesLater(t *testing.T) {
	c := newTalk(t, inline(t, laterFlow))
	c.choose("x").asks("start.line").choose("yes").asks("start.hours").choose("day").asks("start.end_of_it")
	c = newTalk(t, inline(t, laterFlow))
	c.env.Mute = true
	c.choose("x").asks("start.end_of_it").word(WordBack).asks("start.a")
}
