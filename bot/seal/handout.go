package seal

import (
	"encoding/binary"
	"fmt"
	"slices"

	"filippo.io/age"
)

// Packet is what a reader gets handed: the thread's age files in order, and who may read now.
type Packet struct {
	Report          [16]byte // the report that was asked for; the reader compares it with the id inside
	Part, Parts     int      // a long thread travels in several packets, counted from 1
	Thread          [][]byte // age files, each of the outer form of a message
	Cards           []Card   // present readers and recovery keys
	Roster          []byte   // the signed statement about the roster, in the form of whoever made it; may be empty
	RosterSignature []byte
}

const (
	packetLine = "amana handout 1\n"
	maxCards   = 64
	maxRoster  = 32 << 10
	maxText    = 1<<8 - 1
)

// packetPlain are the sizes to which a packet is padded.
var packetPlain = [...]int{64 << 10, 256 << 10, 1 << 20}

// HandOutSizes gives the only lengths that a hand-out can have.
func HandOutSizes() []int {
	out := make([]int, len(packetPlain))
	for i, p := range packetPlain {
		out[i] = sealedSize(1, p)
	}
	return out
}

// HandOut seals a packet to one reader alone. What does not fit into 1 MiB is ErrTooLong; Split prevents that.
func HandOut(p Packet, to string) ([]byte, error) {
	r, err := recipient(to)
	if err != nil {
		return nil, fmt.Errorf("handing out: %w", err)
	}
	body, err := p.encode()
	if err != nil {
		return nil, fmt.Errorf("handing out: %w", err)
	}
	i := slices.IndexFunc(packetPlain[:], func(size int) bool { return len(body) <= size-lengthPrefix })
	if i < 0 {
		return nil, fmt.Errorf("handing out a thread of %d files: %w", len(p.Thread), ErrTooLong)
	}
	plain, err := pad(body, packetPlain[i])
	if err != nil {
		return nil, fmt.Errorf("handing out: %w", err)
	}
	file, err := encrypt(plain, []age.Recipient{r})
	if err != nil {
		return nil, fmt.Errorf("handing out: %w", err)
	}
	return file, nil
}

// Split cuts a thread into packets that each fit, in order and with the same cards.
func Split(p Packet) []Packet {
	bare := p
	bare.Thread = nil
	room := packetPlain[len(packetPlain)-1] - lengthPrefix - bare.size()
	var out []Packet
	for rest, left := p.Thread, room; ; {
		n := 0
		for n < len(rest) && len(rest[n])+lengthPrefix <= left {
			left -= len(rest[n]) + lengthPrefix
			n++
		}
		if n == 0 && len(rest) > 0 {
			n = 1 // does not fit anywhere: HandOut says so
		}
		part := bare
		part.Thread = rest[:n:n]
		out = append(out, part)
		if rest, left = rest[n:], room; len(rest) == 0 {
			break
		}
	}
	for i := range out {
		out[i].Part, out[i].Parts = i+1, len(out)
	}
	return out
}

func (p Packet) size() int { return len(p.append(nil)) }

func (p Packet) encode() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return p.append(nil), nil
}

func (p Packet) check() error {
	if p.Part < 1 || p.Parts < p.Part || p.Parts > 1<<16-1 {
		return fmt.Errorf("%w: part %d of %d", ErrMalformed, p.Part, p.Parts)
	}
	if len(p.Cards) > maxCards || len(p.Roster) > maxRoster || len(p.RosterSignature) > maxText {
		return fmt.Errorf("%w: its readers", ErrMalformed)
	}
	for _, c := range p.Cards {
		for _, s := range []string{c.ID, c.Name, c.Role, c.Key, string(c.Signature)} {
			if len(s) > maxText {
				return fmt.Errorf("%w: a reader's card", ErrMalformed)
			}
		}
	}
	for _, file := range p.Thread {
		if err := CheckMessage(file); err != nil {
			return err
		}
	}
	return nil
}

func (p Packet) append(b []byte) []byte {
	b = append(b, packetLine...)
	b = append(b, p.Report[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(p.Part))
	b = binary.BigEndian.AppendUint16(b, uint16(p.Parts))
	b = append(b, byte(len(p.Cards)))
	for _, c := range p.Cards {
		b = binary.BigEndian.AppendUint64(b, c.Version)
		for _, s := range []string{c.ID, c.Name, c.Role, c.Key, string(c.Signature)} {
			b = append8(b, s)
		}
	}
	b = append8(append32(b, p.Roster), string(p.RosterSignature))
	b = binary.BigEndian.AppendUint16(b, uint16(len(p.Thread)))
	for _, file := range p.Thread {
		b = append32(b, file)
	}
	return b
}

// OpenHandOut gives the packet to the reader to whom it was sealed. The errors are those of OpenMessage.
func OpenHandOut(file []byte, identities ...Identity) (Packet, error) {
	if !slices.Contains(HandOutSizes(), len(file)) || checkPlaces(file, 1) != nil {
		return Packet{}, fmt.Errorf("opening a hand-out: %w", ErrMalformed)
	}
	plain, err := decrypt(file, identities)
	if err != nil {
		return Packet{}, fmt.Errorf("opening a hand-out: %w", err)
	}
	body, err := unpad(plain)
	if err == nil {
		var p Packet
		if p, err = parsePacket(body); err == nil {
			return p, nil
		}
	}
	return Packet{}, fmt.Errorf("opening a hand-out: %w", err)
}

func parsePacket(body []byte) (Packet, error) {
	c := cursor{rest: body}
	if string(c.take(len(packetLine))) != packetLine {
		return Packet{}, fmt.Errorf("%w: not of version 1", ErrMalformed)
	}
	var p Packet
	p.Report = c.id()
	p.Part, p.Parts = c.u16(), c.u16()
	for range c.u8() {
		card := Card{Version: c.u64(), ID: c.text8(), Name: c.text8(), Role: c.text8(), Key: c.text8()}
		card.Signature = []byte(c.text8())
		p.Cards = append(p.Cards, card)
		if c.bad {
			break
		}
	}
	p.Roster, p.RosterSignature = c.bytes32(), []byte(c.text8())
	for range c.u16() {
		p.Thread = append(p.Thread, c.bytes32())
		if c.bad {
			break
		}
	}
	if !c.done() {
		return Packet{}, fmt.Errorf("%w: it does not end where it should", ErrMalformed)
	}
	return p, p.check()
}
