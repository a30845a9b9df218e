package seal

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"filippo.io/age/armor"
)

// Enrolment is what a person sends under their invitation: the public key to be signed into the roster, and the
// wrapped secret that the server keeps for them and cannot guess.
type Enrolment struct {
	Public  string // age1…
	Wrapped []byte // age file of Wrap
}

const (
	enrolmentLine = "amana enrolment 1"
	wrappedStart  = "-> scrypt "
	saltField     = 22 // base64 of 16 bytes
	// minWork is the least work of a wrapped key that is accepted; the device key alone already forbids guessing.
	minWork = 10
	// MaxEnrolment is the length of the longest enrolment file that is read.
	MaxEnrolment = 4 << 10
)

// Encode writes the enrolment file: a line that says what it is, the public key, the wrapped secret in armor. Who cuts
// the armored block out can open it with age itself.
func (e Enrolment) Encode() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("writing an enrolment file: %w", err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s\n", enrolmentLine, e.Public)
	w := armor.NewWriter(&b)
	if _, err := w.Write(e.Wrapped); err != nil {
		return nil, fmt.Errorf("writing an enrolment file: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("writing an enrolment file: %w", err)
	}
	return b.Bytes(), nil
}

// ParseEnrolment reads a foreign enrolment file; line ends of any system are fine. It cannot know whether the secret
// in it belongs to the public key.
func ParseEnrolment(data []byte) (Enrolment, error) {
	if len(data) > MaxEnrolment {
		return Enrolment{}, fmt.Errorf("reading an enrolment file: %w: too long", ErrMalformed)
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	first, rest, _ := strings.Cut(text, "\n")
	public, armored, found := strings.Cut(rest, "\n")
	if first != enrolmentLine || !found {
		return Enrolment{}, fmt.Errorf("reading an enrolment file: %w: not one of version 1", ErrMalformed)
	}
	wrapped, err := io.ReadAll(armor.NewReader(strings.NewReader(armored)))
	if err != nil {
		return Enrolment{}, fmt.Errorf("reading an enrolment file: %w: its wrapped key", ErrMalformed)
	}
	e := Enrolment{Public: public, Wrapped: wrapped}
	if err := e.check(); err != nil {
		return Enrolment{}, fmt.Errorf("reading an enrolment file: %w", err)
	}
	return e, nil
}

func (e Enrolment) check() error {
	if err := CheckPublic(e.Public); err != nil {
		return err
	}
	return checkWrapped(e.Wrapped)
}

// checkWrapped refuses what is not an age file of exactly one passphrase over one key of ours.
func checkWrapped(file []byte) error {
	bad := fmt.Errorf("%w: its wrapped key", ErrMalformed)
	rest, ok := strings.CutPrefix(string(file), ageIntro+wrappedStart)
	line, rest, cut := strings.Cut(rest, "\n")
	salt, work, two := strings.Cut(line, " ")
	body, rest, cut2 := strings.Cut(rest, "\n")
	if !ok || !cut || !two || !cut2 || len(salt) != saltField || len(body) != field {
		return bad
	}
	if n, err := strconv.Atoi(work); err != nil || strconv.Itoa(n) != work || n < minWork || n > WrapWork {
		return fmt.Errorf("%w: %s", bad, "its work factor")
	}
	rest, ok = strings.CutPrefix(rest, macStart)
	if !ok || len(rest) < field+1 || rest[field] != '\n' {
		return bad
	}
	if sealed := len(rest) - field - 1 - ageNonce - chunkTag; sealed != secretText {
		return bad
	}
	return nil
}

// secretText is the length of AGE-SECRET-KEY-1…, with the line's end.
const secretText = len(secretName) + 1 + 52 + 6 + 1
