package speech

import "unicode"

// class says what a character is to the folding of text, as one or more of these.
type class uint8

const (
	signMark class = 1 << iota // stands on another character
	anyMark                    // a mark of any kind
	letter
	number
	unheard // an apostrophe, or neither seen nor heard
	upper   // has a small form, or may have one
)

// classes are those of the characters below U+2000, in which all scripts are written that are spoken here. To ask the tables of
// the library five times about each letter would cost most of the time that a folded message takes.
var classes = func() (all [0x2000]class) {
	for r := range all {
		all[r] = classify(rune(r))
	}
	return all
}()

func classOf(r rune) class {
	if r >= 0 && int(r) < len(classes) {
		return classes[r]
	}
	return classify(r)
}

func classify(r rune) (c class) {
	for _, is := range []struct {
		it bool
		as class
	}{
		{unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r), signMark}, {unicode.IsMark(r), anyMark},
		{unicode.IsLetter(r), letter}, {unicode.IsNumber(r), number}, {isApostrophe(r) || isSilent(r), unheard},
		{unicode.ToLower(r) != r, upper},
	} {
		if is.it {
			c |= is.as
		}
	}
	return c
}
