package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"amana/bot"
	webdesk "amana/bot/desk"
	"amana/bot/mail"
	"amana/bot/office"
	"amana/bot/ticket"
	"amana/bot/webhook"
)

func runInvite(ctx context.Context, c *call) error {
	var path, id, name, org, role, area, kind, backup, lang, langs, at, team string
	var child, oversight, sealed bool
	if _, err := c.flags("invite", "", "Makes a one-time link, valid for 24 hours, and prints it alone on standard output. Whoever follows it,\nat the desk or in Telegram, can bring a key; nothing is sealed to that key before the coordinator has signed it.", func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&id, "id", "", "short id that never changes, such as ana; left out: made from the name")
		f.StringVar(&name, "name", "", "name or function, as colleagues see it")
		f.StringVar(&org, "org", "", "organisation: a name of the profile's list")
		f.StringVar(&role, "role", "focal_point", "focal_point, backup, coordinator or oversight")
		f.StringVar(&area, "area", "", "areas that this person reads, parted by commas; left out: all")
		f.StringVar(&kind, "kind", "", "kinds that this person reads, parted by commas; left out: all but support and child, which must be named")
		f.StringVar(&langs, "reads", "", "languages that this person reads, parted by commas")
		f.StringVar(&backup, "backup", "", "id of whoever takes over")
		f.StringVar(&lang, "lang", "", "language in which the bot speaks to this person; left out: the first on offer")
		f.StringVar(&at, "at", "", "where the link leads: desk or telegram; left out: the desk, where the configuration has one. Or how this person is told of reports, once they have proved it: mail:NAME@HOST, or webhook:NAME of the configuration")
		f.StringVar(&team, "team", "", "in place of a person the Telegram group of a team of the configuration, which gets the digests; with -lang alone")
		f.BoolVar(&child, "child", false, "specialist for children")
		f.BoolVar(&oversight, "oversight", false, "also of the oversight desk")
		f.BoolVar(&sealed, "sealed", false, "the sealed file travels with each notice")
	}); err != nil {
		return err
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	p, err := readProfile(conf)
	if err != nil {
		return err
	}
	if team != "" {
		return inviteTeam(ctx, c, conf, p, team, lang, name != "" || org != "" || id != "" || at != "")
	}
	var way bot.Address
	if mail.Is(bot.Address(at)) || webhook.Is(bot.Address(at)) {
		if way, err = conf.way(at); err != nil {
			return usagef("invite: %v", err)
		}
		at = ""
	}
	switch {
	case at == "" && conf.Desk.on():
		at = "desk"
	case at == "":
		at = "telegram"
	case at != "desk" && at != "telegram":
		return usagef("invite: -at is desk, telegram, mail:NAME@HOST or webhook:NAME")
	case at == "desk" && !conf.Desk.on():
		return usagef("invite: there is no desk: %s has no desk: with an address", conf.path)
	}
	if id == "" {
		id = idFrom(name)
	}
	e := ticket.Entry{
		ID: id, Name: name, Org: org, Role: ticket.Role(role), Areas: list(area), Langs: list(langs), Backup: backup,
		Child: child, Oversight: oversight, Status: ticket.StatusConfirmed,
	}
	for _, k := range list(kind) {
		e.Kinds = append(e.Kinds, ticket.Kind(k))
	}
	if err := checkEntry(e, p); err != nil {
		return err
	}
	if lang == "" {
		lang = p.Languages[0]
	}
	var word string
	if err := ask(ctx, conf, "invite", inviteDeed{Entry: e, Lang: lang, Sealed: sealed, At: way}, &word); err != nil {
		return err
	}
	if at == "desk" {
		_, err := fmt.Fprintln(c.stdout, webdesk.JoinLink(conf.Desk.Address, word))
		return err
	}
	return printLink(ctx, c, word)
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// idFrom makes a short id from a name: accents are left out. It is "" where a letter would be lost, since two names must not
// become one id, nor somebody be called by half of theirs.
func idFrom(name string) string {
	var plain strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) && r > unicode.MaxASCII:
			return ""
		default:
			plain.WriteRune(r)
		}
	}
	return strings.Trim(notID.ReplaceAllString(plain.String(), "-"), "-")
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// checkEntry refuses at once what the coordinator could not sign later.
func checkEntry(e ticket.Entry, p *profile) error {
	if e.Name == "" || e.Org == "" {
		return usagef("invite: -name and -org are needed")
	}
	if e.ID == "" {
		return usagef("invite: no id can be made from this name without losing a letter of it; give one with -id, in a-z and 0-9")
	}
	if e.Role == ticket.Recovery {
		return usagef("invite: recovery keys are named in the configuration, they are not invited")
	}
	if !slices.ContainsFunc(p.Organisations, func(i item) bool { return i.Name == e.Org }) {
		return usagef("invite: organisation %q is not in %s", e.Org, p.file)
	}
	for _, a := range e.Areas {
		if !slices.ContainsFunc(p.Areas, func(i item) bool { return i.Name == a }) {
			return usagef("invite: area %q is not in %s", a, p.file)
		}
	}
	try := e
	try.Key, try.Backup = "age1"+strings.Repeat("q", 58), ""
	if err := (ticket.Roster{Version: 1, Entries: []ticket.Entry{try}}).Validate(); err != nil {
		return usagef("invite: %v", err)
	}
	return nil
}

// printLink gives the link if the bot's name can be asked for, else the message to send to the staff bot.
func printLink(ctx context.Context, c *call, word string) error {
	payload := office.LinkHead + word
	token := c.env("AMANA_STAFF_TOKEN")
	if token == "" {
		token = c.env("AMANA_TELEGRAM_TOKEN")
	}
	if token != "" {
		if user, err := botUser(ctx, token, c.env("AMANA_TELEGRAM_API")); err == nil && user != "" {
			_, err := fmt.Fprintf(c.stdout, "https://t.me/%s?start=%s\n", user, payload)
			return err
		}
	}
	fmt.Fprintln(c.stderr, "the name of the staff bot could not be asked for (no token, or no way to Telegram): send this line to it instead of a link")
	_, err := io.WriteString(c.stdout, "/start "+payload+"\n")
	return err
}
