package seal

import (
	"bufio"
	"bytes"
	"crypto/ecdh"
	"fmt"
	"io"
	"strings"
	"sync"

	"filippo.io/age"
)

// Identity is the secret half of a person's X25519 key: it opens what was sealed to its public half.
type Identity struct {
	quiet
	key hidden[age.X25519Identity]
}

const (
	secretName = "age-secret-key-"
	publicName = "age"
)

// NewIdentity makes a key for a person, on that person's machine.
func NewIdentity(rand io.Reader) (Identity, error) {
	secret, err := random(rand)
	if err != nil {
		return Identity{}, err
	}
	return identityFrom(secret), nil
}

func identityFrom(secret *[keySize]byte) Identity {
	key, err := age.ParseX25519Identity(strings.ToUpper(encodeBech32(secretName, secret[:])))
	if err != nil {
		panic("seal: age refuses a key of the right length") // the cause would quote the key
	}
	return Identity{key: hide(key)}
}

// ParseIdentity reads AGE-SECRET-KEY-1…, with white space around it.
func ParseIdentity(s string) (Identity, error) {
	key, err := age.ParseX25519Identity(strings.TrimSpace(s))
	if err != nil {
		return Identity{}, fmt.Errorf("reading a secret key: %w", ErrBadKey)
	}
	return Identity{key: hide(key)}, nil
}

// ParseIdentities reads an identity file as age-keygen writes it: one secret key a line, comments after #.
func ParseIdentities(data []byte) ([]Identity, error) {
	var out []Identity
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, err := ParseIdentity(line)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	if lines.Err() != nil || len(out) == 0 {
		return nil, fmt.Errorf("reading an identity file: %w: no secret key in it", ErrBadKey)
	}
	return out, nil
}

// Public gives the public half, age1….
func (id Identity) Public() string { return id.key().Recipient().String() }

// Reveal gives the secret half, for the file or the hand that keeps it.
func (id Identity) Reveal() string { return id.key().String() }

// CheckPublic says whether a text is a public key to which can be sealed: age1…, in its one spelling, and no point
// with which every secret gives the same. The error never repeats the text, which may be a secret key by mistake.
func CheckPublic(public string) error {
	_, err := recipient(public)
	return err
}

func recipient(public string) (*age.X25519Recipient, error) {
	if k, known := sound.get(public); known {
		return k.to, nil
	}
	if strings.HasPrefix(strings.ToLower(public), secretName) {
		return nil, fmt.Errorf("reading a public key: %w: it is a secret key", ErrBadKey)
	}
	point, err := decodeBech32(publicName, public)
	if err != nil || len(point) != keySize {
		return nil, fmt.Errorf("reading a public key: %w: it is not of the form age1…", ErrBadKey)
	}
	if weak(point) {
		return nil, fmt.Errorf("reading a public key: %w: it protects nothing", ErrBadKey)
	}
	r, err := age.ParseX25519Recipient(public)
	if err != nil {
		return nil, fmt.Errorf("reading a public key: %w", ErrBadKey)
	}
	sound.put(public, publicKey{r, point})
	return r, nil
}

// pointOf gives the bytes of a public key, which are not to be changed; nil for what is none in its one spelling. It may be a
// weak one.
func pointOf(public string) []byte {
	if k, known := sound.get(public); known {
		return k.point
	}
	point, err := decodeBech32(publicName, public)
	if err != nil || len(point) != keySize {
		return nil
	}
	return point
}

// sound are public keys that were looked at before: those of a roster come with every message.
var sound = &keyring{of: map[string]publicKey{}}

// publicKey is a key to which can be sealed, and the bytes of its point.
type publicKey struct {
	to    *age.X25519Recipient
	point []byte
}

// keyring remembers public keys, a few thousand at most.
type keyring struct {
	mu sync.Mutex
	of map[string]publicKey
}

func (k *keyring) get(public string) (publicKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, known := k.of[public]
	return r, known
}

func (k *keyring) put(public string, r publicKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.of) >= 4096 {
		clear(k.of)
	}
	k.of[public] = r
}

// weak tells the few points of small order, whose shared secret is zero with everybody. Left in the roster, one of
// them would make every filing to its owner fail.
func weak(point []byte) bool {
	scalar, err := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{8}, keySize))
	if err != nil {
		return true
	}
	theirs, err := ecdh.X25519().NewPublicKey(point)
	if err != nil {
		return true
	}
	_, err = scalar.ECDH(theirs)
	return err != nil
}

// openWith gives the identities in the form that age asks for.
func openWith(identities []Identity) []age.Identity {
	out := make([]age.Identity, 0, len(identities))
	for _, id := range identities {
		if id.key != nil {
			out = append(out, id.key())
		}
	}
	return out
}
