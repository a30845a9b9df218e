package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"amana/bot/retention"
	"amana/bot/seal"
)

func runForget(ctx context.Context, c *call) error {
	var path, giveUp, destroyed, verify, key string
	var dry, statements bool
	args, err := c.flagsFirst("forget", "[MONTH…]", `Forgets the months whose time is over, or those that are named (2026-11-report): what is open or on hold is carried
over to the present month, then the month's key is deleted, its records are deleted, voice messages are erased and the
database is made anew, while it is served or not. Nothing brings a forgotten month back but a key backup that still
holds it: each of these is named, and its holder must destroy it. Make a new key backup and a new backup of the
database right after it: in older ones what was carried over cannot be opened any more.

A damaged report keeps the key of its month, since nobody can tell whether it is open. Restore it from a backup. Only if
none holds it, -give-up MONTH gives it up and forgets that month: look with -dry-run first. It asks for the name of the
month, gives up nothing that can be read, and nothing that is on hold.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.BoolVar(&dry, "dry-run", false, "say what is due, and forget nothing")
		f.StringVar(&giveUp, "give-up", "", "forget this `MONTH` although reports of it are damaged and no backup holds them: they are given up")
		f.StringVar(&destroyed, "destroyed", "", "note that this key backup was destroyed by its holder: the `NAME` of its file")
		f.BoolVar(&statements, "statements", false, "print the signed statements of what was forgotten")
		f.StringVar(&verify, "verify", "", "look whether the statements in this `FILE`, as -statements prints them, are signed")
		f.StringVar(&key, "key", "", "with -verify: the key of the house (amana-house1…) that must have signed them")
	})
	switch {
	case err != nil:
		return err
	case verify != "":
		return verifyStatements(c, verify, key)
	case key != "":
		return usagef("forget: -key belongs to -verify")
	case giveUp != "" && (destroyed != "" || statements || len(args) > 0):
		return usagef("forget: -give-up names its one month and goes with -dry-run alone")
	case destroyed != "" && (dry || statements || len(args) > 0), statements && (dry || len(args) > 0):
		return usagef("forget: -destroyed and -statements stand by themselves")
	}
	named := args
	if giveUp != "" {
		named = []string{giveUp}
	}
	for _, m := range named {
		if id, err := seal.ParseKeyID(m); err != nil {
			return usagef("forget: %q is no month; write it as `amana forget -dry-run` lists it, such as 2026-11-report", m)
		} else if _, _, ok := id.Month(); !ok {
			return usagef("forget: %s is not the key of a month", m)
		}
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	switch {
	case destroyed != "":
		var said string
		if err := ask(ctx, conf, "forget destroyed", destroyed, &said); err != nil {
			return err
		}
		fmt.Fprintf(c.stderr, "noted: %s\n", said)
		return nil
	case statements:
		var all stated
		if err := ask(ctx, conf, "forget statements", struct{}{}, &all); err != nil {
			return err
		}
		return all.print(c)
	}
	to := &reach{config: conf}
	defer to.Close()
	var done []string
	switch {
	case giveUp != "":
		if done, err = forgetDamaged(ctx, c, to, giveUp, dry); err != nil || dry {
			return err
		}
	case !dry:
		if err := to.ask(ctx, "forget", args, &done); err != nil {
			return err
		}
		if len(done) == 0 {
			fmt.Fprintln(c.stderr, "nothing is due")
		}
	}
	for _, m := range done {
		fmt.Fprintf(c.stderr, "forgotten: %s\n", m)
	}
	if len(done) > 0 {
		fmt.Fprintln(c.stderr, "next: `amana keys backup FILE` and `amana backup FILE`; in older backups what was carried over cannot be opened")
	}
	var look retention.Outlook
	if err := to.ask(ctx, "forget look", struct{}{}, &look); err != nil {
		return err
	}
	if dry {
		printDue(c, look)
	}
	for _, f := range append(checkDamage(look), checkCopies(look)...) {
		fmt.Fprintf(c.stderr, "%s\n\t%s\n", f.What, f.Hint)
	}
	return nil
}

// printDue lists the months, what is due first first.
func printDue(c *call, look retention.Outlook) {
	for _, d := range look.Months {
		word := "on"
		if d.Is {
			word = "due since"
		}
		line := fmt.Sprintf("%s\t%s %s", d.Month, word, d.On.Time().Format(time.DateOnly))
		if n := d.Damage.Reports; n > 0 {
			line += "\tkept by " + damagedReports(n)
		}
		fmt.Fprintln(c.stdout, line)
	}
	if look.Clock != "" {
		fmt.Fprintf(c.stderr, "%s\n", look.Clock)
	}
}

// The form in which statements are printed: each as its text, and a line with the signature behind it; the key last.
const (
	signatureLine = "signature: "
	keyLine       = "key: "
)

func (s stated) print(c *call) error {
	for _, one := range s.All {
		fmt.Fprintf(c.stdout, "%s%s%s\n\n", one.Text, signatureLine, encode64(one.Signature))
	}
	fmt.Fprintf(c.stdout, "%s%s\n", keyLine, s.Key)
	return nil
}

// verifyStatements holds a printed file against its signatures.
func verifyStatements(c *call, path, key string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the statements: %w", err)
	}
	body, named, found := strings.Cut(string(data), "\n"+keyLine)
	if !found { // none was made: the key stands alone
		body, named, found = strings.Cut("\n"+string(data), "\n"+keyLine)
	}
	if named = strings.TrimSpace(named); !found {
		return fmt.Errorf("%s holds no statements as `amana forget -statements` prints them", path)
	}
	if key == "" {
		key = named
		fmt.Fprintf(c.stderr, "held against the key that the file itself names; whoever knows the key of the house gives it with -key\n")
	}
	n := 0
	for part := range strings.SplitSeq(body, "\n\n") {
		if part = strings.Trim(part, "\n"); part == "" {
			continue
		}
		text, signature, _ := strings.Cut(part, "\n"+signatureLine)
		raw, err := decode64(signature)
		if err == nil {
			err = seal.VerifyStatement(key, []byte(text+"\n"), raw)
		}
		if n++; err != nil {
			return fmt.Errorf("%s: the statement at place %d was not signed by this house, or it was changed", path, n)
		}
	}
	fmt.Fprintf(c.stderr, "%s, signed by %s\n", count(n, "statement", "statements"), key)
	return nil
}
