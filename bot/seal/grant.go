package seal

import (
	"crypto/ed25519"
	"fmt"
	"io"
)

// Grant is what lets somebody read: a share, which adds a reader to a report, or a copy, which seals a message of it
// once more. Both are signed with the report's seed. Parsed is not yet verified.
//
// A copy holds a new head alone. The payload stays where it is, so that a copy is small, and so that nobody can put
// other words into a reader's hands than those that were stored.
type Grant struct {
	Header    Header
	Head      []byte // of a copy; a share has none
	Signature []byte
}

// IsCopy tells a copy from a share.
func (g Grant) IsCopy() bool { return g.Header.Of != [16]byte{} }

// SignShare adds the one reader whom the header names.
func SignShare(seed Seed, h Header) (Grant, error) {
	g := Grant{Header: h}
	if err := g.check(); err != nil {
		return Grant{}, fmt.Errorf("signing a share: %w", err)
	}
	g.Signature = ed25519.Sign(seed.key(), signed(h, nil))
	return g, nil
}

// SignCopy seals a message, or a copy of it, once more: to the readers of the header, at sixteen places like every
// message. One of the identities has to open it; ErrNotForYou says that none does.
func SignCopy(seed Seed, h Header, file []byte, rand io.Reader, identities ...Identity) (Grant, error) {
	h.Readers = sortedReaders(h.Readers)
	if err := CheckMessage(file); err != nil {
		return Grant{}, fmt.Errorf("signing a copy: %w", err)
	}
	var keys []string
	for _, r := range h.Readers {
		keys = append(keys, r.Key)
	}
	to, err := recipients(keys, "", rand)
	if err != nil {
		return Grant{}, fmt.Errorf("signing a copy: %w", err)
	}
	g := Grant{Header: h}
	if g.Head, err = newHead(file, to, identities); err != nil {
		return Grant{}, fmt.Errorf("signing a copy: %w", err)
	}
	if err := g.check(); err != nil {
		return Grant{}, fmt.Errorf("signing a copy: %w", err)
	}
	g.Signature = ed25519.Sign(seed.key(), signed(h, behead(g.Head, file)))
	return g, nil
}

// File gives the age file of a copy: its head in front of the payload of the message, original or copy.
func (g Grant) File(message []byte) ([]byte, error) {
	if err := CheckMessage(message); err != nil || !g.IsCopy() || checkHead(g.Head) != nil {
		return nil, fmt.Errorf("putting a copy together: %w", ErrMalformed)
	}
	return behead(g.Head, message), nil
}

// Open gives the body of the message of which this is a copy. The errors are those of OpenMessage.
//
// The head of the original has to be made with the very key that the copy wraps. The payload alone does not see to that:
// whoever writes a message can make one that opens to two texts, each under a key of its own.
func (g Grant) Open(message []byte, identities ...Identity) ([]byte, error) {
	file, err := g.File(message)
	if err != nil {
		return nil, err
	}
	key, err := unwrapKey(g.Head, identities)
	if err != nil {
		return nil, fmt.Errorf("opening a copy: %w", err)
	}
	defer clear(key)
	if !wraps(message[:headSize], key) {
		return nil, fmt.Errorf("opening a copy: %w", ErrTampered)
	}
	return OpenMessage(file, identities...)
}

// Verify says whether a reader of the report signed exactly this: a share, or a copy of this very message.
func (g Grant) Verify(public, message []byte) error {
	if err := g.check(); err != nil {
		return fmt.Errorf("verifying a grant: %w", err)
	}
	a := Answer{Header: g.Header, Signature: g.Signature}
	if g.IsCopy() {
		file, err := g.File(message)
		if err != nil {
			return err
		}
		a.File = file
	}
	return a.Verify(public)
}

// Bytes gives the one canonical form of a grant that was parsed or signed, for telling a repeat from another.
func (g Grant) Bytes() []byte { return g.append(nil) }

func (g Grant) check() error {
	if err := g.Header.check(); err != nil {
		return err
	}
	if len(g.Header.Nudge) != 0 || g.Header.State != "" || g.Header.Message == [16]byte{} {
		return fmt.Errorf("%w: a grant with a state, a return address, or without an id", ErrMalformed)
	}
	if g.IsCopy() {
		return checkHead(g.Head)
	}
	if len(g.Head) != 0 || len(g.Header.Readers) != 1 {
		return fmt.Errorf("%w: a share adds one reader, and nothing else", ErrMalformed)
	}
	return nil
}

// append writes a grant that passed check.
func (g Grant) append(b []byte) []byte {
	b = append16(b, g.Header.append(nil))
	b = append(b, g.Signature...)
	return append(b, g.Head...)
}

// grant reads one.
func (c *cursor) grant() (g Grant, err error) {
	header := c.bytes16()
	g.Signature = c.take(ed25519.SignatureSize)
	if c.bad {
		return g, fmt.Errorf("%w: cut short", ErrMalformed)
	}
	if g.Header, err = parseHeader(header); err != nil {
		return g, err
	}
	if g.IsCopy() {
		g.Head = c.take(headSize)
	}
	return g, g.check()
}
