package seal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Reader is one to whom something is sealed. The key is named beside the person, so that a key which was replaced
// meanwhile is told from the present one.
type Reader struct {
	ID  string // roster id
	Key string // age1…
}

// Header is the clear part of what a reader has signed: what the server must know to accept, store and announce it.
type Header struct {
	Report  [16]byte // the report that it belongs to
	Message [16]byte // random; the same id with other bytes is refused
	Of      [16]byte // the message that is sealed once more; zero for all but a copy
	Kind    string   // what it is, such as "answer" or "note"
	State   string   // the report's new state; empty leaves it
	Readers []Reader // to whom the age file is sealed, sorted by id; 1 to 15. Of a share: who is added
	Nudge   []byte   // the blob from the sealed report, or empty; of a bare header: its SHA-256
}

// Bare gives a header without the blob. That is what is signed, kept and handed on: where the reporter can be reached
// comes by in the answer's file, and stays nowhere.
func (h Header) Bare() Header {
	if len(h.Nudge) == NudgeSize {
		sum := sha256.Sum256(h.Nudge)
		h.Nudge = sum[:]
	}
	return h
}

const (
	headerVersion = 1
	maxName       = 32 // of a kind or state
	maxReaderID   = 64
	maxHeader     = 1 + 3*16 + 1 + maxName + 1 + maxName + 1 + MaxReaders*(1+maxReaderID+keySize) + 2 + NudgeSize
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
	case len(h.Nudge) != 0 && len(h.Nudge) != NudgeSize && len(h.Nudge) != sha256.Size:
		return fmt.Errorf("%w: its return address", ErrMalformed)
	}
	for i, r := range h.Readers {
		if !isReaderID(r.ID) || i > 0 && h.Readers[i-1].ID >= r.ID {
			return fmt.Errorf("%w: its readers", ErrMalformed)
		}
		// Whether anything can be sealed to the key is for whoever compares it with the roster.
		if pointOf(r.Key) == nil {
			return fmt.Errorf("%w: a reader's key", ErrMalformed)
		}
	}
	return nil
}

// sortedReaders gives readers in the order of the header.
func sortedReaders(rs []Reader) []Reader {
	return slices.SortedFunc(slices.Values(rs), func(a, b Reader) int { return cmp.Compare(a.ID, b.ID) })
}

// isName accepts a short lower-case word, as flows and states are written.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// isReaderID accepts printable ASCII without spaces.
func isReaderID(s string) bool {
	return s != "" && len(s) <= maxReaderID && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Encode gives the canonical bytes of a bare header, as they were signed.
func (h Header) Encode() ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("writing a header: %w", err)
	}
	return h.Bare().append(nil), nil
}

// ParseHeader reads what Encode wrote.
func ParseHeader(b []byte) (Header, error) {
	h, err := parseHeader(b)
	if err != nil {
		return Header{}, fmt.Errorf("reading a header: %w", err)
	}
	return h, nil
}

// append writes the one canonical form of a header that passed check.
func (h Header) append(b []byte) []byte {
	b = append(b, headerVersion)
	b = append(append(append(b, h.Report[:]...), h.Message[:]...), h.Of[:]...)
	b = append8(append8(b, h.Kind), h.State)
	b = append(b, byte(len(h.Readers)))
	for _, r := range h.Readers {
		b = append8(b, r.ID)
		point := pointOf(r.Key)
		if point == nil {
			point = make([]byte, keySize) // never of a header that passed check
		}
		b = append(b, point...)
	}
	return append16(b, h.Nudge)
}

func parseHeader(b []byte) (Header, error) {
	c := cursor{rest: b}
	var h Header
	if v := c.u8(); v != headerVersion {
		return Header{}, fmt.Errorf("%w: a header of version %d", ErrMalformed, v)
	}
	h.Report, h.Message, h.Of = c.id(), c.id(), c.id()
	h.Kind, h.State = c.text8(), c.text8()
	for range c.u8() {
		r := Reader{ID: c.text8()}
		point := c.take(keySize)
		if c.bad {
			break
		}
		r.Key = encodeBech32(publicName, point)
		h.Readers = append(h.Readers, r)
	}
	if nudge := c.bytes16(); len(nudge) > 0 {
		h.Nudge = bytes.Clone(nudge)
	}
	if !c.done() {
		return Header{}, fmt.Errorf("%w: a header that does not end where it should", ErrMalformed)
	}
	return h, h.check()
}
