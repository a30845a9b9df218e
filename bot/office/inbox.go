package office

import (
	"context"
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

// inbox lists what has to be done, what is due first first. Nothing in it depends on what this person may not see.
func (v *visit) inbox(ctx context.Context) error {
	lines, err := v.Registry.Inbox(ctx, v.me.ID)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		v.say("staff.inbox.empty", nil)
		return nil
	}
	text := []string{v.text("staff.inbox.head", speech.Args{"Count": strconv.Itoa(len(lines))})}
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
	return nil
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
