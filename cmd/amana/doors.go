package main

import (
	"context"
	"errors"
	"log/slog"

	"amana/bot"
	"amana/bot/speech"
	"amana/bot/telegram"
)

// tokens are the secrets of the doors: from the environment, never from a flag or the configuration.
type tokens struct {
	people, staff string
	api           string // another Bot API server
}

func readTokens(env func(string) string) (t tokens, err error) {
	t = tokens{people: env("AMANA_TELEGRAM_TOKEN"), staff: env("AMANA_STAFF_TOKEN"), api: env("AMANA_TELEGRAM_API")}
	if t.people == "" {
		return t, usagef("AMANA_TELEGRAM_TOKEN is not set: it holds the token of the bot for people, as @BotFather gave it. To try everything without a token, run `amana demo`")
	}
	for name, token := range map[string]string{"AMANA_TELEGRAM_TOKEN": t.people, "AMANA_STAFF_TOKEN": t.staff} {
		if _, err := telegram.BotID(token); token != "" && err != nil {
			return t, usagef("%s does not look like a token of @BotFather: digits, a colon, letters", name)
		}
	}
	if t.staff == t.people {
		t.staff = ""
	}
	return t, nil
}

// doors opens the bot for people and the bot for staff, or one for both.
func doors(h *house, t tokens, log *slog.Logger, rates telegram.Rates) (people, staff *telegram.Door, err error) {
	id, err := telegram.BotID(t.people)
	if err != nil {
		return nil, nil, err
	}
	o := telegram.Options{
		Token: t.people, API: t.api, Log: log.With("bot", "people"), Now: h.now, Hearer: h.room, Closer: h.room,
		Names: names{h.roots, id}, Trail: trail{h.store, h.now}, Words: h.doorWords(), Faces: h.peopleFaces(), Rates: rates,
		Webhook: h.config.Telegram.hook("people"),
	}
	mayBring := func(a bot.Address) bool { return h.office.MayBring(context.Background(), a) }
	if t.staff == "" {
		o.Fetch = mayBring
		o.Route = func(a bot.Address, in bot.Incoming) telegram.Hearer {
			in.Address = a
			if h.office.Knows(context.Background(), in) {
				return h.office
			}
			return h.room
		}
		people, err = telegram.New(o)
		return people, people, err
	}
	staffID, err := telegram.BotID(t.staff)
	if err != nil {
		return nil, nil, err
	}
	s := telegram.Options{
		Token: t.staff, API: t.api, Log: log.With("bot", "staff"), Now: h.now, Hearer: h.office, Fetch: mayBring,
		Names: names{h.roots, staffID}, Words: h.doorWords(), Faces: h.staffFaces(), Rates: rates,
		Webhook: h.config.Telegram.hook("staff"),
	}
	people, err = telegram.New(o)
	staff, err2 := telegram.New(s)
	return people, staff, errors.Join(err, err2)
}

// doorWords are the sentences that a door says when no room can.
func (h *house) doorWords() telegram.Words {
	say := func(key string) func(string) string {
		return func(lang string) string {
			lang = h.book.Sort(lang, h.offered)[0]
			text, _ := h.book.Text(lang, key, nil) // the check proves that every language has every key
			return speech.Paragraph(lang, text)
		}
	}
	return telegram.Words{NotSaved: say("word.saved.wait"), Lost: say("word.saved.lost"), Group: say("word.refused.group")}
}

// peopleFaces is what Telegram shows of the bot for people: neutral in every language, since it stands in a chat list.
func (h *house) peopleFaces() []telegram.Face {
	return h.faces("bot.name", "bot.description", "bot.short", "bot.command.",
		[]string{"start", "services", "hide", "language", "help", "stop", "privacy"})
}

func (h *house) staffFaces() []telegram.Face {
	return h.faces("", "staff.hello", "", "staff.command.", []string{"inbox", "help", "language"})
}

func (h *house) faces(name, description, short, command string, commands []string) (out []telegram.Face) {
	for n, lang := range h.offered {
		text := func(key string) string {
			if key == "" {
				return ""
			}
			s, _ := h.book.Text(lang, key, nil)
			return s
		}
		f := telegram.Face{Lang: lang, Name: text(name), Description: text(description), Short: text(short)}
		for _, c := range commands {
			f.Commands = append(f.Commands, telegram.Command{Name: c, Text: text(command + c)})
		}
		if n == 0 { // whoever's client speaks another language sees the mission's first one
			rest := f
			rest.Lang = ""
			out = append(out, rest)
		}
		if len(lang) == 2 { // Telegram knows no longer names of languages here
			out = append(out, f)
		}
	}
	return out
}
