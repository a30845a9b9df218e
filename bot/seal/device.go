package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// DeviceKey is the 128 bits that stay on a person's device and on the printed recovery code. Together with the
// passphrase they unwrap the person's key; without them the wrapped key cannot be guessed by whoever stores it.
type DeviceKey struct {
	quiet
	secret hidden[[deviceSize]byte]
}

const (
	deviceSize   = 16
	deviceDigits = 26 // base32 of 16 bytes
	checkDigits  = 4
	groupDigits  = 5
)

var base32Code = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewDeviceKey makes the key of a new device.
func NewDeviceKey(rand io.Reader) (DeviceKey, error) {
	var secret [deviceSize]byte
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return DeviceKey{}, fmt.Errorf("drawing a device key: %w", err)
	}
	return DeviceKey{secret: hide(&secret)}, nil
}

// ParseDeviceKey restores a device key from the bytes of Reveal.
func ParseDeviceKey(secret []byte) (DeviceKey, error) {
	if len(secret) != deviceSize {
		return DeviceKey{}, fmt.Errorf("reading a device key: %w", ErrBadKey)
	}
	return DeviceKey{secret: hide((*[deviceSize]byte)(bytes.Clone(secret)))}, nil
}

// Reveal gives the 16 bytes, for a file that only its owner can read.
func (d DeviceKey) Reveal() []byte { return bytes.Clone(d.secret()[:]) }

// text is the device key as it stands in the passphrase of the wrapped file: 26 letters and digits.
func (d DeviceKey) text() string { return base32Code.EncodeToString(d.secret()[:]) }

// RecoveryCode gives the device key as it is printed: six groups of five letters and digits (A–Z, 2–7), of which the
// last four check the rest. A slip passes once in a million.
func (d DeviceKey) RecoveryCode() string {
	s := d.text() + deviceCheck(d.text())
	var groups []string
	for len(s) > 0 {
		groups = append(groups, s[:groupDigits])
		s = s[groupDigits:]
	}
	return strings.Join(groups, "-")
}

func deviceCheck(text string) string {
	sum := sha256.Sum256([]byte(protocol + " recovery code " + text))
	return base32Code.EncodeToString(sum[:])[:checkDigits]
}

// ParseRecoveryCode reads a recovery code as people copy it: in any case, with any or no separators, with 0, 1 and 8
// written for the letters that they look like.
func ParseRecoveryCode(s string) (DeviceKey, error) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		case r == '0':
			r = 'O'
		case r == '1':
			r = 'I'
		case r == '8':
			r = 'B'
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) || unicode.Is(unicode.Cf, r):
			continue
		}
		b.WriteRune(r)
	}
	code := b.String()
	if len(code) != deviceDigits+checkDigits {
		return DeviceKey{}, fmt.Errorf("reading a recovery code: %w: it has six groups of five", ErrBadKey)
	}
	text, check := code[:deviceDigits], code[deviceDigits:]
	secret, err := base32Code.DecodeString(text)
	if err != nil || len(secret) != deviceSize || base32Code.EncodeToString(secret) != text || deviceCheck(text) != check {
		return DeviceKey{}, fmt.Errorf("reading a recovery code: %w: a letter or digit in it is wrong", ErrBadKey)
	}
	return DeviceKey{secret: hide((*[deviceSize]byte)(secret))}, nil
}
