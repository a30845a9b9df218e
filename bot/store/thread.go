package store

import (
	"errors"
	"fmt"
	"slices"

	"amana/bot/seal"
)

// Message is one sealed message of a report: an age file that the server cannot open, and the little that it knows. A
// copy seals another message of the thread once more, and its file is a new head for that one; a share has no file.
type Message struct {
	ID        ID       `json:"id"`
	Seq       int      `json:"seq"`  // place in the thread, from 0
	Kind      string   `json:"kind"` // "report", "message", "answer", "note", "share", "copy"
	Day       Day      `json:"day"`
	Of        ID       `json:"of,omitzero"`      // of a copy: which message
	To        []string `json:"to,omitempty"`     // public keys of those to whom it is sealed, the reporter and nobody's keys aside
	Header    []byte   `json:"header,omitempty"` // of what a reader signed, as it was signed
	Signature []byte   `json:"signature,omitempty"`
	By        string   `json:"by,omitempty"`     // of a share or a copy: who brought it, as the audit chain says too
	Hash      []byte   `json:"hash,omitempty"`   // SHA-256 of all that brought it, which tells a repeat from another
	Voices    []ID     `json:"voices,omitempty"` // sealed voice messages that hang to it, which lie beside the database
	Fresh     bool     `json:"-"`                // the mailbox was not opened since it came
	File      []byte   `json:"-"`
}

// threadHead says how long a thread is, and how much of it lay there when the mailbox was last opened.
type threadHead struct {
	Next int `json:"next"`
	Seen int `json:"seen,omitempty"`
}

// headID is the place of a thread's head and of a chain's. Messages and entries never have it.
var headID = ID{}

func (r *Read) owner(under seal.KeyID, label string, report ID) (ID, error) {
	return r.s.house.MonthMAC(under, label, report[:])
}

func (r *Read) threadHead(owner ID) (head threadHead, err error) {
	plain, _, found, err := r.get(ownerKey(threads, owner, headID))
	if err != nil || !found {
		return head, err
	}
	return head, decode(plain, &head)
}

func (w *Write) putThreadHead(under seal.KeyID, owner ID, head threadHead) error {
	plain, err := encode(head)
	if err != nil {
		return err
	}
	return w.put(ownerKey(threads, owner, headID), under, plain)
}

// Thread gives the sealed messages of a report in their order. It reads as many records as there are, which an update
// may not: threads are read in a view.
func (r *Read) Thread(under seal.KeyID, report ID) (thread []Message, err error) {
	owner, err := r.owner(under, "thread", report)
	if err != nil {
		return nil, err
	}
	head, err := r.threadHead(owner)
	if err != nil {
		return nil, err
	}
	var damaged error
	err = r.scan(key(threads, owner), 100, func(k, value []byte) (bool, error) {
		if ID(k[17:]) == headID {
			return true, nil
		}
		m, err := r.openMessage(k, value)
		if errors.Is(err, seal.ErrTampered) {
			damaged = err
			return true, nil
		}
		if err == nil {
			m.Fresh = m.Seq >= head.Seen
			thread = append(thread, m)
		}
		return true, err
	})
	err = errors.Join(err, damaged)
	slices.SortFunc(thread, func(a, b Message) int { return a.Seq - b.Seq })
	return thread, err
}

// ThreadLength gives how many messages a thread has, without reading them.
func (r *Read) ThreadLength(under seal.KeyID, report ID) (int, error) {
	owner, err := r.owner(under, "thread", report)
	if err != nil {
		return 0, err
	}
	head, err := r.threadHead(owner)
	return head.Next, err
}

// Message gives one sealed message of a report.
func (r *Read) Message(under seal.KeyID, report, id ID) (m Message, found bool, err error) {
	owner, err := r.owner(under, "thread", report)
	if err != nil || id == headID {
		return m, false, err
	}
	k := ownerKey(threads, owner, id)
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return m, false, err
	}
	m, err = r.openMessage(k, value)
	return m, true, err
}

func (r *Read) openMessage(k, value []byte) (m Message, err error) {
	plain, _, err := r.s.house.Open(k, value)
	if err != nil {
		return m, fmt.Errorf("reading a thread: %w", err)
	}
	m.File, err = splitFile(plain, &m)
	return m, err
}

// AddMessage puts a sealed message at the end of a thread. Its place is given here, whatever the message says.
func (w *Write) AddMessage(under seal.KeyID, report ID, m Message) error {
	owner, err := w.owner(under, "thread", report)
	if err != nil {
		return err
	}
	if m.ID == headID {
		return errors.New("writing a thread: a message without an id")
	}
	head, err := w.threadHead(owner)
	if err != nil {
		return err
	}
	m.Seq = head.Next
	head.Next++
	if err := w.putThreadHead(under, owner, head); err != nil {
		return err
	}
	plain, err := withFile(m, m.File)
	if err != nil {
		return err
	}
	for _, id := range m.Voices {
		if err := w.put(key(voices, id), under, report[:]); err != nil {
			return err
		}
	}
	return w.put(ownerKey(threads, owner, m.ID), under, plain)
}

// SeenUntil notes that the mailbox was opened when its thread had so many messages: none of them is fresh any more.
func (w *Write) SeenUntil(under seal.KeyID, report ID, length int) error {
	owner, err := w.owner(under, "thread", report)
	if err != nil {
		return err
	}
	head, err := w.threadHead(owner)
	if err != nil || head.Seen >= length {
		return err
	}
	head.Seen = length
	return w.putThreadHead(under, owner, head)
}
