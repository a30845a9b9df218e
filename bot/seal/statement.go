package seal

import (
	"crypto/ed25519"
	"fmt"
)

// Statements say what this house has forgotten and when. They are signed with a key that stands on the installation secret,
// so that it is as old as the house, comes back with every key backup, and needs no file of its own.

const statementKeyName = "amana-house"

func (h *House) statementKey() ed25519.PrivateKey {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return ed25519.NewKeyFromSeed(derive(h.installation[:], nil, "statement")[:])
}

// StatementKey gives the public half of the key that signs this house's statements, as amana-house1…
func (h *House) StatementKey() string {
	return encodeBech32(statementKeyName, h.statementKey().Public().(ed25519.PublicKey))
}

// SignStatement signs the bytes of a statement for this house.
func (h *House) SignStatement(text []byte) []byte {
	return ed25519.Sign(h.statementKey(), statement("statement", text))
}

// VerifyStatement says whether the house with this public key signed these bytes.
func VerifyStatement(public string, text, signature []byte) error {
	key, err := decodeBech32(statementKeyName, public)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("verifying a statement: %w: the key is not of the form %s1…", ErrBadKey, statementKeyName)
	}
	if !ed25519.Verify(key, statement("statement", text), signature) {
		return fmt.Errorf("verifying a statement: %w", ErrSignature)
	}
	return nil
}
