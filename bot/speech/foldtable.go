package speech

import "unicode"

// unified maps letters to the one that stands for them in folded text. Keys are lower case and decomposed: hamza,
// madda and accents have gone before.
var unified = map[rune]string{
	// Arabic script: alef, yeh, kaf and heh have several code points that keyboards mix.
	'ٱ': "ا", 'ٲ': "ا", 'ٳ': "ا",
	'ى': "ي", 'ی': "ي", 'ې': "ي", 'ۍ': "ي", 'ێ': "ي", 'ؠ': "ي",
	'ک': "ك", 'ڪ': "ك",
	'ة': "ه", 'ہ': "ه", 'ھ': "ه", 'ە': "ه", 'ۃ': "ه",
	// Kurdish letters that an Arabic keyboard lacks.
	'ۆ': "و", 'ڵ': "ل", 'ڕ': "ر",

	// Latin letters that do not decompose, with what people type who do not have them.
	'ɗ': "d", 'ɖ': "d", 'đ': "d", 'ð': "d", 'ɓ': "b", 'ƙ': "k", 'ƴ': "y", 'ɠ': "g", 'ɣ': "g", 'ƭ': "t", 'ŧ': "t", 'ƥ': "p",
	'ə': "e", 'ǝ': "e", 'ɛ': "e", 'ɔ': "o", 'ø': "o", 'ɨ': "i", 'ı': "i", 'ɩ': "i", 'ʉ': "u", 'ʊ': "u", 'ħ': "h", 'ł': "l", 'ʋ': "v",
	'ŋ': "ng", 'ɲ': "ny", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th",
	'ς': "σ", 'ґ': "г",
}

// amharic maps the letters that sound alike in Amharic, row by row, to one of them.
var amharic = ethiopicRows(map[rune]rune{
	'ሐ': 'ሀ', 'ኀ': 'ሀ', 'ሠ': 'ሰ', 'ዐ': 'አ', 'ፀ': 'ጸ',
}, map[rune]rune{
	// The first and fourth orders of h and of the glottal stop sound alike too.
	'ሃ': 'ሀ', 'ሓ': 'ሀ', 'ኃ': 'ሀ', 'ኻ': 'ሀ', 'ኣ': 'አ', 'ዓ': 'አ',
})

// tigrinya keeps ሐ and ዐ, which are sounds of their own there.
var tigrinya = ethiopicRows(map[rune]rune{'ሠ': 'ሰ', 'ፀ': 'ጸ'}, nil)

// bangla maps the letters that sound alike in Bangla, which many spell by ear. The signs for short and long vowels stay
// apart: they tell words from each other.
var bangla = map[rune]rune{'ষ': 'শ', 'স': 'শ', 'ণ': 'ন', 'জ': 'য', 'ঈ': 'ই', 'ঊ': 'উ'}

// ethiopicRows spreads a mapping of letters over the seven orders of vowels, then adds single letters.
func ethiopicRows(rows, single map[rune]rune) map[rune]rune {
	out := map[rune]rune{}
	for from, to := range rows {
		for order := range rune(7) {
			out[from+order] = to + order
		}
	}
	for from, to := range single {
		out[from] = to
	}
	return out
}

// homophonesOf gives the letters that a language does not tell apart by sound.
func homophonesOf(lang string) map[rune]rune {
	if len(lang) > 2 {
		lang = parseTag(lang).base
	}
	switch lang {
	case "am":
		return amharic
	case "ti":
		return tigrinya
	case "bn":
		return bangla
	}
	return nil
}

// dropsMark says whether a mark on a letter is left out. In Latin, Greek, Arabic, Hebrew, Ethiopic and Hanifi Rohingya
// marks are accents, vowel points or tones that people leave out; in Cyrillic only stress marks and the dots of ё are;
// everywhere else a mark is a vowel or a killer of one.
func dropsMark(base, mark rune) bool {
	switch {
	case mark == 0x20E3 || mark >= 0xFE00 && mark <= 0xFE0F || mark >= 0xE0100 && mark <= 0xE01EF: // keycap, variation selectors
		return true
	case !unicode.IsLetter(base) && !unicode.IsMark(base) && !unicode.IsNumber(base): // an accent that stands alone
		return true
	case unicode.In(base, unicode.Latin, unicode.Greek, unicode.Arabic, unicode.Hebrew, unicode.Ethiopic, unicode.Hanifi_Rohingya, unicode.Syriac):
		return true
	case unicode.Is(unicode.Cyrillic, base):
		return mark == 0x0300 || mark == 0x0301 && base != 'г' && base != 'к' || mark == 0x0308 && base == 'е'
	}
	return false
}

// isApostrophe says that r is one of the signs that stand for a glottal stop or an omission: left out, since
// keyboards offer so many of them.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´', 'ʼ', 'ʻ', 'ʿ', 'ʾ', 'ʹ', 'ꞌ', '′':
		return true
	}
	return false
}
