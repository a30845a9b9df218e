package speech

import "strings"

// List joins names with the comma of the language's script. Each name is isolated where directions meet; there is
// no word for "and", so no language needs a grammar here.
func List(lang string, items []string) string {
	rtl := Direction(lang) == "rtl"
	var out strings.Builder
	if rtl && len(items) > 1 { // the first name is on the right, wherever the list is inserted
		out.WriteString(rli)
	}
	for i, item := range items {
		if i > 0 {
			out.WriteString(comma(lang))
		}
		if item = clean(item); rtl || runsRight(item) {
			out.WriteString(fsi + item + pdi)
		} else {
			out.WriteString(item)
		}
	}
	if rtl && len(items) > 1 {
		out.WriteString(pdi)
	}
	return out.String()
}

// comma gives the comma of a language with the space that follows it.
func comma(lang string) string {
	switch parseTag(lang).usual() {
	case "Arab", "Aran", "Rohg", "Thaa", "Syrc":
		return "، "
	case "Ethi":
		return "፣ "
	case "Mymr":
		return "၊ "
	case "Hans", "Hant", "Jpan":
		return "、"
	}
	return ", "
}
