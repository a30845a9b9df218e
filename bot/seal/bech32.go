package seal

import (
	"errors"
	"strings"
)

// Bech32 (BIP 173, without its limit of 90 characters) is how age writes its keys. The library does not export its
// writer, and a key derived from a receipt has to be written somehow.

const bech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// encodeBech32 writes data behind a lower-case name.
func encodeBech32(name string, data []byte) string {
	values := regroup(data, 8, 5, true)
	sum := bech32Sum(name, append(append([]byte(nil), values...), 0, 0, 0, 0, 0, 0)) ^ 1
	var b strings.Builder
	b.WriteString(name)
	b.WriteByte('1')
	for _, v := range values {
		b.WriteByte(bech32Digits[v])
	}
	for i := range 6 {
		b.WriteByte(bech32Digits[sum>>(5*(5-i))&31])
	}
	return b.String()
}

var errBech32 = errors.New("not bech32")

// decodeBech32 reads what encodeBech32 wrote, in lower case only, so that one key has one spelling.
func decodeBech32(name, s string) ([]byte, error) {
	body, found := strings.CutPrefix(s, name+"1")
	if !found || len(body) < 6 {
		return nil, errBech32
	}
	values := make([]byte, len(body))
	for i := range len(body) {
		v := strings.IndexByte(bech32Digits, body[i])
		if v < 0 {
			return nil, errBech32
		}
		values[i] = byte(v)
	}
	if bech32Sum(name, values) != 1 {
		return nil, errBech32
	}
	data := regroup(values[:len(values)-6], 5, 8, false)
	if data == nil || encodeBech32(name, data) != s {
		return nil, errBech32
	}
	return data, nil
}

// regroup cuts a row of from-bit groups into to-bit groups. Without padding, left-over bits must be zero.
func regroup(in []byte, from, to uint, pad bool) []byte {
	var acc, bits uint
	out := make([]byte, 0, len(in)*int(from)/int(to)+1)
	for _, v := range in {
		acc = acc<<from | uint(v)
		bits += from
		for bits >= to {
			bits -= to
			out = append(out, byte(acc>>bits&(1<<to-1)))
		}
		acc &= 1<<bits - 1
	}
	switch {
	case pad && bits > 0:
		out = append(out, byte(acc<<(to-bits)&(1<<to-1)))
	case !pad && (bits >= from || acc != 0):
		return nil
	}
	return out
}

func bech32Sum(name string, values []byte) uint32 {
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for i := range len(name) {
		step(name[i] >> 5)
	}
	step(0)
	for i := range len(name) {
		step(name[i] & 31)
	}
	for _, v := range values {
		step(v)
	}
	return sum
}
