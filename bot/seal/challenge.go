package seal

import (
	"fmt"
	"io"

	"filippo.io/age"
)

// ChallengeSize is how many random bytes a challenge asks for.
const ChallengeSize = 32

// Challenge draws random bytes and seals them to a public key: whoever gives them back holds the secret key. The file is
// an age file of one recipient. A program that opens one gives back nothing but exactly ChallengeSize bytes, so that no
// server can have something else opened by calling it a challenge.
func Challenge(to string, rand io.Reader) (file []byte, secret [ChallengeSize]byte, err error) {
	r, err := recipient(to)
	if err != nil {
		return nil, secret, fmt.Errorf("making a challenge: %w", err)
	}
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return nil, secret, fmt.Errorf("making a challenge: %w", err)
	}
	if file, err = encrypt(secret[:], []age.Recipient{r}); err != nil {
		return nil, secret, fmt.Errorf("making a challenge: %w", err)
	}
	return file, secret, nil
}

// OpenChallenge gives the bytes that a challenge asks for.
func OpenChallenge(file []byte, identities ...Identity) (secret [ChallengeSize]byte, err error) {
	plain, err := decrypt(file, identities)
	if err != nil {
		return secret, fmt.Errorf("opening a challenge: %w", err)
	}
	if len(plain) != ChallengeSize {
		return secret, fmt.Errorf("opening a challenge: %w: of another length", ErrMalformed)
	}
	return [ChallengeSize]byte(plain), nil
}

// Proof shows that one holds the device key without showing it.
func (d DeviceKey) Proof() [keySize]byte { return *derive(d.secret()[:], nil, "desk device") }
