package chat

import (
	"context"
	"strings"

	"amana/bot"
	"amana/bot/speech"
)

// showClosing shows the receipt that was not yet confirmed as shown, before anything else.
func (t *turn) showClosing() {
	if c := t.recall.Closing; c != nil {
		t.reply.Outs = append(t.reply.Outs, t.receipt(*c))
	}
}

// sent puts the receipt in front of what is said after a filing. A filing that an earlier try had committed already has
// its receipt in the closing record.
func (t *turn) sent(ctx context.Context, done bot.Done) error {
	closing := &bot.Closing{Receipt: done.Receipt, Lang: t.lang()}
	if done.Receipt == "" {
		recall, err := t.Keeper.Recall(ctx, t.in)
		if err != nil {
			return err
		}
		if closing = recall.Closing; closing == nil {
			return nil
		}
	}
	t.reply.Outs = append([]bot.Outgoing{t.receipt(*closing)}, t.reply.Outs...)
	return nil
}

// receipt words a receipt: the number alone on its line, a button that copies it, and what to do with it.
func (r *Room) receipt(c bot.Closing) bot.Outgoing {
	lang := c.Lang
	if _, ok := r.Book.Language(lang); !ok {
		lang = r.Mission.Offered[0]
	}
	say := func(key string, args speech.Args) string {
		text, _ := r.Book.Text(lang, key, args) // every shipped language has every key, and the check proves it
		return text
	}
	groups := group(c.Receipt)
	return bot.Outgoing{
		Text: speech.Paragraph(lang, say("word.receipt", speech.Args{"Receipt": groups})+"\n\n"+say("word.receipt.keep", nil)),
		Lang: lang, Keep: true, Closing: true,
		Rows: [][]bot.Choice{{{Label: say("word.receipt.copy", nil), Copy: c.Receipt}}},
	}
}

// group writes the digits of a receipt four by four.
func group(digits string) string {
	var parts []string
	for len(digits) > 4 {
		parts, digits = append(parts, digits[:4]), digits[4:]
	}
	return strings.Join(append(parts, digits), " ")
}
