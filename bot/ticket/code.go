package ticket

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// CodeLetters is the length of a code.
const CodeLetters = 6

// codeAlphabet holds no vowels, so that no code is a word; of C and G, M and N, F and S only one each, since they are
// taken for one another by eye or on the telephone; and no Q or Y.
const codeAlphabet = "BDFGHJKLMPRTVWXZ"

// ErrCode says that what was typed cannot be the code of a report.
var ErrCode = errors.New("not a report code")

// Code is the short name of a report among its readers. It opens nothing. There are sixteen million codes: whoever
// files a report looks whether the code is free and draws again if it is not.
type Code string

// NewCode draws six letters, never three equal ones in a row, which are miscounted when read aloud.
func NewCode(rand io.Reader) (Code, error) {
	for range 256 {
		var b [CodeLetters]byte
		for i := range b {
			d, err := draw(rand, byte(len(codeAlphabet)))
			if err != nil {
				return "", fmt.Errorf("drawing a report code: %w", err)
			}
			b[i] = codeAlphabet[d]
		}
		if !thrice(string(b[:])) {
			return Code(b[:]), nil
		}
	}
	return "", errors.New("drawing a report code: the random source repeats itself")
}

// ParseCode reads a typed code in capital or small letters, spaces and hyphens passed over.
func ParseCode(typed string) (Code, error) {
	var b strings.Builder
	for _, c := range strings.ToUpper(typed) {
		switch {
		case c == ' ' || c == '-':
		case b.Len() == CodeLetters || !strings.ContainsRune(codeAlphabet, c):
			return "", ErrCode
		default:
			b.WriteRune(c)
		}
	}
	if b.Len() != CodeLetters || thrice(b.String()) {
		return "", ErrCode
	}
	return Code(b.String()), nil
}

// LogValue hides the code from logs: a log is read by people from whom the report may be hidden.
func (Code) LogValue() slog.Value { return slog.StringValue("(code)") }

func thrice(s string) bool {
	for i := range len(s) - 2 {
		if s[i] == s[i+1] && s[i] == s[i+2] {
			return true
		}
	}
	return false
}

// ID is the random name of a report in the store and inside everything sealed about it.
type ID [16]byte

// NewID draws an id.
func NewID(rand io.Reader) (ID, error) {
	var id ID
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return ID{}, fmt.Errorf("drawing a report id: %w", err)
	}
	return id, nil
}

// IsZero says that there is no id.
func (id ID) IsZero() bool { return id == ID{} }

// String gives the id in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// LogValue hides the id from logs.
func (ID) LogValue() slog.Value { return slog.StringValue("(report)") }

// MarshalText writes the id in hexadecimal.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads thirty-two hexadecimal digits.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) != 2*len(id) {
		return errors.New("reading a report id: wrong length")
	}
	var got ID
	if _, err := hex.Decode(got[:], b); err != nil {
		return errors.New("reading a report id: not hexadecimal")
	}
	*id = got
	return nil
}
