package flows_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"amana/bot/flow"
)

// country is a small directory for walks: eleven areas, of which the second holds three and the third a row of single ones,
// and the areas of the lists. Nothing is found for legal help in the first, one page or several elsewhere.
type country struct{}

// Inside gives the areas directly within one.
func (country) Inside(area string) (out []string) {
	switch area {
	case "":
		for i := range flow.AreasShown + 3 {
			out = append(out, "a-"+strconv.Itoa(i+1))
		}
	case "a-2":
		return []string{"a-2-1", "a-2-2", "a-2-3"}
	case "a-3", "a-3-1":
		return []string{area + "-1"}
	}
	return out
}

// Around gives the area around one.
func (c country) Around(area string) (string, bool) {
	if area == "block_a" || area == "town" {
		return "a-2", true
	}
	if at := strings.LastIndexByte(area, '-'); at > len("a") && slices.Contains(c.Inside(area[:at]), area) {
		return area[:at], true
	}
	return "", slices.Contains(c.Inside(""), area)
}

// Found says how many services a look-up finds: more, the larger the area.
func (country) Found(s flow.Search) int {
	n := 2*flow.Cards + 1
	switch {
	case slices.Contains(s.Kinds, "legal") && s.Area == "a-1":
		return 0
	case s.Beyond != "":
		n = flow.Cards
	case s.Area != "":
		n = 2 * flow.Cards
	}
	return n
}

// visit is a look around for help in the middle of something else.
type visit struct {
	from flow.Ask // the question that was left; zero: nobody is on a visit
	n    int      // how many came back to their question
}

// sees follows a visit from question to question: however long it is, and whatever is asked there, it comes back to the
// question that was left, unless a button of something else was pressed.
func (v *visit) sees(t *testing.T, turn int, before flow.Ask, in flow.Input, out flow.Out) {
	t.Helper()
	switch {
	case v.from.IsZero():
		if in.Kind == flow.InWord && in.Choice == flow.WordServices && out.Ask.Flow == flow.ServicesFlow && before.Flow != flow.ServicesFlow && before.Flow != "" {
			v.from = before
		}
	case in.Kind == flow.InTap || out.End || out.Act.Do != "" || out.Ask.IsZero():
		v.from = flow.Ask{}
	case out.Ask.Flow == flow.ServicesFlow || out.Ask.Flow == "":
	default:
		if a := out.Ask; a.Flow != v.from.Flow || a.Step != v.from.Step || a.Partial != v.from.Partial || len(a.Choices) != len(v.from.Choices) {
			t.Fatalf("turn %d: a visit from %s.%s with %d messages comes back to %s.%s with %d", turn, v.from.Flow, v.from.Step, v.from.Partial, a.Flow, a.Step, a.Partial)
		}
		v.from = flow.Ask{}
		v.n++
	}
}

// looks holds a look-up to what can be shown: an area that there is, and a page that is not behind the last.
func looks(t *testing.T, turn int, ask flow.Ask) {
	t.Helper()
	s := ask.Search
	if s == nil {
		return
	}
	if _, known := (country{}).Around(s.Area); s.Area != "" && !known || s.From%flow.Cards != 0 || s.From > 0 && s.From >= ask.Found || ask.Found != (country{}).Found(*s) {
		t.Fatalf("turn %d: %s.%s looks for %+v of %d", turn, ask.Flow, ask.Step, *s, ask.Found)
	}
	for _, f := range s.Facts {
		if f.Flow == flow.ServicesFlow {
			t.Fatalf("turn %d: what was looked for is among what was told: %+v", turn, f)
		}
	}
}
