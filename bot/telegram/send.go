package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot"
)

// Send carries messages to a chat on behalf of the outbox and returns once each was taken by Telegram. Nothing is
// repeated: ErrGone says that the chat is closed, ErrRefused that this message will never be taken, and of any other
// error After tells how long to wait. What was sent before the error has arrived.
func (d *Door) Send(ctx context.Context, where bot.Address, outs []bot.Outgoing) error {
	chat, ok := chatOf(where)
	if !ok {
		return &Fault{Method: "sendMessage", kind: refused, what: "not an address of this door"}
	}
	// Who carries notices to many must not stand in line behind one chat that has to wait.
	if wait := d.post.held(chat); wait > time.Second {
		return &Fault{Method: "sendMessage", Code: 429, After: wait, kind: flood, what: "the chat has to wait"}
	}
	who, _ := d.opt.Names.Person(where)
	for _, out := range outs {
		done := make(chan error, 1)
		e := d.message(chat, who, out)
		e.ctx, e.done = ctx, done
		if err := d.post.add(lineKey{chat: chat}, e, d.noting(chat)); err != nil {
			return err
		}
		select {
		case err := <-done:
			if err != nil {
				if f := (*Fault)(nil); errors.As(err, &f) && f.movedTo != 0 {
					d.moved(chat, f.movedTo) // the next try finds the new number
				}
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// message makes the errand that sends one Outgoing: in parts if it is long, the buttons under the last.
func (d *Door) message(chat int64, who bot.Person, out bot.Outgoing) *errand {
	s := &sending{d: d, chat: chat, who: who, out: out}
	var left int
	s.markup, left = keyboard(out.Rows)
	if left > 0 {
		d.opt.Log.Warn("buttons left out that Telegram would not take", "buttons", left)
	}
	s.parts = split(out.Text, maxText)
	if (out.File != nil || out.Sound != nil) && len(s.parts) == 1 && len(split(out.Text, maxCaption)) == 1 {
		s.caption, s.parts = s.parts[0], nil
	}
	e := &errand{run: s.next, paced: true, stay: !out.Closing.IsZero() || out.Keep}
	if !out.Closing.IsZero() {
		e.left = func() { d.deliveredLater(chat, who, out.Closing) }
	}
	return e
}

// sending is one Outgoing on its way; it remembers how far it came.
type sending struct {
	d       *Door
	chat    int64
	who     bot.Person
	out     bot.Outgoing
	parts   []string // texts not sent yet
	caption string
	markup  string
	filed   bool // the file, or what is to be heard, was sent
	sent    bool // everything was sent
}

// next makes the next call of the message.
func (s *sending) next(ctx context.Context) error {
	if !s.sent {
		if err := s.step(ctx); err != nil {
			return err
		}
		if s.sent = len(s.parts) == 0 && (!s.carries() || s.filed); !s.sent {
			return errMore
		}
	}
	if !s.out.Closing.IsZero() && s.d.opt.Closer != nil {
		// The words are out; only this is repeated when it fails.
		return s.d.opt.Closer.Delivered(ctx, s.who, s.out.Closing)
	}
	return nil
}

func (s *sending) step(ctx context.Context) error {
	d := s.d
	last := len(s.parts) <= 1 && !s.carries() || len(s.parts) == 0
	markup := ""
	if last {
		markup = s.markup
	}
	if s.out.Replace && last && len(s.parts) == 1 {
		done, err := s.replace(ctx, markup)
		if done || err != nil {
			return err
		}
	}
	var raw json.RawMessage
	var err error
	switch {
	case len(s.parts) > 0:
		raw, err = d.wire.call(ctx, "sendMessage", textParams(s.chat, s.parts[0], markup, s.out.Protect))
	case s.out.File != nil:
		data := s.out.File.Bytes
		if s.out.File.Load != nil {
			if data, err = s.out.File.Load(); err != nil {
				return &Fault{Method: "sendDocument", kind: refused, what: "the file is gone"}
			}
		}
		raw, err = d.wire.call(ctx, "sendDocument", fileParams(s.chat, s.caption, markup, s.out.Protect),
			tg.RequestFile{Name: "document", Data: tg.FileBytes{Name: cleanName(s.out.File.Name), Bytes: data}})
	case s.out.Sound != nil:
		if raw, err = s.sound(ctx, markup); raw == nil && err == nil {
			s.filed = true
			return nil
		}
	default:
		d.opt.Log.Warn("an empty message was not sent")
		return nil
	}
	if kindOf(err) == refused && err != nil && markup != "" {
		d.opt.Log.Warn("sending again without buttons", "error", err)
		s.markup = ""
		return errMore
	}
	if err != nil {
		return err
	}
	d.count.Sent.Add(1)
	id := messageID(raw)
	if !s.out.Keep {
		d.pend(s.chat, s.who, id, d.opt.Now())
	}
	q := question{id: id, text: s.caption, file: true}
	if len(s.parts) > 0 {
		q = question{id: id, text: s.parts[0]}
		s.parts = s.parts[1:]
	} else {
		s.filed = true
	}
	if s.asks(markup) && id != 0 {
		d.book.ask(s.chat, q)
	}
	return nil
}

// carries says that something travels with the message beside its text.
func (s *sending) carries() bool { return s.out.File != nil || s.out.Sound != nil }

// asks says whether a message with this keyboard is a question that an answer may settle. What is kept is none, and a
// button that copies asks nothing.
func (s *sending) asks(markup string) bool {
	return strings.Contains(markup, `"callback_data"`) && !s.out.Keep
}

// replace writes over the latest question. done is false when a new message has to do instead.
func (s *sending) replace(ctx context.Context, markup string) (done bool, err error) {
	q, ok := s.d.book.asked(s.chat)
	if !ok {
		return false, nil
	}
	_, err = s.d.wire.call(ctx, "editMessageText", editParams(s.chat, q.id, s.parts[0], markup))
	switch kindOf(err) {
	case missing, refused:
		if err != nil {
			s.d.book.answered(s.chat, q.id)
			return false, nil
		}
	case unchanged:
		err = nil
	}
	if err != nil {
		return false, err
	}
	s.d.count.Sent.Add(1)
	if s.asks(markup) {
		s.d.book.ask(s.chat, question{id: q.id, text: s.parts[0]})
	} else {
		s.d.book.answered(s.chat, q.id)
	}
	s.parts = s.parts[1:]
	return true, nil
}

func messageID(raw json.RawMessage) int64 {
	var m struct {
		ID int64 `json:"message_id"`
	}
	_ = json.Unmarshal(raw, &m)
	return m.ID
}
