package hours

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"amana/bot/speech"
)

// points brings the ways of writing am and pm with stops to the plain ones.
var points = strings.NewReplacer("a.m.", "am", "p.m.", "pm", "A.M.", "am", "P.M.", "pm", "a.m", "am", "p.m", "pm", "o'clock", "", "o’clock", "")

// lex parts written hours into words that are known. One that is not makes the whole unreadable.
func lex(s string) (tokens []token, err error) {
	s = points.Replace(speech.Digits(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= '0' && r <= '9':
			t, length, err := lexNumber(s[i:])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
			i += length
			continue
		case unicode.Is(unicode.Pd, r) || r == '−' || r == '~':
			tokens = append(tokens, token{kind: to})
		case r == ',' || r == '&' || r == '،' || r == '+':
			tokens = append(tokens, token{kind: and})
		case r == ';' || r == '؛' || r == '|':
			tokens = append(tokens, token{kind: end})
		case unicode.IsLetter(r):
			length := strings.IndexFunc(s[i:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
			if length < 0 {
				length = len(s) - i
			}
			t, ok := vocabulary[speech.Fold("", s[i:i+length])]
			if !ok {
				return nil, fmt.Errorf("the word %q is not understood in opening hours; write for example Mo-Fr 08:00-16:00, and remarks in brackets", clip(s[i:i+length]))
			}
			if t.kind != filler {
				tokens = append(tokens, t)
			}
			i += length
			continue
		case unicode.IsSpace(r), r == ':', r == '.', r == '/', unicode.IsMark(r):
		default:
			return nil, fmt.Errorf("the sign %q is not understood in opening hours; write for example Mo-Fr 08:00-16:00", r)
		}
		i += n
	}
	return tokens, nil
}

// lexNumber reads a time, or one of the ways of saying the whole day: 24/7, 24h/24, 24 hours, 7j/7.
func lexNumber(s string) (t token, length int, err error) {
	hour, i := digits(s)
	rest := s[i:]
	if i == 1 && hour == 7 { // "7/7", "7j/7", "7d/7": all days, said beside the hours
		for _, form := range []string{"/7", "j/7", "d/7"} {
			if strings.HasPrefix(rest, form) {
				return token{kind: every}, i + len(form), nil
			}
		}
	}
	if i == 2 && hour == 24 {
		for _, form := range []string{"/7", "h/7", "h/24", "/24", "h/d", " / 7", "x7"} {
			if strings.HasPrefix(strings.ToLower(rest), form) {
				return token{kind: wholeDay}, i + len(form), nil
			}
		}
		after := strings.TrimLeft(rest, " ")
		for _, form := range []string{"hours", "hrs", "heures", "horas", "h", "ساعة", "ساعه", "ঘণ্টা", "ঘন্টা"} {
			if cut, ok := strings.CutPrefix(strings.ToLower(after), form); ok && !startsWithLetter(cut) && !startsWithDigit(cut) {
				return token{kind: wholeDay}, len(s) - len(cut), nil
			}
		}
	}
	minute, minutes := 0, 0
	for _, sep := range []string{":", "h", "H", "."} {
		if cut, ok := strings.CutPrefix(rest, sep); ok {
			if minute, minutes = digits(cut); minutes == 2 {
				i += len(sep) + 2
				break
			}
			minute, minutes = 0, 0
		}
	}
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 || i > 5 {
		return t, 0, fmt.Errorf("%q is not a time; write it as HH:MM", clip(s[:min(len(s), max(i, 1))]))
	}
	bare := minutes == 0 && hour <= 12 || s[0] != '0' && hour < 10
	return token{kind: number, minutes: hour*60 + minute, bare: bare}, i, nil
}

// digits reads up to four ASCII digits, and says how many there are.
func digits(s string) (value, n int) {
	for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '9' {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, n
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
