package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot/retention"
	"amana/bot/store"
)

// giveUpDeed is what `amana forget -give-up` asks for: a month, and the damage that the operator was shown.
type giveUpDeed struct {
	Month store.Month `json:"month"`
	Sum   []byte      `json:"sum"`
}

// givenUp is what came of it.
type givenUp struct {
	Reports int      `json:"reports"`
	Done    []string `json:"done"`
}

func doForgetGiveUp(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d giveUpDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	if err := h.spokenFor(ctx); err != nil {
		return nil, err
	}
	var out givenUp
	err := h.asKeeper(ctx, func(ctx context.Context) (err error) {
		if out.Reports, err = h.keeper.GiveUp(ctx, d.Month, d.Sum); err != nil {
			return err
		}
		done, err := h.keeper.Forget(ctx, d.Month)
		for _, m := range done {
			out.Done = append(out.Done, string(m))
		}
		return err
	})
	if err != nil && out.Reports > 0 {
		err = fmt.Errorf("given up: %s of %s; then: %w", damagedReports(out.Reports), d.Month, err)
	}
	return out, err
}

// forgetDamaged forgets a month whose key is kept by damaged reports, once an operator has looked at what is given up with it
// and has written its name.
func forgetDamaged(ctx context.Context, c *call, to *reach, m string, dry bool) (done []string, err error) {
	var look retention.Outlook
	if err := to.ask(ctx, "forget look", struct{}{}, &look); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(look.Months, func(d retention.Due) bool { return string(d.Month) == m })
	switch {
	case i < 0:
		return nil, fmt.Errorf("%s is no month that is there, or it is forgotten; `amana forget -dry-run` lists them", m)
	case !look.Months[i].Is:
		return nil, fmt.Errorf("giving up what is damaged in %s: %w", m, retention.ErrNotDue)
	case look.Months[i].Damage.Reports == 0:
		return nil, fmt.Errorf("giving up what is damaged in %s: %w, `amana forget %s`", m, retention.ErrWhole, m)
	}
	due := look.Months[i]
	printDamage(c, due)
	switch {
	case due.Damage.Held > 0:
		return nil, fmt.Errorf("giving up what is damaged in %s: %w", m, retention.ErrHeld)
	case dry:
		return nil, nil
	}
	typed, err := askLine(c, "to give this up for ever, write the name of the month:")
	if err != nil {
		return nil, err
	}
	if typed != m {
		return nil, errors.New("that is not the name of the month; nothing was given up")
	}
	var out givenUp
	if err := to.ask(ctx, "forget give up", giveUpDeed{due.Month, due.Damage.Sum}, &out); err != nil {
		return nil, err
	}
	fmt.Fprintf(c.stderr, "given up: %s of %s\n", damagedReports(out.Reports), m)
	return out.Done, nil
}

// printDamage says what would be given up with a month, and what would not.
func printDamage(c *call, due retention.Due) {
	d := due.Damage
	fmt.Fprintf(c.stdout, "%s, due since %s\n", due.Month, due.On.Time().Format(time.DateOnly))
	fmt.Fprintf(c.stdout, "to be given up: %s, with what was told, answers, voice messages and audit chain\n", damagedReports(d.Reports))
	if d.Held > 0 {
		fmt.Fprintf(c.stdout, "on hold: %d of them, as the audit chain says\n", d.Held)
	}
	if d.Unsure > 0 {
		fmt.Fprintf(c.stdout, "not known: whether %d of them were put on hold, since the audit chain is damaged as well; ask the readers first\n", d.Unsure)
	}
	fmt.Fprintln(c.stdout, "carried over: what can be read and is open or on hold, as ever")
	fmt.Fprintln(c.stdout, "After that no backup and no recovery key brings them back. If any backup may hold them, restore it first.")
}

// checkDamage says which months are due and cannot be forgotten, and what is to be done, the last remedy last.
func checkDamage(o retention.Outlook) (found []finding) {
	for _, d := range o.Months {
		if d.Damage.Reports == 0 {
			continue
		}
		what, hint := fmt.Sprintf("%s cannot be forgotten: it holds %s", d.Month, damagedReports(d.Damage.Reports)), giveUpHint(string(d.Month))
		if d.Damage.Held > 0 {
			what += fmt.Sprintf(", %d of them on hold, as the audit chain says", d.Damage.Held)
			hint = "restore the latest backup that holds what is damaged; what is on hold is not given up before a reader has that lifted, `amana hold -as ID -lift CODE`"
		}
		found = append(found, finding{warning, "", what, hint})
	}
	return found
}

func giveUpHint(month string) string {
	return fmt.Sprintf("restore the latest backup that holds what is damaged; only if there is none, `amana forget -dry-run -give-up %s` says what would be given up, and `amana forget -give-up %s` does it", month, month)
}

// brokenHint says what to do about something in the database that does not hold together.
func brokenHint(what string) string {
	const compare = "restore the latest backup beside it and compare; keep this file for whoever looks into it"
	month, damaged := strings.CutSuffix(what, ": "+store.DamagedReport)
	if _, _, is := store.Month(month).Month(); !is {
		month = "MONTH"
	}
	if damaged {
		return compare + "; only if no backup holds the report, it can be given up once its month is due: `amana forget -dry-run -give-up " + month + "`"
	}
	return compare
}

func damagedReports(n int) string { return count(n, "damaged report", "damaged reports") }
