package chat

import (
	"context"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/speech"
)

// showClosing shows the receipts that were not yet confirmed as shown, before anything else.
func (t *turn) showClosing() {
	for _, c := range t.recall.Closing {
		t.reply.Outs = append(t.reply.Outs, t.receipt(c, t.in.Door))
	}
}

// sent puts the receipt in front of what is said after a filing, and behind the earlier ones that are still shown. A
// filing that an earlier try had committed already has its receipt in a closing record.
func (t *turn) sent(ctx context.Context, done bot.Done) error {
	closing := []bot.Closing{{ID: done.Closing, Receipt: done.Receipt, Lang: t.lang()}}
	if done.Receipt == "" {
		recall, err := t.Keeper.Recall(ctx, t.in)
		if err != nil {
			return err
		}
		closing = slices.DeleteFunc(recall.Closing, func(c bot.Closing) bool {
			return slices.ContainsFunc(t.recall.Closing, func(o bot.Closing) bool { return o.ID == c.ID })
		})
	}
	var receipts []bot.Outgoing
	for _, c := range closing {
		receipts = append(receipts, t.receipt(c, t.in.Door))
	}
	t.reply.Outs = slices.Insert(t.reply.Outs, len(t.recall.Closing), receipts...)
	return nil
}

// receipt words a receipt: the number alone on its line, a button that copies it, and what to do with it.
func (r *Room) receipt(c bot.Closing, door string) bot.Outgoing {
	lang := c.Lang
	if _, ok := r.Book.Language(lang); !ok {
		lang = r.Mission.Offered[0]
	}
	say := func(key string, args speech.Args) string {
		if own := door + "." + key; door != "" && r.Book.Has(lang, own) {
			key = own
		}
		text, _ := r.Book.Text(lang, key, args) // every shipped language has every key, and the check proves it
		return text
	}
	groups := group(c.Receipt)
	return bot.Outgoing{
		Text: speech.Paragraph(lang, say("word.receipt", speech.Args{"Receipt": groups})+"\n\n"+say("word.receipt.keep", nil)),
		Lang: lang, Keep: true, Closing: c.ID,
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
