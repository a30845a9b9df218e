package seal

import (
	"fmt"
)

// Nudge is the return address that a person chose to leave: where, and in which hours of their day. It is sealed under
// the month's address key and lies inside the sealed report, so that neither the server nor a reader has it alone.
type Nudge struct {
	quiet
	Address string // in the door's words, at most 96 bytes; empty when the person wants no nudge
	Hours   string // a choice's name, at most 24 bytes
}

const (
	nudgePlain   = 160
	maxAddress   = 96
	maxHours     = 24
	nudgeVersion = 1

	// NudgeSize is the length of every blob, also of one that says "none".
	NudgeSize = keyHead + boxOverhead + nudgePlain
)

// SealNudge gives the blob for a report. A zero Nudge gives one that nobody can tell from the others.
func (h *House) SealNudge(month KeyID, report [16]byte, n Nudge) ([]byte, error) {
	k, ok := h.key(month)
	if _, _, isMonth := month.Month(); !ok || !isMonth {
		return nil, fmt.Errorf("sealing a return address under %q: %w", string(month), ErrForgotten)
	}
	if len(n.Address) > maxAddress || len(n.Hours) > maxHours {
		return nil, fmt.Errorf("sealing a return address: %w", ErrTooLong)
	}
	plain := append([]byte{nudgeVersion}, report[:]...)
	plain = append8(append8(plain, n.Address), n.Hours)
	plain = append(plain, make([]byte, nudgePlain-len(plain))...)
	head, _ := month.head()
	blob, err := k.address.seal(h.rand, head[:], report[:], plain)
	if err != nil {
		return nil, fmt.Errorf("sealing a return address: %w", err)
	}
	return blob, nil
}

// OpenNudge opens a blob that came back in an answer to this report; wanted is false when the person chose none.
// A blob of another report is ErrTampered, one of a forgotten month ErrForgotten.
func (h *House) OpenNudge(report [16]byte, blob []byte) (n Nudge, wanted bool, err error) {
	month, ok := readHead(blob)
	if _, _, isMonth := month.Month(); !ok || !isMonth || len(blob) != NudgeSize {
		return Nudge{}, false, fmt.Errorf("opening a return address: %w", ErrTampered)
	}
	k, ok := h.key(month)
	if !ok {
		return Nudge{}, false, fmt.Errorf("opening a return address under %s: %w", month, ErrForgotten)
	}
	plain, err := k.address.open(blob, keyHead, report[:])
	if err != nil {
		return Nudge{}, false, fmt.Errorf("opening a return address: %w", err)
	}
	c := cursor{rest: plain}
	version, id := c.u8(), c.id()
	n.Address, n.Hours = c.text8(), c.text8()
	if c.bad || version != nudgeVersion || id != report {
		return Nudge{}, false, fmt.Errorf("opening a return address: %w", ErrTampered)
	}
	return n, n.Address != "", nil
}
