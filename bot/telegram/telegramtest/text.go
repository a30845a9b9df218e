package telegramtest

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const maxRawText = 32768 // bytes before parsing

// formatted gives the words of a text or caption with their entities, as Telegram would keep them: parsed, cleaned,
// trimmed. What breaks a rule here is always the bot's fault.
func formatted(c *call, name string) (string, []Entity, *refusal) {
	text, listed, long, hi := c.text(name), "entities", "message is too long", 4096
	if name == "caption" {
		listed, long, hi = "caption_entities", "message caption is too long", 1024
	}
	if len(text) > maxRawText {
		return "", nil, wrong("text is too long", "%s has %d bytes before parsing", name, len(text))
	}
	var entities []Entity
	switch mode := c.text("parse_mode"); {
	case mode == "HTML" && c.has(listed):
		return "", nil, wrong("can't parse entities: parse_mode and entities", "both parse_mode and %s are given", listed)
	case mode == "HTML":
		var r *refusal
		if text, entities, r = parseHTML(text); r != nil {
			return "", nil, r
		}
	case mode != "":
		return "", nil, wrong("can't parse entities: "+mode+" is not played here", "parse_mode %s is not played here", mode)
	default:
		c.into(listed, &entities)
		if r := within(text, entities); r != nil {
			return "", nil, r
		}
	}
	text, entities = tidy(text, entities)
	n := utf8.RuneCountInString(text)
	switch {
	case n > hi:
		return "", nil, wrong(long, "%s has %d characters, allowed are %d", name, n, hi)
	case name == "text" && blank(text):
		return "", nil, wrong("message text is empty", "text has nothing to show")
	}
	return text, entities, nil
}

// within says whether entities lie inside the text and split no character.
func within(text string, entities []Entity) *refusal {
	units := utf16.Encode([]rune(text))
	for i, e := range entities {
		end := e.Offset + e.Length
		if end > len(units) {
			return wrong("ENTITY_BOUNDS_INVALID", "entity %d ends at %d of %d UTF-16 units", i, end, len(units))
		}
		for _, at := range []int{e.Offset, end} {
			if at < len(units) && units[at] >= 0xDC00 && units[at] <= 0xDFFF {
				return wrong("ENTITY_BOUNDS_INVALID", "entity %d splits a character at %d", i, at)
			}
		}
		if e.Type == "text_link" && e.URL == "" {
			return wrong("ENTITY_URL_INVALID", "entity %d has no url", i)
		}
	}
	return nil
}

// tidy cleans a text, trims it and moves its entities along.
func tidy(text string, entities []Entity) (string, []Entity) {
	if len(entities) == 0 {
		return trim(clean(text)), nil
	}
	// keep[i] is how many UTF-16 units of the cleaned text come before unit i of the given one.
	var keep []int
	var out strings.Builder
	n := 0
	for _, r := range text {
		c := clean(string(r))
		for range utf16.RuneLen(r) {
			keep = append(keep, n)
		}
		out.WriteString(c)
		n += width(c)
	}
	keep = append(keep, n)
	cleaned := out.String()
	lead := width(cleaned) - width(strings.TrimLeft(cleaned, " \n"))
	result := trim(cleaned)
	total := width(result)
	var moved []Entity
	for _, e := range entities {
		from, to := keep[e.Offset]-lead, keep[e.Offset+e.Length]-lead
		from, to = max(from, 0), min(to, total)
		if to > from {
			e.Offset, e.Length = from, to-from
			moved = append(moved, e)
		}
	}
	slices.SortStableFunc(moved, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	return result, moved
}

// clean drops what Telegram drops from every text: carriage returns, the bidi embeddings and overrides with the line
// separators beside them (U+2028 to U+202E; isolates stay), three combining lines; other control characters become
// spaces.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || (r >= 0x2028 && r <= 0x202E) || r == 0x333 || r == 0x33F || r == 0x30A:
			return -1
		case r < ' ' && r != '\n':
			return ' '
		}
		return r
	}, s)
}

func trim(s string) string { return strings.TrimRight(strings.TrimLeft(s, " \n"), " \n") }

// blank says that a text shows nothing: only spaces and characters without width.
func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r == 0xA0 || r == 0xAD || r == 0x2800 || (r >= 0x200B && r <= 0x200F) || (r >= 0x2060 && r <= 0x206F) || r == 0xFEFF
	}) == ""
}

// width is the length in UTF-16 units.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
