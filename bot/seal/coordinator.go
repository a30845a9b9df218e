package seal

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"strings"
)

// CoordinatorKey signs the roster. It is made and kept on the coordinator's own machine; a small mission may keep it
// beside the server and knows what that weakens.
type CoordinatorKey struct {
	quiet
	secret hidden[[ed25519.SeedSize]byte]
}

const (
	coordinatorName       = "amana-coordinator"
	coordinatorSecretName = "amana-coordinator-secret-"
)

// NewCoordinatorKey makes the signing key.
func NewCoordinatorKey(rand io.Reader) (CoordinatorKey, error) {
	secret, err := random(rand)
	if err != nil {
		return CoordinatorKey{}, err
	}
	return CoordinatorKey{secret: hide(secret)}, nil
}

// ParseCoordinatorKey reads the text of Reveal, with white space around it.
func ParseCoordinatorKey(s string) (CoordinatorKey, error) {
	secret, err := decodeBech32(coordinatorSecretName, strings.ToLower(strings.TrimSpace(s)))
	if err != nil || len(secret) != ed25519.SeedSize {
		return CoordinatorKey{}, fmt.Errorf("reading the coordinator's secret key: %w", ErrBadKey)
	}
	return CoordinatorKey{secret: hide((*[ed25519.SeedSize]byte)(secret))}, nil
}

// Reveal gives AMANA-COORDINATOR-SECRET-1…, for the file or the paper that keeps it.
func (k CoordinatorKey) Reveal() string {
	return strings.ToUpper(encodeBech32(coordinatorSecretName, k.secret()[:]))
}

// Public gives amana-coordinator1…, which is pinned in key directories and programs.
func (k CoordinatorKey) Public() string {
	return encodeBech32(coordinatorName, k.key().Public().(ed25519.PublicKey))
}

func (k CoordinatorKey) key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(k.secret()[:]) }

// CheckCoordinator says whether a text is a coordinator's public key. The error never repeats it.
func CheckCoordinator(public string) error {
	_, err := parseCoordinatorPublic(public)
	return err
}

func parseCoordinatorPublic(s string) (ed25519.PublicKey, error) {
	if strings.HasPrefix(strings.ToLower(s), coordinatorSecretName) {
		return nil, fmt.Errorf("reading the coordinator's public key: %w: it is the secret key", ErrBadKey)
	}
	public, err := decodeBech32(coordinatorName, s)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("reading the coordinator's public key: %w: it is not of the form %s1…", ErrBadKey, coordinatorName)
	}
	return public, nil
}

// WrapCoordinator seals the coordinator's key with passphrase and device key, as Wrap does.
func WrapCoordinator(k CoordinatorKey, passphrase string, d DeviceKey, work int) ([]byte, error) {
	return wrap(k.Reveal(), passphrase, d, work)
}

// UnwrapCoordinator opens what WrapCoordinator made; a wrong passphrase or device key is ErrPassphrase.
func UnwrapCoordinator(file []byte, passphrase string, d DeviceKey) (CoordinatorKey, error) {
	text, err := unwrap(file, passphrase, d)
	if err != nil {
		return CoordinatorKey{}, err
	}
	return ParseCoordinatorKey(text)
}

// SignRoster signs the canonical bytes of one version of the roster.
func SignRoster(k CoordinatorKey, roster []byte) []byte { return k.sign("roster", roster) }

// VerifyRoster says whether the coordinator signed these bytes.
func VerifyRoster(public string, roster, signature []byte) error {
	return verify(public, "roster", roster, signature)
}

// The label keeps signatures of rosters, of cards and of answers apart, whatever their bytes.
func statement(label string, data []byte) []byte {
	return append([]byte(protocol+" "+label+"\x00"), data...)
}

func (k CoordinatorKey) sign(label string, data []byte) []byte {
	return ed25519.Sign(k.key(), statement(label, data))
}

func verify(public, label string, data, signature []byte) error {
	key, err := parseCoordinatorPublic(public)
	if err != nil {
		return fmt.Errorf("verifying a %s: %w", label, err)
	}
	if !ed25519.Verify(key, statement(label, data), signature) {
		return fmt.Errorf("verifying a %s: %w", label, ErrSignature)
	}
	return nil
}
