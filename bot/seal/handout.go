package seal

import (
	"fmt"
	"slices"

	"filippo.io/age"
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
		return nil, fmt.Errorf("handing out a thread of %d messages: %w", len(p.Thread), ErrTooLong)
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
		for n < len(rest) && rest[n].size() <= left {
			left -= rest[n].size()
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
