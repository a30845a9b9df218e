package store

import (
	"fmt"
	"slices"

	"amana/bot/seal"
)

// Message is one sealed message of a report: an age file that the server cannot open, and the little that it knows.
type Message struct {
	ID    ID     `json:"id"`
	Seq   int    `json:"seq"`  // place in the thread, from 0
	Kind  string `json:"kind"` // "report", "message", "answer", "note"
	Day   Day    `json:"day"`
	From  string `json:"from,omitempty"` // roster id; empty for the reporter
	Hash  []byte `json:"hash"`           // SHA-256 of the whole file that brought it, which tells a repeat from another
	Fresh bool   `json:"fresh,omitempty"`
	File  []byte `json:"-"`
}

// threadHead says how long a thread is.
type threadHead struct {
	Next int `json:"next"`
}

// headID is the place of a thread's head and of a chain's. Messages and entries never have it.
var headID = ID{}

func (r *Read) owner(under seal.KeyID, label string, report ID) (ID, error) {
	return r.s.house.MonthMAC(under, label, report[:])
}

// Thread gives the sealed messages of a report in their order.
func (r *Read) Thread(under seal.KeyID, report ID) (thread []Message, err error) {
	owner, err := r.owner(under, "thread", report)
	if err != nil {
		return nil, err
	}
	err = r.scan(key(threads, owner), 100, func(k, value []byte) (bool, error) {
		if ID(k[17:]) == headID {
			return true, nil
		}
		m, err := r.openMessage(k, value)
		if err == nil {
			thread = append(thread, m)
		}
		return true, err
	})
	slices.SortFunc(thread, func(a, b Message) int { return a.Seq - b.Seq })
	return thread, err
}

// Message gives one sealed message of a report.
func (r *Read) Message(under seal.KeyID, report, id ID) (m Message, found bool, err error) {
	owner, err := r.owner(under, "thread", report)
	if err != nil {
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

// AddMessage puts a sealed message at the end of a thread.
func (w *Write) AddMessage(under seal.KeyID, report ID, m Message) error {
	owner, err := w.owner(under, "thread", report)
	if err != nil {
		return err
	}
	var head threadHead
	hk := ownerKey(threads, owner, headID)
	plain, _, found, err := w.get(hk)
	if err != nil {
		return err
	}
	if found {
		if err := decode(plain, &head); err != nil {
			return err
		}
	}
	m.Seq = head.Next
	head.Next++
	if plain, err = encode(head); err != nil {
		return err
	}
	if err := w.put(hk, under, plain); err != nil {
		return err
	}
	return w.PutMessage(under, report, m)
}

// PutMessage writes a message in the place of itself, as when it was read or sealed again for one more reader.
func (w *Write) PutMessage(under seal.KeyID, report ID, m Message) error {
	owner, err := w.owner(under, "thread", report)
	if err != nil {
		return err
	}
	plain, err := withFile(m, m.File)
	if err != nil {
		return err
	}
	return w.put(ownerKey(threads, owner, m.ID), under, plain)
}
