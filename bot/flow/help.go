package flow

import "slices"

// Help is where help can be found, as far as a conversation must know it to go on. It must be pure for as long as a Step
// lasts. The names of areas follow isTag and are never one of the moves below; those of the list `areas` are known too.
type Help interface {
	Inside(area string) []string       // the areas directly within one, in the order in which they are read; "" for the outermost
	Around(area string) (string, bool) // the area around one, "" for an outermost; false: there is no such area
	Found(Search) int                  // how many services a look-up finds
}

// Search is what a step of type services looks up.
type Search struct {
	Kinds  []string // of service; none: every kind
	Area   string   // within this area; empty: everywhere
	Beyond string   // leave out what was shown for this area before
	From   int      // how many were shown before
	Facts  Facts    // what was answered so far in flows that file a report: nobody is sent to those whom she has accused
}

// Cards is how many services are shown at once: more would not be read on a small screen.
const Cards = 3

// AreasShown is how many areas stand under a question at once.
const AreasShown = 8

// placesList is the list under which an area of the directory is labelled.
const placesList = "places"

// What somebody can do at a list of areas or of services beside choosing. The moves made so far are what is kept while the
// question is open: each is one that Back takes back.
const (
	moveHere  = "here"   // this whole area, and not one within it
	moveMore  = "more"   // the next page
	moveWider = "wider"  // the area around
	moveOther = "other"  // another kind of service
	moveClose = "enough" // that is all
	moveFound = "?"      // in front of areas that what was typed, or a point on the map, may have meant
)

// maxMoves bounds the moves that are kept: the first ones are dropped.
const maxMoves = 40

// wanders says that the present question keeps moves.
func (t *turn) wanders() bool { return t.w.q.kind == kindPlace || t.w.q.kind == kindFind }

// made keeps the moves with one more, and asks again. What it is called stands where the buttons were.
func (t *turn) made(move string, shown []Option) {
	moves := append(slices.Clone(t.pieces()), move)
	moves = moves[max(0, len(moves)-maxMoves):]
	if !t.put(moves, flagOpen) {
		t.tooLong(0)
		return
	}
	t.out.Answered = shown
	t.st.aside = asideNone
	t.st.turn++
	t.w.walk() // answers have moved
	t.ask()
}

// unmade takes back the latest move.
func (t *turn) unmade() {
	k := t.flagged(flagOpen)
	a := t.st.answers[k]
	t.drop(k)
	if n := len(a.vals) - 1; n > 0 {
		a.vals = a.vals[:n]
		t.st.answers = append(t.st.answers, a)
	}
	t.st.turn++
	t.w.walk()
	t.ask()
}

// one gives the one answer to an earlier step of a frame; empty if there is none.
func (w *walker) one(f *frame, name string) string {
	for i, k := range w.passed[f.mark:] {
		a := &w.st.answers[k]
		if a.step == name && (int(a.at) == f.at || w.isLent(f.mark+i, w.depth-1)) && len(a.vals) == 1 {
			return a.vals[0]
		}
	}
	return ""
}
