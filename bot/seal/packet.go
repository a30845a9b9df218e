package seal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Packet is what a reader gets handed: the thread in order, and who may read now.
type Packet struct {
	Report          [16]byte // the report that was asked for; the reader compares it with the id inside
	Part, Parts     int      // a long thread travels in several packets, counted from 1
	State           string   // where the report stands, by the server's word alone
	Turns           []Turn   // what else only the server knows, in order
	Thread          []Item
	Cards           []Card // present readers and recovery keys
	Roster          []byte // the signed statement about the roster, in the form of whoever made it; may be empty
	RosterSignature []byte
	Trail           Trail // where the report's audit chain ends, by the server's word; Lines 0 where it says nothing
}

// Turn is something that happened to a report and that nobody signed, such as a request to withdraw it.
type Turn struct {
	Day  uint32 // since 1970, UTC
	What string
}

// Item is one message of a thread, or a share.
//
// What a reader signed comes with header and signature, so that the reader's program verifies it; what the reporter
// wrote has none. The age file is the original, for which the signature was made. Copies that name the asking reader
// come beside it as heads, and open the same payload.
type Item struct {
	ID        [16]byte
	Header    *Header // bare
	Signature []byte
	File      []byte  // of the outer form of a message; a share has none
	Copies    []Grant // newest first
	Lacks     []int   // by their place among the cards: whom the server knows to be unable to open it
}

const (
	packetName = "amana handout "
	packetLine = packetName + "1\n" // says nothing of the audit chain
	trailLine  = packetName + "2\n" // ends with it
	maxCards   = 64
	maxRoster  = 32 << 10
	maxText    = 1<<8 - 1
	maxState   = 64
	maxTurns   = 64
	maxCopies  = 8 // that travel with a message
)

// newerLine says whether bytes begin with the line of a version that is not known here.
func newerLine(b []byte, name string) bool {
	rest, ok := bytes.CutPrefix(b, []byte(name))
	n := bytes.IndexByte(rest, '\n')
	if !ok || n < 1 || n > 4 || rest[0] == '0' {
		return false
	}
	_, err := strconv.ParseUint(string(rest[:n]), 10, 16)
	return err == nil
}

// Answer gives a signed message of a thread in the form in which it was signed; ok is false for what nobody signed.
func (i Item) Answer() (a Answer, ok bool) {
	if i.Header == nil {
		return a, false
	}
	return Answer{Header: *i.Header, File: i.File, Signature: i.Signature}, true
}

func (p Packet) size() int { return len(p.append(nil)) }

func (i Item) size() int { return len(i.append(nil)) }

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
	if !isWord(p.State, true) || len(p.Turns) > maxTurns {
		return fmt.Errorf("%w: where it stands", ErrMalformed)
	}
	for _, t := range p.Turns {
		if !isWord(t.What, false) {
			return fmt.Errorf("%w: where it stands", ErrMalformed)
		}
	}
	for _, c := range p.Cards {
		for _, s := range []string{c.ID, c.Name, c.Role, c.Key, string(c.Signature)} {
			if len(s) > maxText {
				return fmt.Errorf("%w: a reader's card", ErrMalformed)
			}
		}
	}
	for _, i := range p.Thread {
		if err := i.check(len(p.Cards)); err != nil {
			return err
		}
	}
	return p.Trail.check()
}

