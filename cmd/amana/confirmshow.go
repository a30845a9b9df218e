package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// showRoster writes every entry of the roster that would be signed, with its fingerprint and with what has become of it
// since the one that was signed last on this machine; where none is remembered, since the one in force. It gives how
// many keys have to be compared by voice.
func showRoster(out io.Writer, next, inForce ticket.Roster, p casework.Proposal, signer string) (compare int) {
	before := p.Last
	fmt.Fprintf(out, "roster %d, signed by %s\n", next.Version, signer)
	switch {
	case inForce.Version > 0 && p.Last.Version == 0:
		before = inForce
		fmt.Fprintf(out, "This machine does not remember what you signed last. Make sure by voice that it was roster %d, and compare\nthe keys that stay as well.\n", inForce.Version)
	case inForce.Version > p.Last.Version:
		fmt.Fprintf(out, "You signed roster %d last on this machine; the server is at roster %d, which your key signed elsewhere. What\nis new in it stands below as if it joined now.\n", p.Last.Version, inForce.Version)
	case inForce.Version == p.Last.Version && !bytes.Equal(inForce.Canonical(), p.Last.Canonical()):
		fmt.Fprintf(out, "The server is at another roster %d than the one that you signed here. This one goes on from the server's, without\nwhoever was revoked in either; all that differs from yours stands below as if it were new.\n", inForce.Version)
	case inForce.Version < p.Last.Version:
		fmt.Fprintf(out, "The server lists roster %d. This one goes on from roster %d, which you signed last.\n", inForce.Version, next.Version-1)
	}
	fmt.Fprintln(out)
	row := func(word string, e ticket.Entry, more ...string) {
		fmt.Fprintf(out, "  %-9s %-12s %s\n            key %s\n", word, e.ID, described(e), seal.Fingerprint(e.Key))
		for _, m := range more {
			fmt.Fprintf(out, "            %s\n", m)
		}
	}
	for _, e := range next.Entries {
		old, known := before.Find(e.ID)
		switch {
		case !known && e.Usable():
			compare++
			row("joins", e)
		case !e.Usable() && known && old.Usable():
			row("revoked", e)
		case !e.Usable():
			row("is out", e)
		case !old.Usable():
			compare++
			row("returns", e, fmt.Sprintf("was revoked; had the key %s", seal.Fingerprint(old.Key)))
		case old.Key != e.Key:
			compare++
			row("new key", e, "in place of "+seal.Fingerprint(old.Key), "was "+described(old))
		case described(old) != described(e):
			row("changes", e, "was "+described(old))
		default:
			row("stays", e)
		}
	}
	for _, old := range before.Entries {
		if _, stays := next.Find(old.ID); !stays {
			row("removed", old)
		}
	}
	for _, e := range p.Pending {
		if now, ok := next.Find(e.ID); !ok || now.Key != e.Key || !now.Usable() {
			row("refused", e)
		}
	}
	if p.Held {
		fmt.Fprint(out, "\nThis database was restored from a backup. Whoever was revoked after that backup, and not on this machine,\nstands above as if nothing had happened: revoke them again with -revoke.\n")
	}
	return compare
}

// described gives everything of an entry but its id, key and status, on one line. Whoever is refused was checked by
// nobody: what could move the cursor is left out.
func described(e ticket.Entry) string {
	parts := []string{e.Name, e.Org, string(e.Role)}
	add := func(word string, values []string) {
		if len(values) > 0 {
			parts = append(parts, word+" "+strings.Join(slices.Sorted(slices.Values(values)), " "))
		}
	}
	var kinds []string
	for _, k := range e.Kinds {
		kinds = append(kinds, string(k))
	}
	add("areas", e.Areas)
	add("kinds", kinds)
	add("languages", e.Langs)
	if e.Backup != "" {
		parts = append(parts, "backup "+e.Backup)
	}
	if e.Holder != "" {
		parts = append(parts, "held by "+e.Holder)
	}
	if e.Child {
		parts = append(parts, "for children")
	}
	if e.Oversight {
		parts = append(parts, "oversight")
	}
	return strings.ReplaceAll(plain(strings.Join(parts, ", ")), "\n", " ")
}
