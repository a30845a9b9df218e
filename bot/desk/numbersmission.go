package desk

import (
	"context"

	"amana/bot/speech"
	"amana/bot/tally"
	"amana/bot/ticket"
)

// mission adds what was last published of the whole mission. It is the same for everybody and was made on its day, so it
// counts no report from which somebody is kept out, and nothing that came since (bot/tally).
func (w *counting) mission(ctx context.Context) error {
	all, err := w.Registry.Published(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	p := all[len(all)-1]
	named := func(head string) func(string) string {
		return func(word string) string { return w.say(head + word) }
	}
	w.published(p.Period, "kind", "desk.kind", p.Received["kind"], named("staff.kind."))
	w.published(p.Period, "area", "desk.area", p.Received["area"], w.area)
	states := map[string]ticket.State{
		"received": ticket.Received, "acknowledged": ticket.Read, "referred": ticket.Referred, "confirmed": ticket.Confirmed, "closed": ticket.Closed,
	}
	done := tally.Published{Total: tally.Number{Hidden: true}}
	for _, s := range p.Steps {
		if state, ok := states[s.Name]; ok {
			done.Rows, done.Cells = append(done.Rows, string(state)), append(done.Cells, []tally.Number{s.Passed})
		}
	}
	w.published(p.Period, "state", "desk.state", done, named("staff.state."))
	return nil
}

// published adds one list of a publication, with its picture.
func (w *counting) published(period, id, titled string, list tally.Published, name func(string) string) {
	hidden, by := w.say("desk.numbers.hidden"), w.say(titled)
	title := w.say("desk.numbers.mission") + " · " + period + " · " + by
	table := numberTable{ID: "mission-" + id, Title: title, Columns: []string{by, w.say("desk.nav.reports")}}
	chart := tally.Chart{ID: "chart-mission-" + id, Title: title, Hidden: hidden, Lang: w.in, RTL: speech.Direction(w.in) == "rtl"}
	for i, row := range list.Rows {
		label := name(row)
		table.Rows = append(table.Rows, []string{label, list.Cells[i][0].Say(hidden)})
		chart.Bars = append(chart.Bars, tally.Bar{Label: label, Number: list.Cells[i][0]})
	}
	if id != "state" { // steps of one report are counted in several rows, and have no sum
		table.Rows = append(table.Rows, []string{w.say("desk.filter.all"), list.Total.Say(hidden)})
	}
	w.page.Tables = append(w.page.Tables, table)
	w.page.Charts = append(w.page.Charts, numberChart{ID: table.ID, SVG: chart.SVG()})
}
