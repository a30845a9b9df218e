package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"filippo.io/age"
)

// headSize is the length of the head of every message: intro, sixteen places, MAC. Behind it the payload begins.
const headSize = len(ageIntro) + Places*placeSize + len(macStart) + field + 1

// newHead wraps the file key of a message for others: in front of the same payload, the head that it gives makes a
// file which opens for them. What they read is then what stands in the payload that the server keeps, and nothing else:
// whoever made the head cannot have changed a word of it.
func newHead(file []byte, to []age.Recipient, identities []Identity) ([]byte, error) {
	key, err := unwrapKey(file[:headSize], identities)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return headOf(key, to)
}

// unwrapKey gives the file key that a head wraps for one of the identities.
func unwrapKey(head []byte, identities []Identity) ([]byte, error) {
	with := openWith(identities)
	if len(with) == 0 {
		return nil, ErrNotForYou
	}
	key, err := age.DecryptHeader(head, with...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrNotForYou
	}
	if err != nil {
		return nil, ErrTampered
	}
	return key, nil
}

// headOf writes a head that wraps a file key.
func headOf(key []byte, to []age.Recipient) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(headSize)
	b.WriteString(ageIntro)
	for _, r := range to {
		places, err := r.Wrap(key)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			fmt.Fprintf(&b, "-> %s %s\n%s\n", p.Type, p.Args[0], base64.RawStdEncoding.EncodeToString(p.Body))
		}
	}
	under, err := hkdf.Key(sha256.New, key, nil, "header", sha256.Size) // as the age format has it
	if err != nil {
		return nil, err
	}
	defer clear(under)
	mac := hmac.New(sha256.New, under)
	mac.Write(append(b.Bytes(), macStart[:len(macStart)-1]...))
	b.WriteString(macStart + base64.RawStdEncoding.EncodeToString(mac.Sum(nil)) + "\n")
	if err := checkHead(b.Bytes()); err != nil {
		return nil, err
	}
	// The library has the last word on a form that it does not write here itself.
	if !wraps(b.Bytes(), key) {
		return nil, fmt.Errorf("the age library reads another form: %w", ErrMalformed)
	}
	return b.Bytes(), nil
}

// wraps says whether a head was made with a file key, by its MAC.
func wraps(head, key []byte) bool {
	_, err := age.DecryptHeader(head, age.NewInjectedFileKeyIdentity(bytes.Clone(key)))
	return err == nil
}

// checkHead says whether bytes have the outer form of a message's head.
func checkHead(head []byte) error {
	if len(head) != headSize || checkPlaces(head, Places) != nil {
		return fmt.Errorf("%w: the head of a copy", ErrMalformed)
	}
	return nil
}

// behead gives the payload of a message behind another head.
func behead(head, file []byte) []byte {
	return append(append(make([]byte, 0, len(file)), head...), file[headSize:]...)
}
