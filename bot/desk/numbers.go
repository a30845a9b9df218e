package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"amana/bot/casework"
	"amana/bot/speech"
	"amana/bot/tally"
	"amana/bot/ticket"
)

// Gap is something that people looked for this month and did not find, as people read it; empty is any. It says nothing
// about who asked.
type Gap struct {
	Kind, Area string
	Times      int
}

// numbersPage is the numbers of one person.
type numbersPage struct {
	Tables []numberTable `json:"tables"`
	Charts []numberChart `json:"charts"`
	Few    bool          `json:"few"` // there are too few reports to say anything about them
}

// numberTable is a table in words. The first column of a row says what was counted.
type numberTable struct {
	ID      string     `json:"id"`
	Title   string     `json:"title"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// numberChart is a picture of the table of the same id.
type numberChart struct {
	ID  string `json:"id"`
	SVG string `json:"svg"`
}

// getNumbers counts what the person who looks may see, and nothing else: what they may not see is in no list and no trail
// that the registry gives them, so it is in no number either.
func getNumbers(ctx context.Context, a *asked) (any, error) {
	lines, err := a.Registry.Desk(ctx, a.me.Person, true)
	if err != nil {
		return nil, err
	}
	w := &counting{asked: a, in: a.lang(), lines: lines, page: numbersPage{Tables: []numberTable{}, Charts: []numberChart{}}}
	if a.Lists != nil {
		w.areas = a.Lists(w.in)["areas"]
	}
	if w.page.Few = len(lines) < tally.Fewest; !w.page.Few {
		w.lists()
		if err := w.waits(ctx); err != nil {
			return nil, err
		}
	}
	if err := w.gaps(ctx); err != nil {
		return nil, err
	}
	if err := w.mission(ctx); err != nil {
		return nil, err
	}
	return w.page, w.err
}

// counting is one page on its way. The first text that is missing stays in err.
type counting struct {
	*asked
	in    string // the language
	areas map[string]string
	lines []casework.Line
	page  numbersPage
	err   error
}

func (w *counting) say(key string) string {
	text, err := w.Book.Text(w.in, key, nil)
	if err != nil && w.err == nil {
		w.err = err
	}
	return text
}

// lists counts reports by one thing at a time: lists share only their total, so they give nothing of each other away.
func (w *counting) lists() {
	named := func(head string) func(string) string {
		return func(word string) string { return w.say(head + word) }
	}
	var kinds []string
	for _, k := range ticket.Kinds() {
		kinds = append(kinds, string(k))
	}
	states := []string{"received", "read", "referred", "confirmed", "closed", "withdrawn"}
	urgencies := []string{string(ticket.Urgent), string(ticket.Normal)}
	w.list("kind", "desk.kind", kinds, named("staff.kind."), func(l casework.Line) string { return l.Kind })
	w.list("state", "desk.state", states, named("staff.state."), func(l casework.Line) string { return l.State })
	w.list("urgency", "desk.urgency", urgencies, named("staff.urgency."), func(l casework.Line) string { return l.Urgency })
	w.list("area", "desk.area", nil, w.area, func(l casework.Line) string { return l.Area })
	w.list("month", "desk.month", w.months(), func(month string) string { return month }, func(l casework.Line) string { return monthOf(l.Day) })
}

// list counts by one thing. First says in which order words stand; others follow in the order of their names.
func (w *counting) list(id, titled string, first []string, name func(string) string, of func(casework.Line) string) {
	var rows []string
	for _, l := range w.lines {
		if word := of(l); !slices.Contains(rows, word) {
			rows = append(rows, word)
		}
	}
	at := func(word string) int {
		if i := slices.Index(first, word); i >= 0 {
			return i
		}
		return len(first)
	}
	slices.SortFunc(rows, func(a, b string) int { return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(name(a), name(b))) })
	if id == "month" { // a month without reports is one of them
		rows = first
	}
	counts := tally.NewTable(rows, nil)
	for _, l := range w.lines {
		counts.Add(of(l), "", 1)
	}
	shown, hidden := counts.Publish(), w.say("desk.numbers.hidden")
	title, reports := w.say(titled), w.say("desk.nav.reports")
	table := numberTable{ID: id, Title: title, Columns: []string{title, reports}}
	chart := tally.Chart{ID: "chart-" + id, Title: reports + " · " + title, Hidden: hidden, Lang: w.in, RTL: speech.Direction(w.in) == "rtl"}
	for i, row := range shown.Rows {
		label := name(row)
		table.Rows = append(table.Rows, []string{label, shown.Cells[i][0].Say(hidden)})
		chart.Bars = append(chart.Bars, tally.Bar{Label: label, Number: shown.Cells[i][0]})
	}
	table.Rows = append(table.Rows, []string{w.say("desk.filter.all"), shown.Total.Say(hidden)})
	w.page.Tables = append(w.page.Tables, table)
	w.page.Charts = append(w.page.Charts, numberChart{ID: id, SVG: chart.SVG()})
}

func (w *counting) area(name string) string {
	if name == "" {
		return w.say("open.skipped")
	}
	return cmp.Or(w.areas[name], name)
}

// monthOf names a month so that it reads the same in every script.
func monthOf(d ticket.Day) string { return d.Time().UTC().Format("2006-01") }

// months lists all months from the first report to the last. None is left out: the total would say how many are in it.
func (w *counting) months() (all []string) {
	first, last := w.lines[0].Day, w.lines[0].Day
	for _, l := range w.lines {
		first, last = min(first, l.Day), max(last, l.Day)
	}
	at := last.Time().UTC()
	at = time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	for at.Format("2006-01") >= monthOf(first) {
		all = append(all, at.Format("2006-01"))
		at = at.AddDate(0, -1, 0)
	}
	slices.Reverse(all)
	return all
}

// waits tells how many days passed until somebody acknowledged a report, or answered it at once. The trail of a report
// knows days, and nothing finer. How many they were is not said: beside the list by urgency it would say how many wait.
func (w *counting) waits(ctx context.Context) error {
	took := map[string][]int{}
	for _, l := range w.lines {
		trail, err := w.Registry.ReportTrail(ctx, w.me.Person, l.Code)
		if errors.Is(err, casework.ErrUnknown) || errors.Is(err, casework.ErrBroken) {
			continue // it has gone meanwhile, or says nothing that counts
		}
		if err != nil {
			return err
		}
		at := slices.IndexFunc(trail, func(t casework.Trace) bool { return t.Did == "acknowledged" || t.Did == "answered" })
		if at >= 0 {
			took[l.Urgency] = append(took[l.Urgency], max(0, int(trail[at].Day-l.Day)))
		}
	}
	hidden := w.say("desk.numbers.hidden")
	table := numberTable{ID: "wait", Title: w.say("desk.numbers.wait"), Columns: []string{
		w.say("desk.urgency"), w.say("desk.numbers.median"), w.say("desk.numbers.p90"),
	}}
	for _, u := range []ticket.Urgency{ticket.Urgent, ticket.Normal} {
		s := tally.NewSpread(took[string(u)])
		row := []string{w.say("staff.urgency." + string(u)), hidden, hidden}
		if s.Known {
			row[1], row[2] = strconv.Itoa(s.Median), strconv.Itoa(s.P90)
		}
		table.Rows = append(table.Rows, row)
	}
	w.page.Tables = append(w.page.Tables, table)
	return nil
}

// gaps tells what people looked for and did not find. Those that are told exactly come first; the others in the order of
// their names, so that their order says nothing.
func (w *counting) gaps(ctx context.Context) error {
	if w.Gaps == nil {
		return nil
	}
	gaps, err := w.Gaps(ctx, w.in)
	if err != nil || len(gaps) == 0 {
		return err
	}
	told := func(g Gap) int { return tally.Shown(g.Times).N }
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(told(b), told(a)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Area, b.Area))
	})
	few, all := w.say("desk.numbers.few"), w.say("desk.filter.all")
	table := numberTable{ID: "gaps", Title: w.say("desk.numbers.gaps"), Columns: []string{
		w.say("word.services"), w.say("desk.area"), w.say("desk.numbers.times"),
	}}
	for _, g := range gaps[:min(len(gaps), mostGaps)] {
		table.Rows = append(table.Rows, []string{cmp.Or(g.Kind, all), cmp.Or(g.Area, all), tally.Shown(g.Times).Say(few)})
	}
	w.page.Tables = append(w.page.Tables, table)
	return nil
}

// mostGaps is how many gaps a page lists.
const mostGaps = 30
