package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"amana/bot/seal"
)

// Entry is one line of an audit chain: what was done with a report, or to the mission's own records.
type Entry struct {
	Day  Day    `json:"day"`
	Who  string `json:"who,omitempty"` // roster id, "reporter", "clock" or "operator"
	Did  string `json:"did"`           // "filed", "handed", "acknowledged", "answered", "excluded", ...
	Whom string `json:"whom,omitempty"`
	File []byte `json:"file,omitempty"` // SHA-256 of the inner age file, so that encrypting anew leaves the chain valid
}

type link struct {
	Entry
	Chain []byte `json:"chain"`
}

type chainHead struct {
	Next  int    `json:"next"`
	Chain []byte `json:"chain"`
}

// ErrBroken says that an audit chain does not hold together: an entry was changed, left out or put in.
var ErrBroken = errors.New("the audit chain is broken")

// HashFile gives what an entry says of a sealed file.
func HashFile(file []byte) []byte {
	sum := sha256.Sum256(file)
	return sum[:]
}

// Audit adds a line to the chain of one report. That chain alone knows exclusion, hand-out and escalation.
func (w *Write) Audit(under seal.KeyID, report ID, e Entry) error {
	owner, err := w.owner(under, "audit", report)
	if err != nil {
		return err
	}
	return w.link(func(id ID) []byte { return ownerKey(chains, owner, id) }, under, e)
}

// AuditShared adds a line to the chain of the mission: roster, keys, backups. It never names a report.
func (w *Write) AuditShared(e Entry) error {
	return w.link(func(id ID) []byte { return key(shared, id) }, w.s.house.Standing(), e)
}

// ReportChain gives the audit chain of one report, after it has been found whole.
func (r *Read) ReportChain(under seal.KeyID, report ID) ([]Entry, error) {
	owner, err := r.owner(under, "audit", report)
	if err != nil {
		return nil, err
	}
	entries, _, err := r.chain(key(chains, owner))
	return entries, err
}

// ReportLinks gives the chain of one report with the link of each line, after it has been found whole.
func (r *Read) ReportLinks(under seal.KeyID, report ID) ([]Entry, [][32]byte, error) {
	owner, err := r.owner(under, "audit", report)
	if err != nil {
		return nil, nil, err
	}
	return r.chain(key(chains, owner))
}

// ChainLength gives how many lines the audit chain of a report has, without reading them.
func (r *Read) ChainLength(under seal.KeyID, report ID) (int, error) {
	owner, err := r.owner(under, "audit", report)
	if err != nil {
		return 0, err
	}
	head, err := r.head(ownerKey(chains, owner, headID))
	return head.Next, err
}

// SharedChain gives the audit chain of the mission, after it has been found whole.
func (r *Read) SharedChain() ([]Entry, error) {
	entries, _, err := r.chain([]byte{byte(shared)})
	return entries, err
}

// SharedEnd gives how many lines the mission's chain has, and its last link.
func (r *Read) SharedEnd() (n int, link []byte, err error) {
	head, err := r.head(key(shared, headID))
	return head.Next, head.Chain, err
}

// SharedLink gives the link of one line of the mission's chain; nil where there is no such line.
func (r *Read) SharedLink(n int) ([]byte, error) {
	var l link
	found, err := r.standing(key(shared, numbered(n)), &l)
	if err != nil || !found {
		return nil, err
	}
	return l.Chain, nil
}

func (w *Write) link(at func(ID) []byte, under seal.KeyID, e Entry) error {
	head, err := w.head(at(headID))
	if err != nil {
		return err
	}
	text, err := encode(e)
	if err != nil {
		return err
	}
	sum := seal.Chain([32]byte(head.Chain), text)
	plain, err := encode(link{Entry: e, Chain: sum[:]})
	if err != nil {
		return err
	}
	head.Next++
	if err := w.put(at(numbered(head.Next)), under, plain); err != nil {
		return err
	}
	head.Chain = sum[:]
	if plain, err = encode(head); err != nil {
		return err
	}
	return w.put(at(headID), under, plain)
}

func (r *Read) head(k []byte) (chainHead, error) {
	head := chainHead{Chain: make([]byte, 32)}
	plain, _, found, err := r.get(k)
	if err != nil || !found {
		return head, err
	}
	if err := decode(plain, &head); err != nil {
		return head, err
	}
	if len(head.Chain) != 32 {
		return head, errRecord
	}
	return head, nil
}

func (r *Read) chain(prefix []byte) (entries []Entry, links [][32]byte, err error) {
	head, err := r.head(append(bytes.Clone(prefix), headID[:]...))
	if err != nil {
		return nil, nil, err
	}
	var last [32]byte
	err = r.scan(prefix, 200, func(k, value []byte) (bool, error) {
		id := ID(k[len(prefix):])
		if id == headID {
			return true, nil
		}
		plain, _, err := r.s.house.Open(k, value)
		if err != nil {
			return false, err
		}
		var l link
		if err := decode(plain, &l); err != nil {
			return false, err
		}
		text, err := encode(l.Entry)
		if err != nil {
			return false, err
		}
		entries = append(entries, l.Entry)
		last = seal.Chain(last, text)
		links = append(links, last)
		if id != numbered(len(entries)) || !bytes.Equal(last[:], l.Chain) {
			return false, fmt.Errorf("entry %d: %w", len(entries), ErrBroken)
		}
		return true, nil
	})
	if err != nil {
		return nil, nil, err
	}
	if head.Next != len(entries) || !bytes.Equal(head.Chain, last[:]) {
		return nil, nil, fmt.Errorf("after entry %d: %w", len(entries), ErrBroken)
	}
	return entries, links, nil
}
