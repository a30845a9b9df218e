package main

import (
	"bytes"
	"errors"
	"fmt"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// verifier opens the messages of a thread beside the report, and holds what claims to come from a reader against the
// seed that only readers know. The server, which passed all of it on, is believed in nothing of this.
//
// What it cannot tell: who among the readers has signed, and whether the server left a message out. That it cut the record of
// who did what is seen where a reader has written since: see watchTrail.
type verifier struct {
	report [16]byte
	public []byte
	ids    []seal.Identity
}

// errSpoilt is a message beside which the others are shown: it is damaged, or one of the readers made it so.
var errSpoilt = errors.New("a message opens to nothing that could be shown")

// open opens one message. Sealed is false for what does not open with the keys at hand; forged is set for what no reader
// signed, whether it opens or not. What a reader signed is no lie of the server, and holds up nothing.
func (v verifier) open(item seal.Item) (e entry, sealed bool, err error) {
	e.item = item
	a, signed := item.Answer()
	kind, lie := "", func(err error) error { return err }
	if signed {
		kind = a.Header.Kind
		if e.forged = !v.good(a, item.ID); !e.forged {
			lie = func(error) error { return errSpoilt }
		}
	}
	if len(item.File) == 0 {
		if kind != ticket.TypeShare || len(a.Header.Readers) != 1 {
			return e, false, errDamaged
		}
		e.added = a.Header.Readers[0].ID
		return e, true, nil
	}
	var copies []seal.Grant // that a reader made: others are left aside, and told of
	for _, g := range item.Copies {
		if v.goodCopy(g, item) {
			copies = append(copies, g)
		} else {
			e.forged = true
		}
	}
	e.Inside, e.file, err = openItem(item, copies, v.ids)
	if errors.Is(err, seal.ErrNotForYou) {
		return e, false, nil
	}
	if errors.Is(err, errUpdate) {
		return e, false, fmt.Errorf("%w: %w", errSpoilt, errUpdate)
	}
	if err != nil {
		return e, false, errSpoilt
	}
	if about, _ := e.About(); about != ticket.ID(v.report) {
		return e, false, lie(errOther)
	}
	switch e.Type() {
	case ticket.TypeReport:
		return e, false, lie(errNotFirst)
	case ticket.TypeMessage: // the reporter signs nothing
		e.forged = e.forged || signed
	default:
		e.forged = e.forged || kind != e.Type()
	}
	return e, true, nil
}

// good says whether a reader of this report signed this, to stand in this place.
func (v verifier) good(a seal.Answer, id [16]byte) bool {
	return a.Header.Report == v.report && a.Header.Message == id && a.Header.Of == [16]byte{} && a.Verify(v.public) == nil
}

func (v verifier) goodCopy(g seal.Grant, item seal.Item) bool {
	return g.Header.Report == v.report && g.Header.Of == item.ID && g.Header.Kind == ticket.TypeCopy && g.Verify(v.public, item.File) == nil
}

// forgedCopy says whether a message was opened by a copy that no reader made.
func (v verifier) forgedCopy(e entry) bool {
	if bytes.Equal(e.file, e.item.File) {
		return false
	}
	for _, g := range e.item.Copies {
		if file, err := g.File(e.item.File); err == nil && bytes.Equal(file, e.file) {
			return !v.goodCopy(g, e.item)
		}
	}
	return true
}
