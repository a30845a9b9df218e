package chat

import (
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/directory"
	"amana/bot/directory/tell"
	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/speech"
)

// helper tells a step what it may know of areas and services. The directory stays the same for the whole of a turn,
// although an import may put another in force at any time.
type helper struct{ *turn }

// Inside gives the areas directly within one.
func (h helper) Inside(area string) []string { return h.guide.Inside(area) }

// Around gives the area around one.
func (h helper) Around(area string) (string, bool) { return h.guide.Around(area) }

// Found says how many services a look-up finds.
func (h helper) Found(s flow.Search) int { return h.find(s).Total }

func (t *turn) find(s flow.Search) directory.Result { return t.guide.Find(t.query(s)) }

func (t *turn) query(s flow.Search) guide.Query {
	q := guide.Query{Kinds: s.Kinds, Area: s.Area, Beyond: s.Beyond, Lang: t.lang(), From: s.From, Limit: flow.Cards}
	if t.Mission.NoPolice != nil {
		q.NoPolice = t.Mission.NoPolice(t.told(t.facts(s.Facts, false)))
	}
	return q
}

// withheld says that something is there, and only not for whoever has just accused the police: nothing is missing then, and
// nobody is told so.
func (t *turn) withheld(s flow.Search) bool {
	q := t.query(s)
	if !q.NoPolice {
		return false
	}
	q.NoPolice = false
	return t.guide.Find(q).Total > 0
}

// cards says what a look-up found. Where that is nothing it says so, and whom to call all the same; and that nothing was
// found is counted, once, for the map of what is missing.
func (t *turn) cards(q flow.Ask) (out []string) {
	found := t.find(*q.Search)
	if found.Total == 0 {
		if !t.guide.Empty() && !t.withheld(*q.Search) {
			out = append(out, t.text("word.cards.none", nil))
			t.missed(*q.Search)
		}
		lines := t.Mission.Lines(t.lang(), t.outer(q.Search.Area), t.told(t.facts(q.Search.Facts, false)))
		if len(lines) > 0 && len(out) > 0 {
			out = append(out, t.text("word.cards.call", nil))
		}
		return append(out, lines...)
	}
	if t.looksAnew(*q.Search) {
		t.commit.Sought = &bot.Sought{Kinds: q.Search.Kinds, Area: t.outer(q.Search.Area)}
	}
	words := tell.Words(t.Book)
	if t.Mission.Words != nil {
		words = t.Mission.Words
	}
	teller := tell.New(words, t.lang())
	for _, h := range found.Hits {
		org, _ := t.guide.Organisation(h.Org)
		var where []string
		if !h.Place.Redacted {
			where = t.guide.Where(t.lang(), h.Place.Area)
		}
		out = append(out, speech.Paragraph(t.lang(), teller.Card(h, org, where, t.Now())))
	}
	if err := teller.Err(); err != nil && t.fault == nil {
		t.fault = err
	}
	return out
}

// missed notes a gap, unless it is the one that was on the screen already.
func (t *turn) missed(s flow.Search) {
	if t.looksAnew(s) {
		t.commit.Gap = &bot.Gap{Kinds: s.Kinds, Area: t.outer(s.Area)}
	}
}

// looksAnew says that this look-up was not on the screen already.
func (t *turn) looksAnew(s flow.Search) bool {
	was := t.set().Looking(t.before.state, t.env())
	return was == nil || was.Area != s.Area || was.Beyond != s.Beyond || !slices.Equal(was.Kinds, s.Kinds)
}

// outer gives the mission's own area in which an area of the directory lies.
func (t *turn) outer(area string) string {
	if t.guide == nil || area == "" {
		return area
	}
	return t.guide.Outer(area)
}

// placeName names an area with those around it, for a report. False where the answer is no area of the directory.
func (t *turn) placeName(values []string) (string, bool) {
	if t.guide == nil || len(values) != 1 || !strings.HasPrefix(values[0], guide.Prefix) {
		return "", false
	}
	if path := t.guide.Path(t.lang(), values[0]); len(path) > 0 {
		return strings.Join(path, " / "), true
	}
	return "", false
}

// typedPlace finds which area was meant. What is shown goes first; then any area, also by a near spelling, which is shown
// before it counts.
func (t *turn) typedPlace(q flow.Ask, in flow.Input) flow.Input {
	if name, how, ok := t.Book.Match(t.lang(), t.in.Text, t.options(q)); ok && how != speech.Guess {
		in.Kind, in.Choice = flow.InChoice, name
		return in
	}
	areas, sure := t.guide.Spelled(t.Book, t.lang(), t.in.Text)
	switch {
	case sure && len(areas) == 1:
		in.Kind, in.Choices = flow.InChoices, areas
	case len(areas) > 0:
		in.Kind, in.Choices = flow.InFound, areas
	}
	return in
}
