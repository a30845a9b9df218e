package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of one receipt: 0.2 to 0.6 core-seconds, 64 MiB.
const (
	stretchPasses  = 3
	stretchMemory  = 64 << 10 // KiB
	stretchThreads = 1
	receiptDigits  = 16
)

// Stretched is a receipt after the slow step. With a month's pepper it names and opens one mailbox.
type Stretched struct {
	quiet
	x hidden[[keySize]byte]
}

// Stretch runs the slow step for a receipt of 16 ASCII digits; the check digit was tested before. It waits for a place
// in the kiln as long as the context lasts.
func (h *House) Stretch(ctx context.Context, k *Kiln, receipt string) (Stretched, error) {
	if len(receipt) != receiptDigits || strings.Trim(receipt, "0123456789") != "" {
		return Stretched{}, errors.New("stretching a receipt: not 16 digits")
	}
	h.mu.RLock()
	salt := h.installation
	h.mu.RUnlock()
	var s Stretched
	if err := k.fire(ctx, func() { s = stretch(receipt, salt, k.heat) }); err != nil {
		return Stretched{}, fmt.Errorf("stretching a receipt: %w", err)
	}
	return s, nil
}

func stretch(receipt string, installation *[keySize]byte, h heat) Stretched {
	x := argon2.IDKey([]byte(receipt), installation[:], h.passes, h.memory, stretchThreads, keySize)
	return Stretched{x: hide((*[keySize]byte)(x))}
}

// Pepper is what a month adds to a receipt. It may outlive its month as a record under a later one, for the reports
// that do.
type Pepper struct {
	quiet
	month  KeyID
	secret hidden[[keySize]byte]
}

// Month names the month and class of the pepper.
func (p Pepper) Month() KeyID { return p.month }

// Reveal gives the pepper's bytes, to be stored sealed when it is carried on.
func (p Pepper) Reveal() []byte { return bytes.Clone(p.secret()[:]) }

// CarriedPepper restores a pepper from the bytes of Reveal.
func CarriedPepper(month KeyID, secret []byte) (Pepper, error) {
	if _, _, ok := month.Month(); !ok || len(secret) != keySize {
		return Pepper{}, fmt.Errorf("reading a carried pepper: %w", ErrMalformed)
	}
	return Pepper{month: month, secret: hide((*[keySize]byte)(bytes.Clone(secret)))}, nil
}

// Pepper gives one month's pepper.
func (h *House) Pepper(id KeyID) (Pepper, error) {
	k, ok := h.key(id)
	if _, _, month := id.Month(); !ok || !month {
		return Pepper{}, fmt.Errorf("taking the pepper of %q: %w", string(id), ErrForgotten)
	}
	return Pepper{month: id, secret: hide(k.pepper)}, nil
}

// Peppers gives the peppers of all living months and classes, newest month first: the order in which an entered
// receipt is tried. Carried peppers come after them.
func (h *House) Peppers() []Pepper {
	h.mu.RLock()
	defer h.mu.RUnlock()
	ids := h.living()
	slices.Reverse(ids) // "2026-11-report" sorts by year and month
	out := make([]Pepper, 0, len(ids))
	for _, id := range ids {
		if _, _, ok := id.Month(); ok {
			out = append(out, Pepper{month: id, secret: hide(h.keys[id].pepper)})
		}
	}
	return out
}

// Mailbox is where the answers to one receipt lie in one month.
type Mailbox struct {
	ID     [16]byte // found in the index; says nothing without the receipt
	Public string   // age1…, the sixteenth place of messages for the reporter
	Key    Identity // opens them while the receipt is in use, and is never stored
}

// MailboxID gives the name alone, in microseconds: years of peppers are tried with it.
func (s Stretched) MailboxID(p Pepper) [16]byte {
	return [16]byte(derive(s.x()[:], p.secret()[:], "mailbox id")[:16])
}

// Mailbox gives the mailbox that belongs to the receipt under a pepper.
func (s Stretched) Mailbox(p Pepper) Mailbox {
	key := identityFrom(derive(s.x()[:], p.secret()[:], "mailbox key"))
	return Mailbox{ID: s.MailboxID(p), Public: key.Public(), Key: key}
}
