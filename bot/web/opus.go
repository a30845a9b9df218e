package web

import "errors"

var errSound = errors.New("taking a voice message: it is no sound of a kind that is taken")

// opus is a sound, taken apart: channels, how much of its beginning is not heard, and its packets.
type opus struct {
	channels byte
	skip     uint16 // samples of 48,000 a second
	packets  [][]byte
	samples  int // of all packets

	commented bool // the comments were passed, in Ogg
}

// Bounds of what is taken: a packet of speech has some hundred bytes, and lasts 60 ms at most in any browser.
const (
	maxPacket  = 8 << 10
	maxPackets = 1 << 16
)

// head reads an OpusHead (RFC 7845, 5.1), of which only what one or two channels need is taken.
func (o *opus) head(b []byte) error {
	if len(b) < 19 || string(b[:8]) != "OpusHead" || b[8]>>4 != 0 || b[9] < 1 || b[9] > 2 || b[18] != 0 {
		return errSound
	}
	o.channels, o.skip = b[9], uint16(b[10])|uint16(b[11])<<8
	return nil
}

// add takes one packet. The bytes stay the caller's.
func (o *opus) add(packet []byte) error {
	n := lasts(packet)
	if n == 0 || len(packet) > maxPacket || len(o.packets) == maxPackets {
		return errSound
	}
	o.packets = append(o.packets, packet)
	o.samples += n
	return nil
}

// seconds is how long it is heard, rounded up.
func (o *opus) seconds() int { return (max(0, o.samples-int(o.skip)) + 47_999) / 48_000 }

// lasts is how many samples a packet holds at 48,000 a second, as its first byte says (RFC 6716, 3.1); zero if it is none.
func lasts(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	config, code := packet[0]>>3, packet[0]&3
	var frame int
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = []int{480, 960, 1920, 2880}[config&3]
	case config < 16: // both: 10, 20 ms
		frame = []int{480, 960}[config&1]
	default: // CELT: 2.5, 5, 10, 20 ms
		frame = 120 << (config & 3)
	}
	frames := 1
	switch code {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		frames = int(packet[1] & 0x3f)
	}
	if n := frame * frames; n <= 5760 {
		return n
	}
	return 0
}

// readSound takes a voice message apart, whichever of the two forms it has.
func readSound(b []byte) (*opus, error) {
	o := &opus{}
	read := readWebM
	if len(b) > 4 && string(b[:4]) == "OggS" {
		read = readOgg
	}
	if err := read(b, o); err != nil {
		return nil, err
	}
	if o.channels == 0 || len(o.packets) == 0 || o.samples <= int(o.skip) {
		return nil, errSound
	}
	return o, nil
}
