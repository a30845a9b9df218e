package office

import (
	"context"
	"errors"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/speech"
)

// stepBack hears "I should not read this". It is asked once more, since what it does cannot be undone here: the report
// is then one that never existed for this person, and every later answer about it is the one for no such code.
func (v *visit) stepBack(ctx context.Context, code string) error {
	if code == "" {
		return v.whichReport(ctx)
	}
	if err := v.Registry.MayRecuse(ctx, v.me.ID, code); err != nil {
		return v.lastReader(err, code)
	}
	v.reply.Outs = append(v.reply.Outs, bot.Outgoing{
		Text: speech.Paragraph(v.lang, v.text("staff.recuse.ask", speech.Args{"Code": code})), Lang: v.lang, Protect: true,
		Rows: [][]bot.Choice{
			{{Label: v.text("staff.recuse.yes", nil), Data: "s:outyes:" + code}},
			{{Label: v.text("staff.recuse.no", nil), Data: "s:outno:" + code}},
		},
	})
	return nil
}

// steppedBack does it.
func (v *visit) steppedBack(ctx context.Context, code string) error {
	if err := v.Registry.Recuse(ctx, v.me.ID, code); err != nil {
		return v.lastReader(err, code)
	}
	v.say("staff.recuse.done", speech.Args{"Code": code})
	return nil
}

// stays answers whoever thought better of it. Of a report that is not theirs they learn nothing.
func (v *visit) stays(ctx context.Context, code string) error {
	err := v.Registry.MayRecuse(ctx, v.me.ID, code)
	if err != nil && !errors.Is(err, casework.ErrLastReader) {
		return err
	}
	v.say("staff.recuse.kept", speech.Args{"Code": code})
	return nil
}

// lastReader says what to do when nobody else could read the report.
func (v *visit) lastReader(err error, code string) error {
	if !errors.Is(err, casework.ErrLastReader) {
		return err
	}
	v.say("staff.recuse.last", speech.Args{"Code": code})
	return nil
}

// whichReport asks from which of the open reports somebody steps back.
func (v *visit) whichReport(ctx context.Context) error {
	lines, err := v.Registry.Inbox(ctx, v.me.ID)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		v.say("staff.inbox.empty", nil)
		return nil
	}
	v.reply.Outs = append(v.reply.Outs, bot.Outgoing{
		Text: speech.Paragraph(v.lang, v.text("staff.recuse.which", nil)), Lang: v.lang, Protect: true, Rows: codeButtons(lines, "s:out:"),
	})
	return nil
}
