package web

import (
	"encoding/binary"
	"strings"
)

// A page of Ogg (RFC 3533, 6): 27 bytes, then the lengths of its segments, then these.
const (
	pageHead  = 27
	continued = 1
	begins    = 2
	ends      = 4
)

// oggTable is of the sum that Ogg uses: the polynomial of Ethernet, but the other way around.
var oggTable = func() (t [256]uint32) {
	const polynomial = 0x04c11db7
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			if r&0x80000000 != 0 {
				r = r<<1 ^ polynomial
			} else {
				r <<= 1
			}
		}
		t[i] = r
	}
	return t
}()

func oggSum(parts ...[]byte) (sum uint32) {
	for _, p := range parts {
		for _, b := range p {
			sum = sum<<8 ^ oggTable[byte(sum>>24)^b]
		}
	}
	return sum
}

// readOgg takes the packets out of a sound of Opus in Ogg (RFC 7845). Of its comments nothing is taken: they name the
// browser.
func readOgg(b []byte, o *opus) error {
	var serial uint32
	var open []byte // of a packet that goes on
	whole := true
	for n := 0; len(b) > 0; n++ {
		if len(b) < pageHead || string(b[:4]) != "OggS" || b[4] != 0 || len(b) < pageHead+int(b[26]) {
			return errSound
		}
		flags, lengths := b[5], b[pageHead:pageHead+int(b[26])]
		size := 0
		for _, l := range lengths {
			size += int(l)
		}
		head := pageHead + len(lengths)
		if len(b) < head+size {
			return errSound
		}
		sum := oggSum(b[:22], make([]byte, 4), b[26:head+size])
		if sum != binary.LittleEndian.Uint32(b[22:]) {
			return errSound
		}
		if s := binary.LittleEndian.Uint32(b[14:]); n == 0 {
			serial = s
		} else if s != serial {
			return errSound // two sounds in one
		}
		if flags&continued != 0 == whole {
			return errSound // a piece is missing
		}
		body := b[head : head+size]
		for _, l := range lengths {
			if len(open)+int(l) > maxPacket {
				return errSound
			}
			if whole {
				open = body[:l:l]
			} else {
				open = append(open, body[:l]...) // which has no room, so the sound stays as it is
			}
			body = body[l:]
			if whole = l < 255; whole && len(open) > 0 {
				if err := o.oggPacket(open); err != nil {
					return err
				}
			}
		}
		b = b[head+size:]
	}
	if !whole {
		return errSound
	}
	return nil
}

// oggPacket takes one packet: the first says what the sound is, the second is its comments.
func (o *opus) oggPacket(p []byte) error {
	switch {
	case o.channels == 0:
		return o.head(p)
	case !o.commented:
		if o.commented = strings.HasPrefix(string(p[:min(8, len(p))]), "OpusTags"); !o.commented {
			return errSound
		}
		return nil
	}
	return o.add(p)
}

// maxOnPage is how many packets stand on one page: a second of speech, as browsers send it.
const maxOnPage = 50

// ogg puts the packets together as one file, the same for every browser: without a comment, and with a number that means
// nothing.
func (o *opus) ogg() []byte {
	w := &oggWriter{}
	head := append([]byte("OpusHead\x01"), o.channels, byte(o.skip), byte(o.skip>>8), 0x80, 0xbb, 0, 0, 0, 0, 0) // of 48,000 a second
	w.page(begins, 0, [][]byte{head})
	w.page(0, 0, [][]byte{[]byte("OpusTags\x04\x00\x00\x00opus\x00\x00\x00\x00")})
	var at uint64
	for left := o.packets; len(left) > 0; {
		n, segments := 0, 0
		for n < len(left) && n < maxOnPage && segments+len(left[n])/255+1 <= 255 {
			segments += len(left[n])/255 + 1
			at += uint64(lasts(left[n]))
			n++
		}
		flags := byte(0)
		if n == len(left) {
			flags = ends
		}
		w.page(flags, at, left[:n])
		left = left[n:]
	}
	return w.out
}

type oggWriter struct {
	out    []byte
	number uint32
}

// page writes whole packets, which must fit.
func (w *oggWriter) page(flags byte, at uint64, packets [][]byte) {
	var lengths, body []byte
	for _, p := range packets {
		for range len(p) / 255 {
			lengths = append(lengths, 255)
		}
		lengths = append(lengths, byte(len(p)%255))
		body = append(body, p...)
	}
	b := append([]byte("OggS\x00"), flags)
	b = binary.LittleEndian.AppendUint64(b, at)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, w.number)
	b = append(b, 0, 0, 0, 0, byte(len(lengths)))
	b = append(append(b, lengths...), body...)
	binary.LittleEndian.PutUint32(b[22:], oggSum(b))
	w.out, w.number = append(w.out, b...), w.number+1
}
