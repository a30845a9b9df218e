package seal

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// grantLine opens a file of grants, so that a person who looks into it sees what it is.
const grantLine = "amana grants 1\n"

// MaxGrants is the length of the longest file of grants: what the staff bot fetches. It holds some three hundred copies
// or more; what needs more room goes into several files.
const MaxGrants = 1 << 20

// GrantFiles writes grants of one report into as few files as hold them, in order.
func GrantFiles(grants []Grant) (files [][]byte, err error) {
	var page []Grant
	size := 0
	flush := func() {
		b := binary.BigEndian.AppendUint16([]byte(grantLine), uint16(len(page)))
		for _, g := range page {
			b = g.append(b)
		}
		files, page, size = append(files, b), nil, 0
	}
	for _, g := range grants {
		if err := g.check(); err != nil {
			return nil, fmt.Errorf("writing grants: %w", err)
		}
		if g.Header.Report != grants[0].Header.Report {
			return nil, fmt.Errorf("writing grants: %w: of two reports", ErrMalformed)
		}
		n := len(g.append(nil))
		if len(page) > 0 && len(grantLine)+2+size+n > MaxGrants {
			flush()
		}
		page, size = append(page, g), size+n
	}
	if len(page) > 0 {
		flush()
	}
	return files, nil
}

// ParseGrants reads a foreign file of grants: one or more, all of one report. It checks the form of every part, and no
// signature.
func ParseGrants(b []byte) ([]Grant, error) {
	rest, ok := bytes.CutPrefix(b, []byte(grantLine))
	if !ok || len(b) > MaxGrants {
		return nil, fmt.Errorf("reading grants: %w: not a file of version 1", ErrMalformed)
	}
	c := cursor{rest: bytes.Clone(rest)}
	var grants []Grant
	for range c.u16() {
		g, err := c.grant()
		if err != nil {
			return nil, fmt.Errorf("reading grants: %w", err)
		}
		if len(grants) > 0 && g.Header.Report != grants[0].Header.Report {
			return nil, fmt.Errorf("reading grants: %w: of two reports", ErrMalformed)
		}
		grants = append(grants, g)
	}
	if !c.done() || len(grants) == 0 {
		return nil, fmt.Errorf("reading grants: %w: it does not end where it should", ErrMalformed)
	}
	return grants, nil
}