// isWord accepts short printable ASCII, as states are written.
func isWord(s string, empty bool) bool {
	return (empty || s != "") && len(s) <= maxState && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (i Item) check(cards int) error {
	if i.Header != nil {
		if err := i.Header.check(); err != nil {
			return err
		}
		if len(i.Signature) != ed25519.SignatureSize || len(i.Header.Nudge) == NudgeSize {
			return fmt.Errorf("%w: a signature", ErrMalformed)
		}
	}
	if i.Header == nil && len(i.Signature) > 0 || i.Header == nil && len(i.File) == 0 || len(i.Copies) > maxCopies {
		return fmt.Errorf("%w: a message of its thread", ErrMalformed)
	}
	if len(i.File) > 0 {
		if err := CheckMessage(i.File); err != nil {
			return err
		}
	}
	for _, g := range i.Copies {
		if err := g.check(); err != nil {
			return err
		}
		if g.Header.Of != i.ID || len(g.Signature) != ed25519.SignatureSize || len(i.File) == 0 {
			return fmt.Errorf("%w: a copy beside another message", ErrMalformed)
		}
	}
	for n, at := range i.Lacks {
		if at < 0 || at >= cards || n > 0 && i.Lacks[n-1] >= at {
			return fmt.Errorf("%w: who lacks a message", ErrMalformed)
		}
	}
	return nil
}

func (p Packet) append(b []byte) []byte {
	if p.Trail.Lines == 0 {
		b = append(b, packetLine...)
	} else {
		b = append(b, trailLine...)
	}
	b = append(b, p.Report[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(p.Part))
	b = binary.BigEndian.AppendUint16(b, uint16(p.Parts))
	b = append(append8(b, p.State), byte(len(p.Turns)))
	for _, t := range p.Turns {
		b = append8(binary.BigEndian.AppendUint32(b, t.Day), t.What)
	}
	b = append(b, byte(len(p.Cards)))
	for _, c := range p.Cards {
		b = binary.BigEndian.AppendUint64(b, c.Version)
		for _, s := range []string{c.ID, c.Name, c.Role, c.Key, string(c.Signature)} {
			b = append8(b, s)
		}
	}
	b = append8(append32(b, p.Roster), string(p.RosterSignature))
	b = binary.BigEndian.AppendUint16(b, uint16(len(p.Thread)))
	for _, i := range p.Thread {
		b = i.append(b)
	}
	return p.Trail.append(b)
}

func (i Item) append(b []byte) []byte {
	b = append(b, i.ID[:]...)
	if i.Header == nil {
		b = append16(b, nil)
	} else {
		b = append(append16(b, i.Header.append(nil)), i.Signature...)
	}
	b = append(append32(b, i.File), byte(len(i.Copies)))
	for _, g := range i.Copies {
		b = g.append(b)
	}
	b = append(b, byte(len(i.Lacks)))
	for _, at := range i.Lacks {
		b = append(b, byte(at))
	}
	return b
}

func parsePacket(body []byte) (Packet, error) {
	c := cursor{rest: body}
	line := string(c.take(len(packetLine)))
	switch {
	case line == packetLine, line == trailLine:
	case newerLine(body, packetName):
		return Packet{}, ErrNewer
	default:
		return Packet{}, fmt.Errorf("%w: no hand-out", ErrMalformed)
	}
	var p Packet
	p.Report = c.id()
	p.Part, p.Parts = c.u16(), c.u16()
	p.State = c.text8()
	for range c.u8() {
		p.Turns = append(p.Turns, Turn{Day: c.day(), What: c.text8()})
		if c.bad {
			break
		}
	}
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
		i, err := c.item()
		if err != nil {
			return Packet{}, err
		}
		p.Thread = append(p.Thread, i)
	}
	if line == trailLine {
		p.Trail = c.trail()
	}
	if !c.done() {
		return Packet{}, fmt.Errorf("%w: it does not end where it should", ErrMalformed)
	}
	return p, p.check()
}

func (c *cursor) item() (i Item, err error) {
	i.ID = c.id()
	if header := c.bytes16(); len(header) > 0 {
		h, err := parseHeader(header)
		if err != nil {
			return i, err
		}
		i.Header, i.Signature = &h, c.take(ed25519.SignatureSize)
	}
	if file := c.bytes32(); len(file) > 0 {
		i.File = file
	}
	for range c.u8() {
		g, err := c.grant()
		if err != nil {
			return i, err
		}
		i.Copies = append(i.Copies, g)
	}
	for range c.u8() {
		i.Lacks = append(i.Lacks, c.u8())
	}
	if c.bad {
		return i, fmt.Errorf("%w: cut short", ErrMalformed)
	}
	return i, nil
}
