package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/mail"
	"amana/bot/webhook"
)

const noticesAbout = `Shows how everybody of the roster is told of reports, and what stood in the way last. With -id and -at it names
another way: mail:NAME@HOST, webhook:NAME of the configuration, or there, which is the desk or the chat that they write
from. Six digits go to the new place and nothing else, until that person has entered them at the desk, or told them to
you: amana notices -id ID -proof DIGITS. -test sends a notice that says only that it is a test, and tries again what was
given up.`

// noticesDeed changes how somebody is told.
type noticesDeed struct {
	ID     string      `json:"id"`
	At     bot.Address `json:"at,omitempty"`
	Sealed bool        `json:"sealed,omitempty"`
	Proof  string      `json:"proof,omitempty"`
	Test   bool        `json:"test,omitempty"`
}

// there is how an operator names the place that somebody writes from.
const there = "there"

func runNotices(ctx context.Context, c *call) error {
	var path, at string
	var d noticesDeed
	args, err := c.flags("notices", "", noticesAbout, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&d.ID, "id", "", "id of whoever is meant; left out: list everybody")
		f.StringVar(&at, "at", "", "how they are to be told: mail:NAME@HOST, webhook:NAME, or there")
		f.BoolVar(&d.Sealed, "sealed", false, "with -at: the sealed file travels with each notice")
		f.StringVar(&d.Proof, "proof", "", "the digits that came at the new place, as that person has told them")
		f.BoolVar(&d.Test, "test", false, "send a test, and try again what was given up")
	})
	if err != nil {
		return err
	}
	asked := 0
	for _, is := range []bool{at != "", d.Proof != "", d.Test} {
		if is {
			asked++
		}
	}
	switch {
	case len(args) > 0:
		return usagef("notices: it takes flags only, not %q", args[0])
	case d.ID == "" && (asked > 0 || d.Sealed):
		return usagef("notices: -id says who is meant")
	case d.ID != "" && asked != 1:
		return usagef("notices: with -id comes one of -at, -proof and -test")
	case d.Sealed && at == "":
		return usagef("notices: -sealed goes with -at")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	if d.ID == "" {
		return listNotices(ctx, c, conf)
	}
	if at != "" && at != there {
		if d.At, err = conf.way(at); err != nil {
			return usagef("notices: %v", err)
		}
	}
	if at == there {
		d.At = there
	}
	var none string
	if err := ask(ctx, conf, "notices", d, &none); err != nil {
		return err
	}
	switch {
	case at == there:
		fmt.Fprintf(c.stderr, "%s is told where they write from\n", d.ID)
	case at != "":
		fmt.Fprintf(c.stderr, "six digits go to the new place; %s enters them at the desk, or you: amana notices -id %s -proof DIGITS. Until then nothing changes\n", d.ID, d.ID)
	case d.Proof != "":
		fmt.Fprintf(c.stderr, "proved: notices to %s go there\n", d.ID)
	default:
		fmt.Fprintf(c.stderr, "a test is on its way to %s; `amana notices` shows if it cannot arrive\n", d.ID)
	}
	return nil
}

// way reads a way that an operator has named, as it is kept.
func (c *config) way(at string) (bot.Address, error) {
	a := bot.Address(at)
	switch {
	case mail.Is(a):
		address, err := mail.CheckAddress(at[len(mail.Scheme):])
		if err != nil {
			return "", fmt.Errorf("-at mail: %w", err)
		}
		if !c.Mail.on() {
			return "", fmt.Errorf("-at mail: %s has no mail: with a server that takes mails", c.path)
		}
		return bot.Address(mail.Scheme + address), nil
	case webhook.Is(a):
		if _, ok := c.Webhooks[at[len(webhook.Scheme):]]; !ok {
			return "", fmt.Errorf("-at webhook: %s has under webhooks: none of this name", c.path)
		}
		return a, nil
	}
	return "", errors.New("-at is mail:NAME@HOST, webhook:NAME, or a place to write from")
}

