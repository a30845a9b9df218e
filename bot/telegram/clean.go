package telegram

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestText is more than Telegram lets anybody write; what is longer did not come from a person.
const longestText = 128 << 10

// clean makes what was typed fit to be handled: valid UTF-8, lines ended by \n, no other control characters.
// Marks of direction and joiners stay: they belong to words in many languages, and folding deals with them.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r), r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
			return -1
		}
		return r
	}, s)
}

var langShape = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$`)

func cleanLang(s string) string {
	if !langShape.MatchString(s) {
		return ""
	}
	return s
}

// cleanName makes a harmless file name of what a client sent: no folder, no control characters, not long.
func cleanName(s string) string {
	s = clean(s)
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimLeft(s, ". ")
	for len(s) > 120 {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:] // the ending says what the file is
	}
	if s == "" {
		return "file"
	}
	return s
}

var (
	startShape   = regexp.MustCompile(`^/start(?:@[A-Za-z0-9_]{1,64})?(?:[ \n]+(\S+))?\s*$`)
	payloadShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	commandShape = regexp.MustCompile(`^/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?\s*$`)
)

// slash reads a command that is a whole message; a slash at the beginning of a sentence is only a slash.
func slash(text string) (name, payload string, ok bool) {
	if m := startShape.FindStringSubmatch(text); m != nil {
		if payloadShape.MatchString(m[1]) {
			return "start", m[1], true
		}
		return "start", "", true
	}
	if m := commandShape.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1]), "", true
	}
	return "", "", false
}
