package seal

import (
	"encoding/base64"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/edwards25519"
)

// nobody fills a place of an age file. The place holds what a place for a throwaway key holds: a public share whose secret is
// forgotten at once, and thirty-two bytes that look like a wrapped file key, since a cipher's text under an unknown key is
// like chance. To wrap the file key for a throwaway key would give the same with three times the work, and half the places
// of most messages are nobody's. The share is the point that X25519 gives for the secret, reckoned on the other form of the
// same curve, where the multiples of the base point lie in a table.
type nobody struct{ rand io.Reader }

// Wrap is age.Recipient. What it is given it does not use: nobody can open this place.
func (n nobody) Wrap([]byte) ([]*age.Stanza, error) {
	var secret, body [keySize]byte
	for _, b := range [][]byte{secret[:], body[:]} {
		if _, err := io.ReadFull(n.rand, b); err != nil {
			return nil, fmt.Errorf("filling a place: %w", err)
		}
	}
	scalar, err := edwards25519.NewScalar().SetBytesWithClamping(secret[:])
	if err != nil {
		return nil, fmt.Errorf("filling a place: %w", err)
	}
	share := new(edwards25519.Point).ScalarBaseMult(scalar).BytesMontgomery()
	return []*age.Stanza{{Type: "X25519", Args: []string{base64.RawStdEncoding.EncodeToString(share)}, Body: body[:]}}, nil
}
