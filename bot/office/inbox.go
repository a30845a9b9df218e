package office

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/speech"
)

// How the buttons of an inbox are laid out. A few reports have a row each, which says what it does; many have their codes
// alone, three in a row, so that forty fit on a few screens of a small phone. A door takes a hundred buttons at most.
const (
	fewReports  = 8
	inRow       = 3
	mostButtons = 90
)

// inbox lists what has to be done, what is due first first, and says how much lies in the low tray. Nothing in it depends on
// what this person may not see.
func (v *visit) inbox(ctx context.Context) error {
	lines, low, err := v.trays(ctx)
	if err != nil {
		return err
	}
	if len(lines) > 0 {
		v.list(lines, v.text("staff.inbox.head", speech.Args{"Count": strconv.Itoa(len(lines))}))
	}
	switch {
	case len(low) > 0:
		v.reply.Outs = append(v.reply.Outs, bot.Outgoing{
			Lang: v.lang, Protect: true, Text: speech.Paragraph(v.lang, v.lowHead(low)),
			Rows: [][]bot.Choice{{{Label: v.text("staff.button.tray", nil), Data: "s:tray:"}}},
		})
	case len(lines) == 0:
		v.say("staff.inbox.empty", nil)
	}
	v.askToSeal(append(lines, low...))
	return nil
}

// mostSeals is of how many reports an inbox says that they are to be sealed again: the next come up when these are done.
const mostSeals = 3

func (v *visit) askToSeal(lines []casework.Line) {
	said := 0
	for _, l := range lines {
		if l.Seal && said < mostSeals {
			v.say("staff.notice.reseal", speech.Args{"Code": l.Code})
			said++
		}
	}
}

// mostLow is how many reports of the low tray are listed, the urgent ones first: after each that is acknowledged the next
// comes up.
const mostLow = 24

// tray lists the low tray.
func (v *visit) tray(ctx context.Context) error {
	_, low, err := v.trays(ctx)
	if err != nil {
		return err
	}
	if len(low) == 0 {
		v.say("staff.inbox.empty", nil)
		return nil
	}
	v.list(low[:min(len(low), mostLow)], v.lowHead(low))
	return nil
}

func (v *visit) lowHead(low []casework.Line) string {
	return v.text("staff.inbox.tray", speech.Args{"Count": strconv.Itoa(len(low))})
}

// trays parts an inbox into what lies in the low tray, which stands last in it, and the rest.
func (v *visit) trays(ctx context.Context) (lines, low []casework.Line, err error) {
	all, err := v.Registry.Inbox(ctx, v.me.ID)
	at := slices.IndexFunc(all, func(l casework.Line) bool { return l.Tray != "" })
	if err != nil || at < 0 {
		return all, nil, err
	}
	return all[:at], all[at:], nil
}

func (v *visit) list(lines []casework.Line, head string) {
	text := []string{head}
	for _, l := range lines {
		text = append(text, v.line(l))
	}
	out := bot.Outgoing{Lang: v.lang, Protect: true, Rows: v.readButtons(lines)}
	if len(lines) > fewReports {
		text = append(text, "", v.text("staff.inbox.codes", nil))
	}
	out.Rows = append(out.Rows, []bot.Choice{{Label: v.text("staff.button.recuse.one", nil), Data: "s:out:"}})
	out.Text = speech.Paragraph(v.lang, strings.Join(text, "\n"))
	v.reply.Outs = append(v.reply.Outs, out)
}

func (v *visit) line(l casework.Line) string {
	due := "–"
	if !l.Due.IsZero() {
		due = l.Due.In(v.Zone).Format("2006-01-02 15:04")
	}
	line := v.text("staff.inbox.line", speech.Args{"Code": l.Code, "State": v.text("staff.state."+l.State, nil), "Deadline": due})
	if l.Late {
		line += " · " + v.text("staff.time.overdue", nil)
	}
	if l.Urgent {
		line += " · " + v.text("staff.urgency.urgent", nil)
	}
	return line
}

func (v *visit) readButtons(lines []casework.Line) (rows [][]bot.Choice) {
	if len(lines) > fewReports {
		return codeButtons(lines, "s:read:")
	}
	for _, l := range lines {
		rows = append(rows, []bot.Choice{{Label: l.Code + " · " + v.text("staff.button.read", nil), Data: "s:read:" + l.Code}})
	}
	return rows
}

// codeButtons gives a button for each code, as many as a door takes: those that are due first.
func codeButtons(lines []casework.Line, head string) (rows [][]bot.Choice) {
	for i, l := range lines[:min(len(lines), mostButtons)] {
		if i%inRow == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], bot.Choice{Label: l.Code, Data: head + l.Code})
	}
	return rows
}
