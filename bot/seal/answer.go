package seal

import (
	"bytes"
	"fmt"
	"strings"
)

// Header is the clear part of an answer file: what the server must know to accept, store and announce it.
type Header struct {
	Report  [16]byte // the report that is answered
	Message [16]byte // random; the same id with other bytes is refused
	Kind    string   // what it is, such as "answer" or "note"
	State   string   // the report's new state; empty leaves it
	Readers []string // roster ids to whom the age file is sealed, sorted; 1 to 15
	Nudge   []byte   // the blob from the sealed report, or empty
}

const (
	headerVersion = 1
	maxName       = 32 // of a kind or state
	maxReaderID   = 64
	maxHeader     = 1 + 16 + 16 + 1 + maxName + 1 + maxName + 1 + MaxReaders*(1+maxReaderID) + 2 + NudgeSize
)

// check refuses what would have a second spelling or does not fit.
func (h Header) check() error {
	switch {
	case !isName(h.Kind):
		return fmt.Errorf("%w: its kind", ErrMalformed)
	case h.State != "" && !isName(h.State):
		return fmt.Errorf("%w: its state", ErrMalformed)
	case len(h.Readers) == 0 || len(h.Readers) > MaxReaders:
		return ErrReaders
	case len(h.Nudge) != 0 && len(h.Nudge) != NudgeSize:
		return fmt.Errorf("%w: its return address", ErrMalformed)
	}
	for i, r := range h.Readers {
		if !isReaderID(r) || i > 0 && h.Readers[i-1] >= r {
			return fmt.Errorf("%w: its readers", ErrMalformed)
		}
	}
	return nil
}

// isName accepts a short lower-case word, as flows and states are written.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// isReaderID accepts printable ASCII without spaces.
func isReaderID(s string) bool {
	return s != "" && len(s) <= maxReaderID && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// append writes the one canonical form of a header that passed check.
func (h Header) append(b []byte) []byte {
	b = append(b, headerVersion)
	b = append(append(b, h.Report[:]...), h.Message[:]...)
	b = append8(append8(b, h.Kind), h.State)
	b = append(b, byte(len(h.Readers)))
	for _, r := range h.Readers {
		b = append8(b, r)
	}
	return append16(b, h.Nudge)
}

func parseHeader(b []byte) (Header, error) {
	c := cursor{rest: b}
	var h Header
	if v := c.u8(); v != headerVersion {
		return Header{}, fmt.Errorf("%w: a header of version %d", ErrMalformed, v)
	}
	h.Report, h.Message = c.id(), c.id()
	h.Kind, h.State = c.text8(), c.text8()
	for range c.u8() {
		h.Readers = append(h.Readers, c.text8())
	}
	if nudge := c.bytes16(); len(nudge) > 0 {
		h.Nudge = bytes.Clone(nudge)
	}
	if !c.done() {
		return Header{}, fmt.Errorf("%w: a header that does not end where it should", ErrMalformed)
	}
	return h, h.check()
}
