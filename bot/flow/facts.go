package flow

import (
	"slices"
	"strconv"
	"strings"
)

// facts gathers what a flow on the stack, and the flows entered from it, were told so far.
func (w *walker) facts(f *frame) Facts { return w.since(f.mark) }

// since gathers what was told from a mark of the walk on.
func (w *walker) since(mark int) Facts {
	var out Facts
	for i, k := range w.passed[mark:] {
		a := &w.st.answers[k]
		if slices.Contains(w.passed[mark:mark+i], k) {
			continue // lent to a flow within: it was told once
		}
		s := w.stepOf(a)
		if s == nil || !s.reported() {
			continue
		}
		fact := Fact{Flow: s.flow, Step: a.step, Lang: a.lang, Consent: s.consent, Skipped: a.is(flagSkipped)}
		switch {
		case a.kind == kindText:
			fact.Text, fact.Voices = strings.Join(wordsOf(a.vals), "\n"), voicesOf(a.vals)
		case a.kind == kindLocation && !isPoint(a.vals):
			fact.Text = strings.Join(a.vals, "\n")
		default:
			fact.Values = append([]string(nil), a.vals...)
		}
		out = append(out, fact)
	}
	return out
}

// stepOf gives the step that an answer belongs to, if it is still there.
func (w *walker) stepOf(a *answer) *step {
	f := w.s.flows[w.st.places[a.at].flow]
	if f == nil {
		return nil
	}
	if i, ok := f.index[a.step]; ok {
		return &f.steps[i]
	}
	return nil
}

// items lists what a review at the top of the stack shows.
func (w *walker) items() []Item {
	var out []Item
	for i, k := range w.passed[w.top().mark:] {
		a := &w.st.answers[k]
		if slices.Contains(w.passed[w.top().mark:w.top().mark+i], k) {
			continue
		}
		if s := w.stepOf(a); s != nil && s.reported() {
			out = append(out, item(a, s))
		}
	}
	return out
}

func item(a *answer, s *step) Item {
	it := Item{Name: "a" + strconv.FormatUint(uint64(a.turn), 10), Flow: s.flow, Step: a.step, Title: s.titleKey, Skipped: a.is(flagSkipped)}
	switch a.kind {
	case kindChoice, kindChoices:
		it.Values = s.options(a.vals, true)
	case kindPlace:
		for _, v := range a.vals {
			it.Values = append(it.Values, Option{Name: v, List: placesList})
		}
	case kindText:
		it.Text, it.Voices = strings.Join(wordsOf(a.vals), "\n"), voicesOf(a.vals)
	default:
		it.Text = strings.Join(a.vals, "\n")
	}
	return it
}

// options gives the choices of a step as a person sees them; with only, those that were chosen.
func (s *step) options(chosen []string, only bool) []Option {
	n := len(s.choices)
	if only {
		n = len(chosen)
	}
	out := make([]Option, 0, n)
	for i := range s.choices {
		c := &s.choices[i]
		is := len(chosen) > 0 && has(chosen, c.name)
		if c.hidden || only && !is {
			continue
		}
		out = append(out, Option{Name: c.name, Key: c.key, List: c.list, Chosen: is})
	}
	return out
}

// isPoint tells a shared point from a place that was described.
func isPoint(vals []string) bool {
	if len(vals) != 1 {
		return false
	}
	lat, lon, two := strings.Cut(vals[0], ",")
	if !two {
		return false
	}
	_, err := strconv.ParseFloat(lat, 64)
	_, err2 := strconv.ParseFloat(lon, 64)
	return err == nil && err2 == nil
}

func number(vals []string) (int64, bool) {
	if len(vals) != 1 {
		return 0, false
	}
	n, err := strconv.ParseInt(vals[0], 10, 64)
	return n, err == nil
}

// skippable says that a step may be left out. A consent may be marked not to be; looking over and sending are no questions.
func skippable(s *step) bool {
	return !s.required && s.kind != kindReview && s.kind != kindFile
}
