package main

import (
	"context"
	"errors"
	"log/slog"

	"amana/bot"
	"amana/bot/outbox"
	"amana/bot/speech"
	"amana/bot/telegram"
)

// tokens are the secrets of the doors: from the environment, never from a flag or the configuration.
type tokens struct {
	people, staff string
	api           string // another Bot API server
}

// readTokens reads them, from the environment or from the credentials of the service manager. With a chat page people need no bot, and staff have one of their own or none.
func readTokens(env func(string) string, page bool) (t tokens, err error) {
	t.api = env("AMANA_TELEGRAM_API")
	if t.people, err = secret(env, "AMANA_TELEGRAM_TOKEN"); err != nil {
		return t, err
	}
	if t.staff, err = secret(env, "AMANA_STAFF_TOKEN"); err != nil {
		return t, err
	}
	if t.people == "" && !page {
		return t, usagef("AMANA_TELEGRAM_TOKEN is not set: it holds the token of the bot for people, as @BotFather gave it. Only where the configuration has a chat page (web:) may it be left out. To try everything without a token, run `amana demo`")
	}
	for name, token := range map[string]string{"AMANA_TELEGRAM_TOKEN": t.people, "AMANA_STAFF_TOKEN": t.staff} {
		if _, err := telegram.BotID(token); token != "" && err != nil {
			return t, usagef("%s does not look like a token of @BotFather: digits, a colon, letters", name)
		}
	}
	if t.staff == t.people {
		t.staff = "" // one bot, or none
	}
	return t, nil
}

// doors opens the bot for people and the bot for staff, or one for both. A door without a token is nil.
func doors(h *house, t tokens, log *slog.Logger, rates telegram.Rates) (people, staff *telegram.Door, err error) {
	mayBring := func(a bot.Address) bool { return h.office.MayBring(context.Background(), a) }
	open := func(token string, fit func(*telegram.Options)) (*telegram.Door, error) {
		id, err := telegram.BotID(token)
		if err != nil {
			return nil, err
		}
		o := telegram.Options{Token: token, API: t.api, Now: h.now, Names: names{h.roots, id}, Words: h.doorWords(), Rates: rates}
		fit(&o)
		return telegram.New(o)
	}
	if t.people != "" {
		people, err = open(t.people, func(o *telegram.Options) {
			o.Office = h.door("people", log)
			o.Log, o.Hearer, o.Closer = log.With("bot", "people"), h.room, h.room
			o.Trail, o.Faces, o.Webhook = trail{h.store, h.now}, h.peopleFaces(), h.hook("people")
			if t.staff != "" {
				return
			}
			o.Fetch, o.Groups = mayBring, true
			o.Route = func(a bot.Address, in bot.Incoming) telegram.Hearer {
				in.Address = a
				if h.office.Knows(context.Background(), in) {
					return h.office
				}
				return h.room
			}
		})
	}
	if err != nil || t.staff == "" {
		return people, people, err
	}
	staff, err = open(t.staff, func(o *telegram.Options) {
		o.Office = h.door("staff", log)
		o.Log, o.Hearer, o.Fetch, o.Groups = log.With("bot", "staff"), h.office, mayBring, true
		o.Faces, o.Webhook = h.staffFaces(), h.hook("staff")
	})
	return people, staff, err
}

// botsOf gives the doors that there are, by the names that an operator reads.
func botsOf(people, staff *telegram.Door) map[string]*telegram.Door {
	out := map[string]*telegram.Door{}
	if people != nil {
		out["people"] = people
	}
	if staff != nil && staff != people {
		out["staff"] = staff
	}
	return out
}

// carrier gives a door as the outbox wants it. Where there is none nothing can be carried, and a notice waits.
func carrier(d *telegram.Door) outbox.Carrier {
	if d == nil {
		return noBot{}
	}
	return d
}

type noBot struct{}

// Send says that nothing was sent.
func (noBot) Send(context.Context, bot.Address, []bot.Outgoing) error { return errNoBot }

var errNoBot = errors.New("there is no bot to send this with: AMANA_STAFF_TOKEN is not set")

// doorWords are the sentences that a door says when no room can.
func (h *house) doorWords() telegram.Words {
	say := func(key string) func(string) string {
		return func(lang string) string {
			lang = h.book.Sort(lang, h.offered)[0]
			text, _ := h.book.Text(lang, key, nil) // the check proves that every language has every key
			return speech.Paragraph(lang, text)
		}
	}
	return telegram.Words{
		NotSaved: say("word.saved.wait"), Perhaps: say("word.saved.unsure"), Lost: say("word.saved.lost"), Group: say("word.refused.group"),
	}
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
