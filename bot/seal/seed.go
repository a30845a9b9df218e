package seal

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
)

// Seed is the secret with which the readers of one report sign their answers. It lies inside the sealed report; the
// server keeps the public half only, so that a stolen staff account cannot speak to a reporter.
type Seed struct {
	quiet
	secret hidden[[ed25519.SeedSize]byte]
}

// NewSeed makes the seed of a report that is being filed.
func NewSeed(rand io.Reader) (Seed, error) {
	secret, err := random(rand)
	if err != nil {
		return Seed{}, err
	}
	return Seed{secret: hide(secret)}, nil
}

// ParseSeed restores a seed from the bytes of Reveal.
func ParseSeed(secret []byte) (Seed, error) {
	if len(secret) != ed25519.SeedSize {
		return Seed{}, fmt.Errorf("reading a signing seed: %w", ErrBadKey)
	}
	return Seed{secret: hide((*[ed25519.SeedSize]byte)(bytes.Clone(secret)))}, nil
}

// Reveal gives the seed's 32 bytes, for the sealed report.
func (s Seed) Reveal() []byte { return bytes.Clone(s.secret()[:]) }

// Public gives the 32 bytes that the server keeps.
func (s Seed) Public() []byte { return s.key().Public().(ed25519.PublicKey) }

func (s Seed) key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(s.secret()[:]) }
