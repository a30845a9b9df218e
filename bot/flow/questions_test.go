package flow

import (
	"reflect"
	"testing"
)

func TestQuestions(t *testing.T) {
	f, err := Parse("a.yaml", []byte(`flow: a
kind: sea
steps:
  - name: hello
    type: note
  - name: org
    type: choice
    choices: {list: organisations, also: [none]}
  - name: help
    type: choices
    choices: [health, legal]
  - name: story
    type: text
  - name: b
    type: flow
    flow: b
  - name: agree
    type: choice
    choices: [yes, no]
    consent: true
  - name: send
    type: file
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Question{
		{Step: "org", Choices: []string{"none"}, List: "organisations"},
		{Step: "help", Choices: []string{"health", "legal"}, Several: true},
		{Step: "story", Words: true},
		{Step: "agree", Choices: []string{"yes", "no"}, Consent: true},
	}
	if got := f.Questions(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}
