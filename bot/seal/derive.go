package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

// keySize is the length of every symmetric secret here.
const keySize = 32

// protocol opens every label, so that no key or signature of ours is good for anything else.
const protocol = "amana/1"

// derive gives the key that belongs to a label under a secret. One secret never serves two purposes directly.
func derive(secret, salt []byte, label string) *[keySize]byte {
	out, err := hkdf.Key(sha256.New, secret, salt, protocol+" "+label, keySize)
	if err != nil {
		panic("seal: hkdf refuses a fixed length: " + err.Error())
	}
	return (*[keySize]byte)(out)
}

// mac is an HMAC over parts that cannot run into each other, cut to 16 bytes.
func mac(key *[keySize]byte, label string, parts ...[]byte) (out [16]byte) {
	h := hmac.New(sha256.New, key[:])
	writePart(h, []byte(label))
	for _, p := range parts {
		writePart(h, p)
	}
	copy(out[:], h.Sum(nil))
	return out
}

func writePart(w io.Writer, p []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(p)))
	_, _ = w.Write(n[:])
	_, _ = w.Write(p)
}

// random reads a fresh secret.
func random(rand io.Reader) (*[keySize]byte, error) {
	var k [keySize]byte
	if _, err := io.ReadFull(rand, k[:]); err != nil {
		return nil, fmt.Errorf("drawing a random key: %w", err)
	}
	return &k, nil
}
