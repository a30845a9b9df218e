package seal

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Trail is the end of a report's audit chain, as it stood when the report was handed out: how many lines there are, and the
// beginnings of the last links. The lines stay with the server. Whoever has seen one end of the chain can tell from a later
// one whether anything before was cut off, put in or changed; who holds the house keys can write a chain that holds together
// by itself, and cannot write one that ends as others have seen it.
type Trail struct {
	Lines int
	Links [][]byte // LinkSize bytes each, the last one last; at most MaxTrail
}

const (
	// LinkSize is how much of a link is handed out.
	LinkSize = 16
	// MaxTrail is how many links travel. A line before them is no longer told from another.
	MaxTrail = 256
)

// TrailOf gives the end of a chain by all its links.
func TrailOf(links [][32]byte) Trail {
	t := Trail{Lines: len(links)}
	for _, l := range links[max(0, len(links)-MaxTrail):] {
		t.Links = append(t.Links, bytes.Clone(l[:LinkSize]))
	}
	return t
}

// Last gives the last link; nil where there is none.
func (t Trail) Last() []byte {
	if len(t.Links) == 0 {
		return nil
	}
	return t.Links[len(t.Links)-1]
}

// Holds says whether the chain still has the line with a number, from 1, and the link that somebody saw there. What lies
// before the links that travel is taken to hold.
func (t Trail) Holds(line int, link []byte) bool {
	at := line - 1 - (t.Lines - len(t.Links))
	return line <= t.Lines && (at < 0 || bytes.Equal(t.Links[at], link))
}

// Equal says whether two are the same.
func (t Trail) Equal(other Trail) bool {
	return bytes.Equal(t.append(nil), other.append(nil))
}

func (t Trail) check() error {
	if t.Lines == 0 && len(t.Links) == 0 {
		return nil
	}
	if len(t.Links) == 0 || len(t.Links) > MaxTrail || t.Lines < len(t.Links) || t.Lines > 1<<30 {
		return fmt.Errorf("%w: the end of its chain", ErrMalformed)
	}
	for _, l := range t.Links {
		if len(l) != LinkSize {
			return fmt.Errorf("%w: the end of its chain", ErrMalformed)
		}
	}
	return nil
}

// append writes nothing where there is no chain, and the packet is then of the version from before there were any.
func (t Trail) append(b []byte) []byte {
	if t.Lines == 0 {
		return b
	}
	b = binary.BigEndian.AppendUint32(b, uint32(t.Lines))
	b = binary.BigEndian.AppendUint16(b, uint16(len(t.Links)))
	return append(b, bytes.Join(t.Links, nil)...)
}

func (c *cursor) trail() (t Trail) {
	t.Lines = int(c.u32())
	for range c.u16() {
		if c.bad {
			break
		}
		t.Links = append(t.Links, c.take(LinkSize))
	}
	c.bad = c.bad || t.Lines == 0
	return t
}
