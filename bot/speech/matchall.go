package speech

import (
	"strings"
	"unicode/utf8"
)

// MatchAll finds several options in one message: numbers ("1 3", "١ و ٣") or labels parted by commas, new lines or a word
// for "and". Every part must match, else none does. The names come in the order typed, each once; how is the least
// sure of all.
func (b *Book) MatchAll(lang, typed string, opts []Option) (names []string, how How, ok bool) {
	whole, sure, isOne := b.Match(lang, typed, opts)
	if isOne && sure != Guess {
		return []string{whole}, sure, true
	}
	if len(typed) > longest {
		return nil, None, false
	}
	if numbers, ok := Numbers(typed); ok {
		for _, n := range numbers {
			if n < 1 || n > len(opts) {
				return nil, None, false
			}
			names = once(names, opts[n-1].Name)
		}
		return names, Digit, true
	}
	names, how, ok = b.matchPieces(lang, typed, opts)
	if isOne && (!ok || how == Guess) { // one label nearly, rather than several nearly
		return []string{whole}, sure, true
	}
	return names, how, ok
}

// matchPieces matches what stands between the commas. A label may have commas of its own: several pieces are tried as one
// first, as many as there are.
func (b *Book) matchPieces(lang, typed string, opts []Option) (names []string, how How, ok bool) {
	pieces := piecesOf(typed)
	for i := 0; i < len(pieces); {
		to, found, sure := 0, []string(nil), None
		for j := min(len(pieces), i+mostCommas); j > i && to == 0; j-- {
			part := typed[pieces[i].from:pieces[j-1].to]
			if name, s, is := b.Match(lang, part, opts); is && (s != Guess || j == i+1) {
				to, found, sure = j, []string{name}, s
			}
		}
		if to == 0 || sure == Guess {
			if several, s, is := b.matchPiece(lang, typed[pieces[i].from:pieces[i].to], opts); is && (to == 0 || s != Guess) {
				to, found, sure = i+1, several, s
			}
		}
		if to == 0 {
			return nil, None, false
		}
		how = max(how, sure)
		for _, name := range found {
			names = once(names, name)
		}
		i = to
	}
	return names, how, len(names) > 0
}

// mostCommas is how many pieces one label may be cut into.
const mostCommas = 4

// piece is where a piece stands in a text.
type piece struct{ from, to int }

// piecesOf gives what stands between separators, without what is empty.
func piecesOf(typed string) (out []piece) {
	from := 0
	add := func(to int) {
		if strings.TrimSpace(typed[from:to]) != "" {
			out = append(out, piece{from, to})
		}
	}
	for i, r := range typed {
		if isSeparator(r) {
			add(i)
			from = i + utf8.RuneLen(r)
		}
	}
	add(len(typed))
	return out
}

// matchPiece matches what stands between two commas: one label, which may hold an "and" of its own, or several
// joined by "and".
func (b *Book) matchPiece(lang, piece string, opts []Option) (names []string, how How, ok bool) {
	if name, how, ok := b.Match(lang, piece, opts); ok {
		return []string{name}, how, true
	}
	labels := atAnds(piece)
	if len(labels) < 2 {
		return nil, None, false
	}
	for _, label := range labels {
		name, sure, ok := b.Match(lang, label, opts)
		if !ok {
			return nil, None, false
		}
		how = max(how, sure)
		names = once(names, name)
	}
	return names, how, true
}

// atAnds parts a text at its words for "and". The Arabic one is written together with the word that follows.
func atAnds(s string) []string {
	const and = "و"
	var out []string
	var label []string
	end := func() {
		if len(label) > 0 {
			out = append(out, strings.Join(label, " "))
			label = nil
		}
	}
	for i, word := range strings.Fields(s) {
		rest, joined := strings.CutPrefix(word, and)
		switch {
		case ands[Fold("", word)]:
			end()
		case joined && i > 0 && len(rest) > len(and):
			end()
			label = append(label, rest)
		default:
			label = append(label, word)
		}
	}
	end()
	return out
}

// once adds a name to a list that does not hold it yet.
func once(names []string, name string) []string {
	for _, n := range names {
		if n == name {
			return names
		}
	}
	return append(names, name)
}

func isSeparator(r rune) bool {
	switch r {
	case ',', ';', '\n', '،', '؛', '፣', '፤', '၊', '、', '，', '+', '&':
		return true
	}
	return false
}
