package casework

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Refusal says why an answer file was not taken. It is a word that the staff's catalog ends with.
type Refusal string

// The reasons.
const (
	Unreadable   Refusal = "unreadable" // not an answer file, or damaged on the way
	NotYours     Refusal = "unknown"    // no such report for this person
	BadSignature Refusal = "signature"  // not signed by a reader of this report
	Removed      Refusal = "removed"    // sealed to somebody who no longer reads it
	BadState     Refusal = "state"      // not possible from where the report stands
	OtherBytes   Refusal = "reader"     // this message id was used for other bytes
)

func (r Refusal) Error() string { return "answer refused: " + string(r) }

// Taken says what became of an answer file.
type Taken struct {
	Code    string
	Note    bool     // it is for the readers alone
	Again   bool     // the very same file was taken before
	Missing []string // readers for whom it is not sealed: a holder is asked to seal it again
}

// Answer takes an answer file from a present reader. In one transaction it writes thread, mailbox, state, audit,
// notices and the message id; whatever is wrong with the file is a Refusal, and changes nothing.
func (r *Registry) Answer(ctx context.Context, person string, file []byte) (taken Taken, err error) {
	if err := r.attend(ctx, person); err != nil {
		return taken, err
	}
	a, err := seal.ParseAnswer(file)
	if err != nil || seal.CheckMessage(a.File) != nil || a.Header.Message == [16]byte{} {
		return taken, Unreadable
	}
	ref, err := r.holds(ctx, person, a.Header.Report)
	if err != nil {
		return taken, err
	}
	deed := &answering{Registry: r, person: person, ref: ref, answer: a, hash: store.HashFile(file)}
	if deed.told, err = r.tellings(seal.MaxReaders+1, r.Now()); err != nil {
		return taken, err
	}
	settle, err := r.id()
	if err != nil {
		return taken, err
	}
	err = r.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		taken, err = deed.write(w)
		return err
	})
	return taken, err
}

// answering is an answer file on its way, with all the chance that it needs.
type answering struct {
	*Registry
	person string
	ref    store.Ref
	answer seal.Answer
	hash   []byte
	told   tellings
}

func (d *answering) write(w *store.Write) (taken Taken, err error) {
	h := d.answer.Header
	rep, under, err := w.Report(d.ref)
	if err != nil {
		return taken, err
	}
	if !ticket.MaySee(rep, d.person) {
		return taken, NotYours
	}
	taken.Code, taken.Note = string(rep.Code), h.Kind == ticket.TypeNote
	if d.answer.Verify(rep.SigningKey[:]) != nil {
		return taken, BadSignature
	}
	before, found, err := w.Message(under, store.ID(h.Report), h.Message)
	if err != nil {
		return taken, err
	}
	if found {
		if taken.Again = bytes.Equal(before.Hash, d.hash); !taken.Again {
			return taken, OtherBytes
		}
		return taken, nil
	}
	readers := d.current().Recipients(rep)
	present, sealed := presentKeys(readers), map[string]bool{}
	for _, to := range h.Readers {
		if present[to.ID] != to.Key { // also a key that was lost and replaced
			return taken, Removed
		}
		sealed[to.ID] = true
	}
	for _, e := range readers {
		if !sealed[e.ID] {
			taken.Missing = append(taken.Missing, e.ID)
		}
	}
	return taken, d.keep(w, under, rep, taken.Missing)
}

// keep writes an answer or a note that has passed every check.
func (d *answering) keep(w *store.Write, under seal.KeyID, rep ticket.Report, missing []string) error {
	h, now := d.answer.Header, d.told.at
	next, kind, event := rep, ticket.TypeNote, "note"
	var err error
	switch {
	case h.Kind == ticket.TypeReply:
		kind, event = ticket.TypeReply, "answered"
		to := ticket.State(h.State)
		if to == "" {
			to = rep.State
		}
		if next, err = d.Clock.Answered(rep, to, now); err == nil {
			next, err = d.ring(w, under, next, h)
		}
	case h.Kind != ticket.TypeNote:
		return Unreadable
	case h.State != "":
		next, err = d.Clock.Noted(rep, ticket.State(h.State), now)
	}
	if errors.Is(err, ticket.ErrMove) {
		return BadState
	}
	if err != nil {
		return err
	}
	header, err := h.Encode()
	if err != nil {
		return err
	}
	m := store.Message{
		ID: h.Message, Kind: kind, Day: store.DayOf(now), Header: header, Signature: d.answer.Signature, Hash: d.hash, File: d.answer.File,
	}
	for _, to := range h.Readers {
		m.To = append(m.To, to.Key)
	}
	if err := w.AddMessage(under, rep.ID, m); err != nil {
		return err
	}
	if err := d.put(w, d.ref, under, next, rep); err != nil {
		return err
	}
	to := slices.DeleteFunc(next.Handed(), func(id string) bool { return id == d.person })
	told, err := d.told.rest(w, d.ref, under, event, to)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		if err := told.tell(w, d.ref, under, "reseal", []string{d.person}); err != nil {
			return err
		}
	}
	if err := d.countSteps(w, under, rep, next, kind == ticket.TypeReply, now); err != nil {
		return err
	}
	return w.Audit(under, rep.ID, store.Entry{
		Day: store.DayOf(now), Who: d.person, Did: event, File: store.HashFile(d.answer.File),
	})
}

// ring keeps one neutral line for the reporter's next safe hour, if they chose that and none is unread.
func (d *answering) ring(w *store.Write, under seal.KeyID, rep ticket.Report, h seal.Header) (ticket.Report, error) {
	if len(h.Nudge) == 0 || rep.Unread {
		return rep, nil
	}
	n, wanted, err := d.Store.House().OpenNudge(h.Report, h.Nudge)
	if err != nil || !wanted {
		return rep, nil // a blob that does not open any more ends the nudge, and nothing else
	}
	at, ok := nextSafe(d.told.at.In(d.Zone), d.Safe, n.Hours)
	if !ok {
		return rep, nil
	}
	id, err := w.NudgeID(under, rep.ID)
	if err != nil {
		return rep, err
	}
	rep.Unread = true
	return rep, w.PutNudge(store.Nudge{ID: id, Address: bot.Address(n.Address), Lang: rep.Lang, Hours: n.Hours, At: at.UTC()})
}
