package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// readHandOuts reads the files, and refuses kindly what is something else. Nothing secret was asked for yet.
func readHandOuts(paths []string) (raw [][]byte, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", path, errors.Unwrap(err))
		}
		name := filepath.Base(path)
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder: name the file that the staff bot sent", name)
		}
		sizes := append(seal.HandOutSizes(), seal.HandOutVoiceSizes()...)
		if info.Size() > int64(slices.Max(sizes)) {
			return nil, fmt.Errorf("%s is too long to be a sealed report: name the file that the staff bot sent", name)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", path, errors.Unwrap(err))
		}
		switch {
		case bytes.HasPrefix(data, []byte("amana answer ")):
			return nil, fmt.Errorf("%s is an answer that was written already: send it to the staff bot", name)
		case bytes.HasPrefix(data, []byte("amana grants ")):
			return nil, fmt.Errorf("%s was written by `amana open` to share or to seal again: send it to the staff bot", name)
		case bytes.HasPrefix(data, []byte("amana enrolment ")):
			return nil, fmt.Errorf("%s is an enrolment file: send it to the staff bot under your invitation", name)
		case !slices.Contains(sizes, len(data)):
			return nil, fmt.Errorf("%s is no sealed report, or was cut off on the way: ask the staff bot for it again with “Get the sealed file”", name)
		}
		raw = append(raw, data)
	}
	return raw, nil
}

// openHandOuts opens the parts of one report and puts its thread together.
func openHandOuts(paths []string, raw [][]byte, ids ...seal.Identity) (seal.Packet, error) {
	var whole seal.Packet
	parts := map[int][]seal.Item{}
	for i, data := range raw {
		name := filepath.Base(paths[i])
		p, err := seal.OpenHandOut(data, ids...)
		switch {
		case errors.Is(err, seal.ErrNotForYou):
			return whole, fmt.Errorf("%s is not sealed to your key: it was handed to somebody else, or to a key that you had before; ask the staff bot for it yourself with “Get the sealed file”", name)
		case errors.Is(err, seal.ErrTampered):
			return whole, fmt.Errorf("%s is damaged, or was changed on the way: ask the staff bot for it again with “Get the sealed file”", name)
		case errors.Is(err, seal.ErrNewer):
			return whole, fmt.Errorf("%s was made by a newer program: bring this one up to date, and open it again", name)
		case err != nil:
			return whole, fmt.Errorf("%s is of a form that this program does not know: ask the staff bot for it again with “Get the sealed file”; if that does not help, get the newer program", name)
		}
		if i == 0 {
			whole = p
		}
		if p.Report != whole.Report {
			return whole, fmt.Errorf("%s belongs to another report than %s: open each by itself", name, filepath.Base(paths[0]))
		}
		if p.Parts != whole.Parts || p.State != whole.State || !slices.Equal(p.Turns, whole.Turns) || !bytes.Equal(p.Roster, whole.Roster) || !sameCards(p.Cards, whole.Cards) || !p.Trail.Equal(whole.Trail) {
			return whole, errors.New("the parts were not handed out together: ask the staff bot for all of them again with “Get the sealed file”")
		}
		if _, twice := parts[p.Part]; twice {
			return whole, fmt.Errorf("part %d of %d was named twice: name each part once", p.Part, p.Parts)
		}
		parts[p.Part] = p.Thread
	}
	whole.Thread = nil
	for n := range whole.Parts {
		thread, ok := parts[n+1]
		if !ok {
			return whole, fmt.Errorf("part %d of %d is missing: name all parts in one call", n+1, whole.Parts)
		}
		whole.Thread = append(whole.Thread, thread...)
	}
	return whole, nil
}

func sameCards(a, b []seal.Card) bool {
	return slices.EqualFunc(a, b, func(x, y seal.Card) bool {
		return x.Version == y.Version && x.ID == y.ID && x.Name == y.Name && x.Role == y.Role && x.Key == y.Key &&
			bytes.Equal(x.Signature, y.Signature)
	})
}

// trusted is what the coordinator's signatures prove: who can read, and which of them is the person at this machine.
type trusted struct {
	roster  ticket.Roster
	readers []ticket.Entry // in the order of the cards
	me      ticket.Entry
}

// errLiar begins what is said when a signature that must be there is not.
const errLiar = "do not answer, and tell the coordinator by voice: "

// trust compares everything that a packet says about readers with the pinned key. Seen is the highest roster version that
// this machine knows; an older one is taken only if it is the confirmed one. The person at this machine is known by one
// of their own keys; a recovery key counts only where its holder has named it.
func trust(p seal.Packet, coordinator string, own []seal.Identity, holder bool, seen, confirmed uint64) (trusted, error) {
	var t trusted
	if len(p.Roster) == 0 {
		return t, errors.New(errLiar + "the file holds no signed roster, so nobody can say who reads")
	}
	roster, err := ticket.DecodeRoster(p.Roster)
	if err != nil {
		return t, errors.New(errLiar + "the roster in the file is damaged or of a later version")
	}
	if err := seal.VerifyRoster(coordinator, roster.Canonical(), p.RosterSignature); err != nil {
		return t, errors.New(errLiar + "the roster in the file is not signed by the coordinator whose key is pinned here")
	}
	if roster.Version < seen && roster.Version != confirmed {
		return t, fmt.Errorf("the file carries roster %d, and this machine has seen roster %d: an older one could bring back a reader who was removed; "+
			"ask the coordinator by voice which one is in force, and if it is %d, open the file again with -roster %d", roster.Version, seen, roster.Version, roster.Version)
	}
	t.roster = roster
	if len(p.Cards) == 0 {
		return t, errors.New(errLiar + "the file holds no reader's card")
	}
	for _, c := range p.Cards {
		e, err := vouched(c, coordinator, roster)
		if err != nil {
			return t, err
		}
		if slices.ContainsFunc(t.readers, func(o ticket.Entry) bool { return o.ID == e.ID }) {
			return t, fmt.Errorf(errLiar+"the card of %s stands in the file twice", e.ID)
		}
		t.readers = append(t.readers, e)
		mine := slices.ContainsFunc(own, func(id seal.Identity) bool { return id.Public() == e.Key })
		if mine && holder == (e.Role == ticket.Recovery) {
			t.me = e
		}
	}
	if t.me.ID == "" && holder {
		return t, errors.New("none of the keys in the identity file is a recovery key of this report")
	}
	if t.me.ID == "" {
		return t, errors.New(errLiar + "your own card is missing from the file, so an answer would not be sealed to you")
	}
	return t, nil
}

// vouched gives the roster entry that a card stands for, if the coordinator signed both and they say the same.
func vouched(c seal.Card, coordinator string, roster ticket.Roster) (ticket.Entry, error) {
	if c.Verify(coordinator) != nil {
		return ticket.Entry{}, fmt.Errorf(errLiar+"the card of the reader %q is not signed by the coordinator", plain(c.ID))
	}
	e, ok := roster.Find(c.ID)
	switch {
	case !ok || !e.Usable():
		return e, fmt.Errorf(errLiar+"the reader %q is not, or no longer, in the signed roster", plain(c.ID))
	case c.Version != roster.Version:
		return e, fmt.Errorf(errLiar+"the card of %s is of roster %d, the file carries roster %d", e.ID, c.Version, roster.Version)
	case e.Key != c.Key || e.Name != c.Name || (e.Role == ticket.Recovery) != (c.Role == "recovery"):
		return e, fmt.Errorf(errLiar+"the card of %s says something else than the signed roster", e.ID)
	}
	return e, nil
}
