package main

import (
	"fmt"
	"strings"
	"time"

	"amana/bot/retention"
	"amana/bot/store"
)

// checkForgetting says what is due to be forgotten, what was put off too long, and what has to be destroyed by hand.
func checkForgetting(o retention.Outlook) (found []finding) {
	say := func(l level, what, hint string) { found = append(found, finding{l, "", what, hint}) }
	for _, b := range o.Broken {
		say(failure, b, "nothing is served by a key that was forgotten: start the program once, and find out who changed the key directory or the database")
	}
	for _, m := range o.Returned {
		say(failure, fmt.Sprintf("a key backup brought %s back after it was forgotten; its key was deleted again", m), "have that key backup destroyed, then `amana forget -destroyed NAME`; until then every copy of the database from before can be opened")
	}
	if o.Clock != "" {
		say(warning, "nothing is forgotten by this clock: "+o.Clock, "look at the clock of this machine, then `amana forget -dry-run`")
	}
	var due, over []string
	for _, d := range o.Months {
		switch line := fmt.Sprintf("%s since %s", d.Month, d.On.Time().Format(time.DateOnly)); {
		case d.Overdue:
			over = append(over, line)
		case d.Is:
			due = append(due, line)
		}
	}
	if len(over) > 0 {
		say(failure, "long due to be forgotten: "+strings.Join(over, ", "), "`amana forget -dry-run`, then `amana forget`; what must be kept is put on hold by its readers")
	}
	if len(due) > 0 {
		say(warning, "due to be forgotten: "+strings.Join(due, ", "), "`amana forget -dry-run`, then `amana forget`; what must be kept is put on hold by its readers")
	}
	if o.Left {
		say(warning, "records of what was forgotten still lie in the database file", "`amana forget`; it needs as much room on the disk as the database takes")
	}
	found = append(found, checkDamage(o)...)
	return append(found, checkCopies(o)...)
}

// checkCopies names the key backups by which a forgotten month could be read again.
func checkCopies(o retention.Outlook) (found []finding) {
	for _, c := range o.Destroy {
		found = append(found, finding{
			warning, "", fmt.Sprintf("the key backup %s still holds what was forgotten: %s", retention.NameOf(c.Backup), monthNames(c.Months)),
			fmt.Sprintf("`amana keys backup FILE` makes a new one; then its holders destroy every copy of %s, and `amana forget -destroyed %s` notes it", c.Backup.Name, c.Backup.Name),
		})
	}
	return found
}

func monthNames(months []store.Month) string {
	var names []string
	for _, m := range months {
		names = append(names, string(m))
	}
	return strings.Join(names, ", ")
}
