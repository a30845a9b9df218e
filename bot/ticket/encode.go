package ticket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// The first byte of an encoded outer record says in which form it was written. The first form knows no tray, and is still
// read.
const (
	firstVersion  = 1
	reportVersion = 2
)

// Limits of an encoded outer record, above what is ever written (everyone of the largest roster can be excluded), so that
// damaged bytes cannot ask for memory.
const (
	maxText = 128
	maxList = 2 * maxEntries
)

// errDamaged says that bytes are no outer record. It carries nothing of them.
var errDamaged = errors.New("damaged or of a later version")

// Append writes the outer record behind b: one form for one report, the version first.
func (r Report) Append(b []byte) []byte { return r.appendAs(b, reportVersion) }

func (r Report) appendAs(b []byte, version byte) []byte {
	b = append(b, version)
	b = append(b, r.ID[:]...)
	b = appendText(b, string(r.Code))
	b = binary.AppendUvarint(b, uint64(r.Day))
	b = binary.AppendUvarint(b, uint64(len(r.Due)))
	for _, d := range r.Due {
		b = appendText(b, string(d.Step))
		b = binary.AppendVarint(b, d.From.Unix())
		b = binary.AppendVarint(b, d.At.Unix())
		b = append(b, byte(d.Made))
	}
	for _, s := range []string{string(r.Kind), string(r.Urgency), r.Area, r.Lang, string(r.State), string(r.Class)} {
		b = appendText(b, s)
	}
	b = appendBool(b, r.Hold)
	b = binary.AppendUvarint(b, uint64(len(r.Readers)))
	for _, x := range r.Readers {
		b = appendBool(appendText(b, x.Person), x.Handed)
	}
	b = binary.AppendUvarint(b, uint64(len(r.Excluded)))
	for _, x := range r.Excluded {
		b = appendText(b, x)
	}
	b = append(b, r.MailboxID[:]...)
	b = appendText(b, r.MailboxKey)
	b = append(b, r.SigningKey[:]...)
	b = appendBool(b, r.Unread)
	if version == firstVersion {
		return b
	}
	return append(b, byte(r.Tray))
}

// DecodeReport reads an outer record. It takes any bytes, and accepts only those that Append would write, or wrote before
// there were trays.
func DecodeReport(b []byte) (Report, error) {
	d := decoder{rest: b}
	version := d.byte()
	if version < firstVersion || version > reportVersion {
		d.fail()
	}
	var r Report
	copy(r.ID[:], d.take(len(r.ID)))
	r.Code = Code(d.text())
	day := d.uvarint(1<<32 - 1)
	r.Day = Day(day)
	for range d.uvarint(maxList) {
		r.Due = append(r.Due, Due{
			Step: Step(d.text()), From: time.Unix(d.varint(), 0).UTC(), At: time.Unix(d.varint(), 0).UTC(),
			Made: Made(d.byte()),
		})
		if d.bad {
			break
		}
	}
	r.Kind, r.Urgency, r.Area, r.Lang = Kind(d.text()), Urgency(d.text()), d.text(), d.text()
	r.State, r.Class, r.Hold = State(d.text()), Class(d.text()), d.bool()
	for range d.uvarint(maxList) {
		r.Readers = append(r.Readers, Reader{Person: d.text(), Handed: d.bool()})
		if d.bad {
			break
		}
	}
	for range d.uvarint(maxList) {
		r.Excluded = append(r.Excluded, d.text())
		if d.bad {
			break
		}
	}
	copy(r.MailboxID[:], d.take(len(r.MailboxID)))
	r.MailboxKey = d.text()
	copy(r.SigningKey[:], d.take(len(r.SigningKey)))
	r.Unread = d.bool()
	if version > firstVersion {
		r.Tray = Tray(d.byte())
	}
	// One form for one report: whatever decodes to something that would be written differently was not written here.
	if d.bad || len(d.rest) > 0 || !r.State.Valid() || r.Tray > TrayLow || !bytes.Equal(r.appendAs(nil, version), b) {
		return Report{}, fmt.Errorf("reading a report: %w", errDamaged)
	}
	return r, nil
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// decoder reads field after field; after the first damage it gives zero values only.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) fail() { d.bad, d.rest = true, nil }

func (d *decoder) take(n int) []byte {
	if d.bad || n > len(d.rest) {
		d.fail()
		return nil
	}
	got := d.rest[:n]
	d.rest = d.rest[n:]
	return got
}

func (d *decoder) byte() byte {
	b := d.take(1)
	if d.bad {
		return 0
	}
	return b[0]
}

func (d *decoder) bool() bool {
	b := d.byte()
	if b > 1 {
		d.fail()
	}
	return b == 1
}

func (d *decoder) uvarint(max uint64) uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 || v > max {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) text() string { return string(d.take(int(d.uvarint(maxText)))) }
