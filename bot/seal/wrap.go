package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"golang.org/x/text/unicode/norm"
)

const (
	// WrapWork is the work factor of scrypt (log2 N) for wrapped keys: 1.5 to 2.5 seconds and 256 MiB on the
	// device. A file that asks for more is refused.
	WrapWork = 18
	// maxSecretText bounds what lies in a wrapped file.
	maxSecretText = 256
)

// Wrap seals a person's key with passphrase and device key into an ordinary age passphrase file, whose passphrase is
// NFKC(passphrase) ‖ "-" ‖ the device key in base32: `age -d` opens it without us. Work is WrapWork but in tests.
func Wrap(id Identity, passphrase string, d DeviceKey, work int) ([]byte, error) {
	return wrap(id.Reveal(), passphrase, d, work)
}

// Unwrap opens what Wrap made. A wrong passphrase and a wrong device key look alike: ErrPassphrase.
func Unwrap(file []byte, passphrase string, d DeviceKey) (Identity, error) {
	text, err := unwrap(file, passphrase, d)
	if err != nil {
		return Identity{}, err
	}
	return ParseIdentity(text)
}

func wrapPassphrase(passphrase string, d DeviceKey) (string, error) {
	if strings.TrimSpace(passphrase) == "" {
		return "", fmt.Errorf("%w: it is empty", ErrPassphrase)
	}
	return norm.NFKC.String(passphrase) + "-" + d.text(), nil
}

func wrap(secret, passphrase string, d DeviceKey, work int) ([]byte, error) {
	pass, err := wrapPassphrase(passphrase, d)
	if err != nil {
		return nil, fmt.Errorf("wrapping a key: %w", err)
	}
	if work < 1 || work > WrapWork {
		return nil, fmt.Errorf("wrapping a key: a work factor of %d is not between 1 and %d", work, WrapWork)
	}
	to, err := age.NewScryptRecipient(pass)
	if err != nil {
		return nil, errors.New("wrapping a key: age refuses the passphrase")
	}
	to.SetWorkFactor(work)
	file, err := encrypt([]byte(secret+"\n"), []age.Recipient{to})
	if err != nil {
		return nil, fmt.Errorf("wrapping a key: %w", err)
	}
	return file, nil
}

func unwrap(file []byte, passphrase string, d DeviceKey) (string, error) {
	pass, err := wrapPassphrase(passphrase, d)
	if err != nil {
		return "", fmt.Errorf("unwrapping a key: %w", err)
	}
	with, err := age.NewScryptIdentity(pass)
	if err != nil {
		return "", errors.New("unwrapping a key: age refuses the passphrase")
	}
	with.SetMaxWorkFactor(WrapWork)
	r, err := age.Decrypt(bytes.NewReader(file), with)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return "", fmt.Errorf("unwrapping a key: %w", ErrPassphrase)
	}
	if err != nil {
		return "", fmt.Errorf("unwrapping a key: %w", ErrTampered)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxSecretText+1))
	if err != nil || len(text) > maxSecretText {
		return "", fmt.Errorf("unwrapping a key: %w", ErrTampered)
	}
	return strings.TrimSpace(string(text)), nil
}
