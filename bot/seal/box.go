package seal

import (
	"crypto/cipher"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// box is one XChaCha20-Poly1305 key, ready for use by many goroutines.
type box struct{ aead cipher.AEAD }

const boxOverhead = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

func newBox(key *[keySize]byte) box {
	a, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic("seal: aead refuses a fixed length: " + err.Error())
	}
	return box{a}
}

// seal gives head ‖ nonce ‖ ciphertext. Head, whose length its first byte fixes, and place are authenticated.
func (b box) seal(rand io.Reader, head, place, plain []byte) ([]byte, error) {
	out := make([]byte, len(head)+chacha20poly1305.NonceSizeX, len(head)+boxOverhead+len(plain))
	copy(out, head)
	nonce := out[len(head):]
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return nil, fmt.Errorf("drawing a nonce: %w", err)
	}
	return b.aead.Seal(out, nonce, plain, bound(head, place)), nil
}

// open undoes seal. The value includes its head.
func (b box) open(value []byte, head int, place []byte) ([]byte, error) {
	if len(value) < head+boxOverhead {
		return nil, ErrTampered
	}
	rest := value[head:]
	nonce, sealed := rest[:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	plain, err := b.aead.Open(nil, nonce, sealed, bound(value[:head], place))
	if err != nil {
		return nil, ErrTampered
	}
	return plain, nil
}

func bound(head, place []byte) []byte {
	return append(append(make([]byte, 0, len(head)+len(place)), head...), place...)
}
