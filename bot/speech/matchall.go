package speech

import "strings"

// MatchAll finds several options in one message: numbers ("1 3", "١ و ٣") or labels parted by commas, new lines or a word
// for "and". Every part must match, else none does. The names come in the order typed, each once; how is the least
// sure of all.
func (b *Book) MatchAll(lang, typed string, opts []Option) (names []string, how How, ok bool) {
	if name, how, ok := b.Match(lang, typed, opts); ok {
		return []string{name}, how, true
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
	for _, piece := range strings.FieldsFunc(typed, isSeparator) {
		if strings.TrimSpace(piece) == "" {
			continue
		}
		found, sure, ok := b.matchPiece(lang, piece, opts)
		if !ok {
			return nil, None, false
		}
		how = max(how, sure)
		for _, name := range found {
			names = once(names, name)
		}
	}
	return names, how, len(names) > 0
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
