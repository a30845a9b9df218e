package office

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/speech"
)

// colleague hears somebody whose key the coordinator has signed.
func (v *visit) colleague(ctx context.Context) error {
	switch v.in.Kind {
	case bot.Document:
		return v.file(ctx)
	case bot.Tap:
		return v.tap(ctx)
	case bot.Start:
		v.say("staff.hello", nil)
		v.say("staff.help", nil)
		return nil
	case bot.Command, bot.Text:
		return v.word(ctx)
	}
	v.say("staff.typed", nil)
	return nil
}

// word hears a command, also where it was typed without its slash.
func (v *visit) word(ctx context.Context) error {
	word := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(v.in.Text), "/"))
	switch word {
	case "inbox":
		return v.inbox(ctx)
	case "help":
		v.say("staff.help", nil)
		return nil
	case "language":
		v.languages()
		return nil
	}
	if reserved, ok := v.Book.Word(v.lang, v.in.Text); ok && reserved == "help" {
		v.say("staff.help", nil)
		return nil
	}
	if tag, ok := v.Book.MatchLanguage(v.in.Text); ok && slices.Contains(v.Offered, tag) {
		return v.setLanguage(ctx, tag)
	}
	v.say("staff.typed", nil)
	return nil
}

func (v *visit) languages() {
	out := bot.Outgoing{Text: v.text("word.language.ask", nil), Lang: v.lang}
	for _, tag := range v.Offered {
		if l, ok := v.Book.Language(tag); ok {
			out.Rows = append(out.Rows, []bot.Choice{{Label: l.Name, Data: "s:lang:" + tag}})
		}
	}
	v.reply.Outs = append(v.reply.Outs, out)
}

func (v *visit) setLanguage(ctx context.Context, tag string) error {
	if err := v.Registry.Speak(ctx, v.me.ID, tag); err != nil {
		return err
	}
	v.speak(tag)
	v.say("staff.language.set", nil)
	return nil
}

// tap hears a button under a notice.
func (v *visit) tap(ctx context.Context) error {
	parts := strings.SplitN(v.in.Tap, ":", 3)
	if len(parts) != 3 || parts[0] != "s" {
		v.say("staff.none", nil)
		return nil
	}
	switch parts[1] {
	case "ack":
		again, err := v.Registry.Acknowledge(ctx, v.me.ID, parts[2])
		switch {
		case err != nil:
			return err
		case again:
			v.say("staff.ack.already", speech.Args{"Code": parts[2]})
		default:
			v.say("staff.ack.ok", speech.Args{"Code": parts[2]})
		}
	case "read":
		return v.readOut(ctx, parts[2])
	case "inbox":
		return v.inbox(ctx)
	case "tray":
		return v.tray(ctx)
	case "out":
		return v.stepBack(ctx, parts[2])
	case "outyes":
		return v.steppedBack(ctx, parts[2])
	case "outno":
		return v.stays(ctx, parts[2])
	case "lang":
		if !slices.Contains(v.Offered, parts[2]) {
			v.languages()
			return nil
		}
		return v.setLanguage(ctx, parts[2])
	default:
		v.say("staff.none", nil)
	}
	return nil
}

func (v *visit) readOut(ctx context.Context, code string) error {
	files, err := v.Registry.ReadOut(ctx, v.me.ID, code)
	if err != nil {
		return err
	}
	for i := range files {
		v.reply.Outs = append(v.reply.Outs, bot.Outgoing{
			Text: speech.Paragraph(v.lang, v.text("staff.read.how", speech.Args{"Code": code})), Lang: v.lang, File: &files[i],
		})
	}
	return nil
}

// file hears a document: an answer, a share, messages sealed again. Anything else is not kept.
func (v *visit) file(ctx context.Context) error {
	if v.in.File == nil {
		v.say("staff.answer.refused", speech.Args{"Reason": v.text("staff.answer.reason.size", nil)})
		return nil
	}
	if bytes.HasPrefix(v.in.File.Bytes, []byte("amana grants ")) {
		return v.grant(ctx)
	}
	if !bytes.HasPrefix(v.in.File.Bytes, []byte("amana answer ")) {
		v.say("staff.file.unknown", nil)
		return nil
	}
	taken, err := v.Registry.Answer(ctx, v.me.ID, v.in.File.Bytes)
	if why := casework.Refusal(""); errors.As(err, &why) {
		v.say("staff.answer.refused", speech.Args{"Reason": v.text("staff.answer.reason."+string(why), nil)})
		return nil
	}
	switch {
	case err != nil:
		return err
	case taken.Again:
		v.say("staff.answer.already", nil)
	default:
		key := "staff.answer.ok"
		if taken.Note {
			key = "staff.note.ok"
		}
		v.say(key, speech.Args{"Code": taken.Code})
		if len(taken.Missing) > 0 {
			v.say("staff.answer.reseal", speech.Args{"Code": taken.Code})
		}
	}
	return nil
}
