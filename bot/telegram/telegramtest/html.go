package telegramtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseHTML reads Telegram's HTML: a few tags, strictly nested, and four named characters. Anything else that begins
// with < is refused with the place where it stands, in bytes.
func parseHTML(s string) (string, []Entity, *refusal) {
	p := &htmlParser{in: s}
	for p.pos < len(p.in) {
		var r *refusal
		switch p.in[p.pos] {
		case '<':
			r = p.tag()
		case '&':
			p.reference()
		default:
			_, n := utf8.DecodeRuneInString(p.in[p.pos:])
			p.write(p.in[p.pos : p.pos+n])
			p.pos += n
		}
		if r != nil {
			return "", nil, r
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, unparsed("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return p.out.String(), p.entities, nil
}

func unparsed(format string, args ...any) *refusal {
	text := "can't parse entities: " + fmt.Sprintf(format, args...)
	return wrong(text, "%s", text)
}

type htmlParser struct {
	in       string
	pos      int
	out      strings.Builder
	width    int // of out, in UTF-16 units
	open     []openTag
	entities []Entity
}

type openTag struct {
	name   string
	entity Entity
}

func (p *htmlParser) write(s string) {
	p.out.WriteString(s)
	p.width += width(s)
}

// entityOf maps tags to the entities that they make.
var entityOf = map[string]string{"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
	"ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
	"span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji"}

func (p *htmlParser) tag() *refusal {
	begin := p.pos
	end := p.closing()
	if end < 0 {
		return unparsed("Unclosed start tag at byte offset %d", begin)
	}
	body := p.in[begin+1 : end]
	p.pos = end + 1
	if name, ok := strings.CutPrefix(body, "/"); ok {
		return p.endTag(strings.ToLower(strings.TrimSpace(name)), begin)
	}
	name, rest, _ := strings.Cut(strings.ReplaceAll(body, "\n", " "), " ")
	name = strings.ToLower(name)
	kind, ok := entityOf[name]
	if !ok {
		return unparsed("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	attrs, r := attributes(rest, begin)
	if r != nil {
		return r
	}
	e := Entity{Type: kind, Offset: p.width}
	switch name {
	case "a":
		e.URL = attrs["href"]
	case "span":
		if attrs["class"] != "tg-spoiler" {
			return unparsed("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
		}
	case "code":
		e.Language = strings.TrimPrefix(attrs["class"], "language-")
	case "tg-emoji":
		e.EmojiID = attrs["emoji-id"]
	case "blockquote":
		if _, ok := attrs["expandable"]; ok {
			e.Type = "expandable_blockquote"
		}
	}
	p.open = append(p.open, openTag{name, e})
	return nil
}

// closing finds the > that ends the tag at pos, outside quotes.
func (p *htmlParser) closing() int {
	quote := byte(0)
	for i := p.pos + 1; i < len(p.in); i++ {
		switch c := p.in[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

func (p *htmlParser) endTag(name string, begin int) *refusal {
	if len(p.open) == 0 {
		return unparsed("Unexpected end tag at byte offset %d", begin)
	}
	last := p.open[len(p.open)-1]
	if name != "" && name != last.name {
		return unparsed("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, last.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	e := last.entity
	e.Length = p.width - e.Offset
	if e.Length == 0 || (e.Type == "text_link" && e.URL == "") {
		return nil
	}
	if e.Type == "code" && e.Language != "" {
		if n := len(p.open); n > 0 && p.open[n-1].name == "pre" {
			p.open[n-1].entity.Language = e.Language
			return nil
		}
		e.Language = ""
	}
	i := slices.IndexFunc(p.entities, func(x Entity) bool { return x.Offset >= e.Offset })
	if i < 0 {
		i = len(p.entities)
	}
	p.entities = slices.Insert(p.entities, i, e)
	return nil
}

// attributes reads name="value" pairs.
func attributes(s string, begin int) (map[string]string, *refusal) {
	out := map[string]string{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		i := strings.IndexAny(s, "= ")
		if i == 0 {
			return nil, unparsed("Empty attribute name in the tag at byte offset %d", begin)
		}
		if i < 0 || s[i] == ' ' {
			name, rest, _ := strings.Cut(s, " ")
			out[strings.ToLower(name)], s = "", rest
			continue
		}
		name, value := strings.ToLower(s[:i]), s[i+1:]
		if value != "" && (value[0] == '"' || value[0] == '\'') {
			j := strings.IndexByte(value[1:], value[0])
			if j < 0 {
				return nil, unparsed("Unclosed start tag at byte offset %d", begin)
			}
			out[name], s = unescape(value[1:1+j]), value[j+2:]
			continue
		}
		out[name], s, _ = strings.Cut(value, " ")
	}
	return out, nil
}

// reference reads &lt; and its like; what is none stays as it is.
func (p *htmlParser) reference() {
	s, n := oneReference(p.in[p.pos:])
	p.write(s)
	p.pos += n
}

func oneReference(s string) (string, int) {
	end := strings.IndexByte(s, ';')
	if end < 2 || end > 10 {
		return "&", 1
	}
	switch name := s[1:end]; name {
	case "lt":
		return "<", end + 1
	case "gt":
		return ">", end + 1
	case "amp":
		return "&", end + 1
	case "quot":
		return "\"", end + 1
	default:
		if name[0] != '#' {
			break
		}
		digits, base := name[1:], 10
		if strings.HasPrefix(digits, "x") {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(digits, base, 21); err == nil && n > 0 && utf8.ValidRune(rune(n)) {
			return string(rune(n)), end + 1
		}
	}
	return "&", 1
}

func unescape(s string) string {
	var b strings.Builder
	for s != "" {
		if s[0] != '&' {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		r, n := oneReference(s)
		b.WriteString(r)
		s = s[n:]
	}
	return b.String()
}
