package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot"
)

// settled edits the question that was just answered: its buttons go, the answer stands below it. Of a question that another
// process has asked nobody here knows the words, and only the buttons go.
func (d *Door) settled(chat int64, tapped *question, answer string, persons ...bot.Person) *errand {
	run := func(ctx context.Context) error {
		q, ok := d.book.asked(chat)
		if tapped != nil && (tapped.text != "" || tapped.file) {
			q, ok = *tapped, true
		}
		if !ok {
			return d.disarm(ctx, chat, d.askedElsewhere(ctx, persons))
		}
		text := strings.TrimSpace(q.text + "\n\n" + answer)
		method, params := "editMessageText", editParams(chat, q.id, text, "")
		switch bare := (tg.Params{"chat_id": params["chat_id"], "message_id": params["message_id"]}); {
		case len(split(text, maxText)) != 1 || q.file && len(split(text, maxCaption)) != 1:
			method, params = "editMessageReplyMarkup", bare
		case q.file:
			method, params = "editMessageCaption", bare
			params["caption"] = text
		}
		_, err := d.wire.call(ctx, method, params)
		switch kindOf(err) {
		case missing, unchanged, refused:
			err = nil
		}
		if err == nil {
			d.book.answered(chat, q.id)
		}
		return err
	}
	return &errand{paced: true, run: run}
}

// askedElsewhere gives the question that another process of this bot has asked a person last, 0 for none.
func (d *Door) askedElsewhere(ctx context.Context, persons []bot.Person) int64 {
	if !d.shared || d.opt.Trail == nil {
		return 0
	}
	for _, who := range persons {
		if who.IsZero() {
			continue
		}
		traces, err := d.opt.Trail.Take(ctx, who)
		if err != nil {
			return 0 // a button too many harms nobody: it offers the way back
		}
		slices.SortFunc(traces, func(a, b Trace) int { return b.At.Compare(a.At) })
		for _, t := range traces {
			if t.Asked != 0 {
				return t.Asked
			}
		}
	}
	return 0
}

// disarm takes the buttons off a message.
func (d *Door) disarm(ctx context.Context, chat, id int64) error {
	if id == 0 {
		return nil
	}
	_, err := d.wire.call(ctx, "editMessageReplyMarkup", tg.Params{
		"chat_id": strconv.FormatInt(chat, 10), "message_id": strconv.FormatInt(id, 10)})
	switch kindOf(err) {
	case missing, unchanged, refused:
		err = nil
	}
	return err
}

// acknowledge ends the little clock on a tapped button, at once and beside everything else.
func (d *Door) acknowledge(chat int64, id, toast string) {
	if id == "" {
		return
	}
	params := tg.Params{"callback_query_id": id}
	params.AddNonEmpty("text", cut(toast, maxToast))
	_ = d.post.add(lineKey{chat: chat, ack: true}, &errand{run: func(ctx context.Context) error {
		_, err := d.wire.call(ctx, "answerCallbackQuery", params)
		if k := kindOf(err); k == stale || k == refused || k == gone {
			return nil // nobody looks at that button any more
		}
		return err
	}})
}

// deliveredLater tells the Closer that a closing message can never be shown.
func (d *Door) deliveredLater(chat int64, who bot.Person, id bot.ClosingID) {
	if d.opt.Closer == nil {
		return
	}
	_ = d.post.add(lineKey{chat: chat, ack: true}, &errand{stay: true, run: func(ctx context.Context) error {
		return d.opt.Closer.Delivered(ctx, who, id)
	}})
}

// deleteIDs asks Telegram to delete messages of a chat. Telegram leaves out what it cannot find and says yes all the
// same, so the answer proves nothing; where it refuses a whole page, each message is asked for by itself.
func (d *Door) deleteIDs(ctx context.Context, chat int64, ids []int64) error {
	for len(ids) > 0 {
		page := ids[:min(len(ids), 100)]
		ids = ids[len(page):]
		list, _ := json.Marshal(page)
		params := tg.Params{"chat_id": strconv.FormatInt(chat, 10), "message_ids": string(list)}
		_, err := d.wire.call(ctx, "deleteMessages", params)
		if k := kindOf(err); err != nil && (k == missing || k == refused) {
			err = d.deleteEach(ctx, chat, page)
		}
		if err != nil {
			return err
		}
		d.count.Wiped.Add(int64(len(page)))
	}
	return nil
}

func (d *Door) deleteEach(ctx context.Context, chat int64, ids []int64) error {
	for _, id := range ids {
		_, err := d.wire.call(ctx, "deleteMessage", tg.Params{
			"chat_id": strconv.FormatInt(chat, 10), "message_id": strconv.FormatInt(id, 10)})
		if k := kindOf(err); err != nil && k != missing && k != refused {
			return err
		}
	}
	return nil
}
