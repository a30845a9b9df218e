package speech

import "strings"

// MatchLanguage recognises a language by what somebody typed: its own name, its English name or its tag, folded. A
// name in brackets counts by itself too, unless two languages share it.
func (b *Book) MatchLanguage(typed string) (tag string, ok bool) {
	if len(typed) > longestLabel {
		return "", false
	}
	tag = b.names[Fold("", typed)]
	return tag, tag != ""
}

// nameLanguages maps every folded name to its language. A whole name beats a part of one; a name that two languages share counts for neither.
func nameLanguages(langs []Language) map[string]string {
	names := map[string]string{}
	add := func(into map[string]string, name, tag string) {
		folded := Fold("", name)
		if folded == "" {
			return
		}
		if before, taken := into[folded]; taken && before != tag {
			tag = ""
		}
		into[folded] = tag
	}
	parts := map[string]string{}
	for _, l := range langs {
		for _, name := range []string{l.Name, l.English, l.Tag} {
			add(names, name, l.Tag)
			for _, piece := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("()[]/,،—–", r) }) {
				add(parts, piece, l.Tag)
			}
		}
	}
	for name, tag := range parts {
		if _, whole := names[name]; !whole {
			names[name] = tag
		}
	}
	return names
}
