package directory

import (
	"regexp"
	"strings"
	"unicode"

	"amana/bot/speech"
)

// Bounds of a number that can be dialled: short codes have three digits, international numbers at most 15 (ITU E.164).
const (
	shortestPhone = 3
	longestPhone  = 15
)

// uses are words beside a number that say what it is for, folded.
var uses = map[string]string{
	"whatsapp": "whatsapp", "wa": "whatsapp", "viber": "viber", "sms": "sms", "text": "sms", "fax": "fax", "signal": "signal", "telegram": "telegram", "imo": "imo",
	speech.Fold("", "واتساب"): "whatsapp", speech.Fold("", "واتس"): "whatsapp", speech.Fold("", "হোয়াটসঅ্যাপ"): "whatsapp",
}

var (
	// slipped is a letter that stands among the digits of a number, as an O for a zero: what is left is another's number.
	slipped = regexp.MustCompile(`[0-9][-.]?\p{L}+[-.]?[0-9]`)
	// apart is an extension without a space in front, behind a whole number.
	apart = regexp.MustCompile(`([0-9]{4,})(?i:(x|ext)\.?)([0-9]{1,5})\b`)
)

// Phones reads the numbers of one cell, in the digits of any script: "0700-000 001 / 0700 000 002 (WhatsApp)". They are
// parted by a slash, comma, semicolon, new line, a word, or "or". Nothing is added to a number; a bracketed zero as in
// +44 (0)20 is dropped, since it is not dialled with a country code. What cannot be a number is given back in bad.
func Phones(cell string) (phones []Phone, bad []string) {
	for _, part := range partPhones(speech.Digits(strings.ToValidUTF8(cell, ""))) {
		p, ok := readPhone(part)
		ok = ok && !slipped.MatchString(part)
		switch {
		case ok:
			phones = append(phones, p)
		case strings.ContainsAny(part, "0123456789"):
			bad = append(bad, strings.TrimSpace(part))
		case len(phones) > 0: // words behind a number belong to it
			use, remark := beside(part)
			last := &phones[len(phones)-1]
			if last.Use == "" {
				last.Use = use
			}
			last.Remark = strings.TrimSpace(last.Remark + " " + remark)
		}
	}
	return phones, bad
}

// partPhones cuts a cell where a number ends and another begins.
func partPhones(s string) (parts []string) {
	isCut := func(r rune) bool { return strings.ContainsRune("/,;،؛|\n\r\t", r) }
	for _, part := range strings.FieldsFunc(s, isCut) {
		part = apart.ReplaceAllString(part, "$1 $2 $3")
		if slipped.MatchString(part) {
			parts = append(parts, strings.TrimSpace(part))
			continue
		}
		if one, other, two := dashed(part); two {
			parts = append(append(parts, partPhones(one)...), partPhones(other)...)
			continue
		}
		// A second plus, or words between two numbers, part them as well: "+100 000 and +100 001".
		for part != "" {
			cut := secondNumber(part)
			parts = append(parts, strings.TrimSpace(part[:cut]))
			part = part[cut:]
		}
	}
	return parts
}

// dash is a dash between digits.
var dash = regexp.MustCompile(`[0-9](\s*[-–—−]\s*)\+?[0-9(]`)

// dashed parts two numbers with a dash between them. A dash stands within numbers as well, so both must be whole: of seven
// digits where spaces stand around it, or of one length.
func dashed(s string) (one, other string, two bool) {
	count := func(s string) int { return strings.Count(strings.Map(digit, s), "0") }
	for _, at := range dash.FindAllStringSubmatchIndex(s, -1) {
		one, other = s[:at[2]], s[at[3]:]
		spaced := strings.TrimSpace(s[at[2]:at[3]]) != s[at[2]:at[3]]
		if a, b := count(one), count(other); min(a, b) >= 7 && spaced || a == b && a >= 6 {
			return one, other, true
		}
	}
	return "", "", false
}

// digit maps every digit to one, and drops the rest.
func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return -1
}

// secondNumber says where the second number of a text begins, or its length.
func secondNumber(s string) int {
	digits, word, inside := 0, false, 0
	for i, r := range s {
		switch {
		case r == '(' || r == '[':
			inside++
		case r == ')' || r == ']':
			inside--
		case r >= '0' && r <= '9':
			if word && digits >= shortestPhone && inside <= 0 {
				if !extension(s[:i]) {
					return i
				}
				word = false
			}
			digits++
		case r == '+' && digits >= shortestPhone:
			return i
		case unicode.IsLetter(r):
			if inside <= 0 {
				word = digits > 0
			}
		}
	}
	return len(s)
}

// longestWord is more than any word for an extension has, in bytes.
const longestWord = 64

// extension says that a text ends in a word for an extension.
func extension(s string) bool {
	// The last word is enough: a cell of nothing but digits would be folded again for each of them.
	words := strings.Fields(speech.Fold("", s[max(0, len(s)-longestWord):]))
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "ext", "x", "extension", "poste", "interno", speech.Fold("", "تحويلة"), speech.Fold("", "داخلي"):
		return true
	}
	return false
}

// readPhone reads one number with what stands beside it.
func readPhone(s string) (p Phone, ok bool) {
	s = strings.ReplaceAll(s, "(0)", "")
	var number, words strings.Builder
	ext, word := false, false
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if word && !ext && number.Len() >= shortestPhone && extension(s[:i]) {
				ext = true
			}
			word = false
			if ext {
				p.Ext += string(r)
			} else {
				number.WriteRune(r)
			}
		case r == '+' && number.Len() == 0, r == '＋' && number.Len() == 0:
			number.WriteByte('+')
		case r == '*' || r == '#': // service codes are dialled with them
			number.WriteRune(r)
		case unicode.Is(unicode.Cf, r):
		case unicode.IsLetter(r) || unicode.IsMark(r) || r == '\'':
			words.WriteRune(r)
			word = true
		default:
			words.WriteByte(' ')
		}
	}
	p.Number = number.String()
	p.Use, p.Remark = beside(words.String())
	n := len(strings.Trim(p.Number, "+*#"))
	return p, n >= shortestPhone && n <= longestPhone && len(p.Ext) <= 8
}

// beside parts the words beside a number into what it is for and the rest.
func beside(words string) (use, remark string) {
	var rest []string
	for _, w := range strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		folded := speech.Fold("", w)
		switch {
		case uses[folded] != "":
			use = uses[folded]
		case folded == "or" || folded == "and" || folded == "ext" || folded == "x" || folded == "extension" || folded == "poste" ||
			folded == "tel" || folded == "phone" || folded == "ou" || folded == "et" || folded == "o" || folded == "y" || folded == "او" || folded == "و":
		default:
			rest = append(rest, w)
		}
	}
	return use, strings.Join(rest, " ")
}
