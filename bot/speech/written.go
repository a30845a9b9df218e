package speech

import (
	"maps"
	"slices"
	"strconv"
)

// Written gives a text as it is written, for whoever says it with other means, such as a page in a browser: placeholders in
// braces, and all its forms when a number chooses among them. Counts is the placeholder of that number, and "" when there is one
// form alone, whose name is empty. Exact numbers come first. Ok is false where there is no such text.
func (b *Book) Written(lang, key string) (counts string, cases []Case, ok bool) {
	c := b.catalog(lang)
	if c == nil || c.texts[key] == nil {
		return "", nil, false
	}
	t := c.texts[key]
	switch {
	case t.plain != "":
		return "", []Case{{"", t.plain}}, true
	case t.arg == "":
		return "", []Case{{"", written(t.parts)}}, true
	}
	for _, n := range slices.Sorted(maps.Keys(t.exact)) {
		cases = append(cases, Case{"=" + strconv.Itoa(n), written(t.exact[n])})
	}
	for f := len(formNames) - 1; f >= 0; f-- { // "other", which the language has at any rate, comes last
		if parts := t.forms[f]; parts != nil {
			cases = append(cases, Case{formNames[f], written(parts)})
		}
	}
	return t.arg, cases, true
}

// written puts the parts of a text together as a catalog has them.
func written(parts []part) (text string) {
	for _, p := range parts {
		if p.name != "" {
			text += "{" + p.name + "}"
		} else {
			text += p.text
		}
	}
	return text
}
