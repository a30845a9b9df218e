package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// The outer form of our age files is fixed to the byte: an intro, n X25519 places of equal length, a MAC, a nonce,
// and chunks of 64 KiB with 16 bytes each. So a file can be checked without a key, and its length says nothing.
const (
	ageIntro   = "age-encryption.org/v1\n"
	placeStart = "-> X25519 "
	macStart   = "--- "
	field      = 43 // base64 of 32 bytes
	placeSize  = len(placeStart) + field + 1 + field + 1
	ageNonce   = 16
	chunk      = 64 << 10
	chunkTag   = 16
)

// sealedSize is the length of an age file of n places over a plain text of a fixed length.
func sealedSize(places, plain int) int {
	chunks := max(1, (plain+chunk-1)/chunk)
	return len(ageIntro) + places*placeSize + len(macStart) + field + 1 + ageNonce + plain + chunks*chunkTag
}

// checkPlaces refuses a file whose head is not exactly that of n X25519 places.
func checkPlaces(file []byte, places int) error {
	rest, ok := bytes.CutPrefix(file, []byte(ageIntro))
	for range places {
		if !ok || len(rest) < placeSize || rest[placeSize-1] != '\n' {
			return ErrMalformed
		}
		var place []byte
		place, rest = rest[:placeSize-1], rest[placeSize:]
		share, body, cut := bytes.Cut(place, []byte{'\n'})
		share, start := bytes.CutPrefix(share, []byte(placeStart))
		if !cut || !start || !isField(share) || !isField(body) {
			return ErrMalformed
		}
	}
	rest, ok = bytes.CutPrefix(rest, []byte(macStart))
	if !ok || len(rest) < field+1 || rest[field] != '\n' || !isField(rest[:field]) {
		return ErrMalformed
	}
	return nil
}

func isField(b []byte) bool {
	out, err := base64.RawStdEncoding.Strict().DecodeString(string(b))
	return err == nil && len(out) == keySize
}

// encrypt seals a plain text of a fixed length to the recipients in the order given.
func encrypt(plain []byte, to []age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(sealedSize(len(to), len(plain)))
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// decrypt opens an age file; the errors are ErrNotForYou and ErrTampered.
func decrypt(file []byte, identities []Identity) ([]byte, error) {
	with := openWith(identities)
	if len(with) == 0 {
		return nil, ErrNotForYou
	}
	r, err := age.Decrypt(bytes.NewReader(file), with...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrNotForYou
	}
	if err != nil {
		return nil, ErrTampered
	}
	plain := bytes.NewBuffer(make([]byte, 0, len(file)+bytes.MinRead)) // more than is in it, so that nothing is copied while it grows
	if _, err := io.Copy(plain, r); err != nil {
		return nil, ErrTampered
	}
	return plain.Bytes(), nil
}

// pad puts a length before the body and zeros behind it.
func pad(body []byte, size int) ([]byte, error) {
	if len(body) > size-lengthPrefix {
		return nil, ErrTooLong
	}
	out := make([]byte, size)
	n := len(body)
	out[0], out[1], out[2], out[3] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	copy(out[lengthPrefix:], body)
	return out, nil
}

const lengthPrefix = 4

// unpad undoes pad and refuses anything but zeros behind the body.
func unpad(plain []byte) ([]byte, error) {
	if len(plain) < lengthPrefix {
		return nil, fmt.Errorf("%w: too short", ErrMalformed)
	}
	n := uint32(plain[0])<<24 | uint32(plain[1])<<16 | uint32(plain[2])<<8 | uint32(plain[3])
	rest := plain[lengthPrefix:]
	if uint64(n) > uint64(len(rest)) {
		return nil, fmt.Errorf("%w: a length beyond the end", ErrMalformed)
	}
	for _, b := range rest[n:] {
		if b != 0 {
			return nil, fmt.Errorf("%w: something behind the end", ErrMalformed)
		}
	}
	return rest[:n:n], nil
}