// listNotices prints how everybody is told.
func listNotices(ctx context.Context, c *call, conf *config) error {
	var all []casework.Told
	if err := ask(ctx, conf, "told", struct{}{}, &all); err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "id\ttold at\twith the file\tnot proved yet\tlate\tgiven up\twhy\n")
	for _, t := range all {
		at := t.At.Reveal()
		if at == "" {
			at = "nowhere"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", t.Person, at, map[bool]string{true: "yes", false: "no"}[t.Sealed], orDash(t.Next.Reveal()), t.Waiting, t.Dead, orDash(t.Why))
	}
	return table.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func doTold(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	return h.registry.Everybody(ctx)
}

func doNotices(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d noticesDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	var err error
	switch {
	case d.At == there:
		err = h.registry.TellThere(ctx, "operator", d.ID)
	case d.At != "":
		err = h.registry.TellAt(ctx, "operator", d.ID, d.At, d.Sealed)
	case d.Proof != "":
		err = h.registry.Prove(ctx, "operator", d.ID, d.Proof)
	default:
		err = h.registry.TryNow(ctx, d.ID)
	}
	switch {
	case errors.Is(err, casework.ErrUnknown):
		err = fmt.Errorf("notices: nobody with the id %q reads here: `amana notices` lists who does", d.ID)
	case errors.Is(err, casework.ErrProof):
		err = errors.New("notices: these are not the digits that were sent")
	case errors.Is(err, casework.ErrNoProof):
		err = fmt.Errorf("notices: no digits are waited for, or these came too late or wrong too often; name the place again: amana notices -id %s -at …", d.ID)
	}
	return "", err
}

// checkWays looks whether everybody can be told, as far as that shows before a notice is sent.
func checkWays(conf *config, told []casework.Told) (found []finding) {
	say := func(l level, what, hint string) { found = append(found, finding{l, "", what, hint}) }
	for _, t := range told {
		for _, a := range []bot.Address{t.At, t.Next} {
			if a == "" || !mail.Is(a) && !webhook.Is(a) {
				continue
			}
			if _, err := conf.way(a.Reveal()); err != nil {
				say(failure, fmt.Sprintf("notices to %s cannot go out: %v", t.Person, err), "mend the configuration, or name another way: amana notices -id "+t.Person+" -at …")
			}
		}
		if t.Next != "" {
			say(warning, fmt.Sprintf("%s has not proved where they are to be told; they are told as before", t.Person), "ask them for the digits that were sent there: amana notices -id "+t.Person+" -proof DIGITS. If none came, the place is wrong: name it again with -at")
		}
	}
	return found
}

// checkPost looks at what the doors for mails and webhooks need beside the configuration.
func checkPost(conf *config, env func(string) string) (found []finding) {
	say := func(setting, what, hint string) {
		found = append(found, finding{failure, conf.at(setting), what, hint})
	}
	nowhere := func(setting, what, variable string) {
		found = append(found, finding{remark, conf.at(setting), what + " stands in no file, and is not in the environment of this check", "`amana serve` needs it in " + variable + "; a file is named in the configuration"})
	}
	if c := conf.Mail; c.on() {
		if _, err := authorities(c.CA); err != nil {
			say("mail.ca", "mail: ca: "+err.Error(), "name the file of the authority that signs the mail server's certificate, or take ca out")
		}
		if c.User != "" {
			switch _, err := secretIn(c.Password, mailSecret, env); {
			case errors.Is(err, errNoSecret):
				nowhere("mail.user", "mail: the password", mailSecret)
			case err != nil:
				say("mail.password_file", "mail: password_file: "+err.Error(), "it must be readable for the user of `amana serve`, and for nobody else")
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(conf.Webhooks)) {
		c := conf.Webhooks[name]
		if c.Secret == "" && env(hookVariable(name)) == "" {
			nowhere("webhooks."+name, "webhooks: "+name+": the secret", hookVariable(name))
			continue
		}
		if _, err := c.place(name, env); err != nil {
			say("webhooks."+name, "webhooks: "+name+": "+err.Error(), "until then `amana serve` does not start")
		}
	}
	return found
}
