package flow

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func parseFile(tb testing.TB, file string) *Flow {
	tb.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	f, err := Parse(filepath.Base(file), src)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

var richLists = []List{{"organisations", []string{"north_aid", "well_fund"}}, {"areas", []string{"camp_one", "camp_two"}}}

// richFlows reads the flows of testdata/rich; every kind of step is among them.
func richFlows(tb testing.TB) []*Flow {
	tb.Helper()
	files, err := filepath.Glob("testdata/rich/*.yaml")
	if err != nil || len(files) != 6 {
		tb.Fatalf("flows of testdata/rich: %v %v", files, err)
	}
	var flows []*Flow
	for _, file := range files {
		flows = append(flows, parseFile(tb, file))
	}
	return flows
}

func richSet(tb testing.TB) *Set { return setOf(tb, richFlows(tb), richLists) }

func setOf(tb testing.TB, flows []*Flow, lists []List) *Set {
	tb.Helper()
	s, err := NewSet(flows, lists)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// inline makes a set of flows written in a test; each begins with its "flow:" line.
func inline(tb testing.TB, sources ...string) *Set {
	tb.Helper()
	var flows []*Flow
	for i, src := range sources {
		f, err := Parse(fmt.Sprintf("inline%d.yaml", i), []byte(src))
		if err != nil {
			tb.Fatal(err)
		}
		flows = append(flows, f)
	}
	return setOf(tb, flows, richLists)
}

var testEnv = Env{Langs: []string{"en", "ar"}}

// helpEnv knows areas and services as well, and a door that brings voice messages.
var helpEnv = Env{Langs: testEnv.Langs, Help: sampleHelp{}, Voice: true}

// talk is a conversation under test. Every turn goes through the encoding, and every answer must leave a way out.
type talk struct {
	tb  testing.TB
	s   *Set
	env Env
	st  State
	out Out
}

func newTalk(tb testing.TB, s *Set) *talk {
	tb.Helper()
	c := &talk{tb: tb, s: s, env: testEnv}
	c.st, c.out = s.Begin("en", [4]byte{9, 8, 7, 6}, c.env)
	c.sound()
	return c
}

// do steps, and checks what must hold of every step.
func (c *talk) do(in Input) *talk {
	c.tb.Helper()
	before := c.st.Append(nil)
	st, err := Decode(before)
	if err != nil {
		c.tb.Fatalf("a state that Step gave is refused: %v", err)
	}
	next, out := c.s.Step(st, in, c.env)
	twin, same := c.s.Step(st, in, c.env)
	if !bytes.Equal(st.Append(nil), before) {
		c.tb.Fatalf("Step changed the state that it was given")
	}
	if !bytes.Equal(next.Append(nil), twin.Append(nil)) || !reflect.DeepEqual(out, same) {
		c.tb.Fatalf("the same in gave two different answers")
	}
	c.st, c.out = next, out
	c.sound()
	return c
}

// sound checks the latest answer: a question with a way out, an Act or the end; and a state that can be stored.
func (c *talk) sound() {
	c.tb.Helper()
	if problem := soundness(c.s, c.st, c.out, c.env); problem != "" {
		c.tb.Fatal(problem)
	}
}

func soundness(s *Set, st State, out Out, env Env) string {
	encoded := st.Append(nil)
	if len(encoded) > MaxState {
		return fmt.Sprintf("the state has %d bytes", len(encoded))
	}
	back, err := Decode(encoded)
	if err != nil {
		return "the state cannot be read back"
	}
	if !bytes.Equal(back.Append(nil), encoded) {
		return "the state reads back as another"
	}
	asks := !out.Ask.IsZero()
	switch {
	case !asks && out.Act.Do == "" && !out.End:
		return "neither question nor Act nor end: a dead end"
	case asks && (out.Act.Do != "" || out.End):
		return "a question beside an Act or the end"
	case out.End != st.IsZero():
		return "the end and the state do not agree"
	}
	for _, say := range out.Say {
		if say.Key == "" {
			return "a sentence without a key"
		}
	}
	if !asks {
		return ""
	}
	look := s.Look(st, env)
	if !reflect.DeepEqual(look, out.Ask) {
		return fmt.Sprintf("Look sees another question:\n%+v\n%+v", look, out.Ask)
	}
	for _, word := range []string{WordServices, WordHide, WordStop, WordHelp} {
		if !out.Ask.Offers(word) {
			return fmt.Sprintf("%s does not offer %s", out.Ask.Key, word)
		}
	}
	if out.Ask.Key == "" || out.Ask.Step == "" {
		return "a question without a name"
	}
	for _, o := range out.Ask.Choices {
		data := out.Ask.Tap(o.Name).Data()
		if tap, ok := ParseTap(data); len(data) > MaxTap || !ok || tap.Choice != o.Name || tap.Step != out.Ask.Step {
			return fmt.Sprintf("the button of %q does not come back", o.Name)
		}
	}
	return ""
}

func (c *talk) choose(names ...string) *talk {
	c.tb.Helper()
	for _, n := range names {
		c.do(Input{Kind: InChoice, Choice: n, Text: n})
	}
	return c
}

func (c *talk) several(names ...string) *talk {
	c.tb.Helper()
	return c.do(Input{Kind: InChoices, Choices: names})
}

func (c *talk) write(texts ...string) *talk {
	c.tb.Helper()
	for _, text := range texts {
		c.do(Input{Kind: InText, Text: text})
	}
	return c
}

func (c *talk) word(words ...string) *talk {
	c.tb.Helper()
	for _, w := range words {
		c.do(Input{Kind: InWord, Choice: w})
	}
	return c
}

func (c *talk) tap(t Tap) *talk {
	c.tb.Helper()
	parsed, ok := ParseTap(t.Data())
	if !ok {
		c.tb.Fatalf("the tap %q does not parse", t.Data())
	}
	return c.do(Input{Kind: InTap, Tap: parsed})
}

func (c *talk) result(r string) *talk {
	c.tb.Helper()
	return c.do(Input{Kind: InResult, Result: r})
}

// asks checks the present question by its key.
func (c *talk) asks(key string) *talk {
	c.tb.Helper()
	if c.out.Ask.Key != key {
		c.tb.Fatalf("asks %q with %v, want %q", c.out.Ask.Key, c.said(), key)
	}
	return c
}

// says checks all sentences before the question.
func (c *talk) says(keys ...string) *talk {
	c.tb.Helper()
	if !slices.Equal(c.said(), keys) {
		c.tb.Fatalf("says %v before %q, want %v", c.said(), c.out.Ask.Key, keys)
	}
	return c
}

func (c *talk) said() []string {
	var keys []string
	for _, s := range c.out.Say {
		keys = append(keys, s.Key)
	}
	return keys
}

func (c *talk) acts(do string) Act {
	c.tb.Helper()
	if c.out.Act.Do != do {
		c.tb.Fatalf("acts %q and asks %q, want the act %q", c.out.Act.Do, c.out.Ask.Key, do)
	}
	return c.out.Act
}

func (c *talk) ends() {
	c.tb.Helper()
	if !c.out.End || !c.st.IsZero() {
		c.tb.Fatalf("asks %q, want the end", c.out.Ask.Key)
	}
}

// plain writes facts in one line: step=value,value or step:"text" or step- for what was left out.
func plain(facts Facts) string {
	var parts []string
	for _, f := range facts {
		switch {
		case f.Skipped:
			parts = append(parts, f.Step+"-")
		case f.Text != "":
			parts = append(parts, fmt.Sprintf("%s:%q", f.Step, f.Text))
		default:
			parts = append(parts, f.Step+"="+strings.Join(f.Values, ","))
		}
	}
	return strings.Join(parts, " ")
}
