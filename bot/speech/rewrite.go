package speech

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Change is one text that somebody has translated.
type Change struct {
	Key     string
	English string // from which it was translated
	Counts  string // the placeholder by whose number the form is chosen; "" when there is one form only
	Cases   []Case // as in Written
}

// Rewrite puts texts into a catalog, a messages.gotext.json. What is not changed stays byte for byte, whatever
// wrote it: entries that are not named, their order, their spaces, and every field of a changed entry but message,
// translation and fuzzy. A new text stands in one line, behind the text that stands before it in the base language. An empty
// catalog is begun.
func (d *Desk) Rewrite(lang string, src []byte, changes []Change) ([]byte, error) {
	if len(changes) == 0 {
		return src, nil
	}
	if len(bytes.TrimSpace(src)) == 0 {
		src = fmt.Appendf(nil, "{\n  \"language\": %s,\n  \"messages\": [\n  ]\n}\n", quoted(lang))
	}
	open, closed, old, err := entriesIn(src)
	if err != nil {
		return nil, fmt.Errorf("reading the catalog of %s: %w", lang, err)
	}
	line := "\n"
	if bytes.Contains(src, []byte("\r\n")) {
		line = "\r\n"
	}
	order := make(map[string]int, len(d.keys))
	for i, key := range d.keys {
		order[key] = i
	}
	changes = slices.Clone(changes)
	slices.SortStableFunc(changes, func(a, b Change) int { return order[a.Key] - order[b.Key] })
	patch, behind := map[int]Change{}, map[int][]string{} // by place in the file; -1 is before the first
	for _, c := range changes {
		at := -1
		for i, o := range old {
			if o.key == c.Key {
				patch[i], at = c, -2
				break
			}
			if order[o.key] < order[c.Key] && (at < 0 || order[o.key] >= order[old[at].key]) {
				at = i
			}
		}
		if at > -2 {
			behind[at] = append(behind[at], d.line(c))
		}
	}
	var out bytes.Buffer
	if len(old) == 0 {
		out.Write(src[:open])
		out.WriteString(line + "    " + strings.Join(behind[-1], ","+line+"    ") + line + "  ")
		out.Write(src[closed:])
		return out.Bytes(), nil
	}
	done := 0
	for i, o := range old {
		out.Write(src[done:o.from])
		for _, text := range behind[-1] {
			out.WriteString(text + "," + line + "    ")
		}
		delete(behind, -1)
		entry := src[o.from:o.to]
		if c, changed := patch[i]; changed {
			if entry, err = c.into(entry); err != nil {
				return nil, fmt.Errorf("changing %q in the catalog of %s: %w", o.key, lang, err)
			}
		}
		out.Write(entry)
		for _, text := range behind[i] {
			out.WriteString("," + line + "    " + text)
		}
		done = o.to
	}
	out.Write(src[done:])
	return out.Bytes(), nil
}

// span is one entry of a catalog, and where it stands.
type span struct {
	key      string
	from, to int
}

// entriesIn finds the entries of a catalog, and what lies between the brackets around them.
func entriesIn(src []byte) (open, closed int, entries []span, err error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return 0, 0, nil, errors.New("it is no catalog")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return 0, 0, nil, err
		}
		if name != "messages" {
			var skipped json.RawMessage
			if err := dec.Decode(&skipped); err != nil {
				return 0, 0, nil, err
			}
			continue
		}
		if t, err := dec.Token(); err != nil || t != json.Delim('[') {
			return 0, 0, nil, errors.New("its messages are no list")
		}
		open = int(dec.InputOffset())
		for dec.More() {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				return 0, 0, nil, err
			}
			var e struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(raw, &e); err != nil {
				return 0, 0, nil, err
			}
			end := int(dec.InputOffset())
			entries = append(entries, span{e.ID, end - len(raw), end})
		}
		if _, err := dec.Token(); err != nil {
			return 0, 0, nil, err
		}
		return open, int(dec.InputOffset()) - 1, entries, nil
	}
	return 0, 0, nil, errors.New("it has no messages")
}

// into puts a change into an entry as it is written.
func (c Change) into(entry []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(entry))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	done, translated, last := 0, false, 0
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		last = int(dec.InputOffset())
		with := ""
		switch name {
		case "message":
			var old source
			if err := json.Unmarshal(value, &old); err != nil {
				return nil, err
			}
			if old.main() == c.English {
				continue
			}
			with = quoted(c.English)
		case "translation":
			with, translated = c.translation(), true
		case "fuzzy":
			with = "false"
		default:
			continue
		}
		out.Write(entry[done : last-len(value)])
		out.WriteString(with)
		done = last
	}
	if !translated {
		out.Write(entry[done:last])
		out.WriteString(`, "translation": ` + c.translation())
		done = last
	}
	out.Write(entry[done:])
	return out.Bytes(), nil
}

// line writes a new entry.
func (d *Desk) line(c Change) string {
	var out strings.Builder
	fmt.Fprintf(&out, `{"id": %s, "message": %s, "translation": %s`, quoted(c.Key), quoted(c.English), c.translation())
	if from := d.drafts[Base].entries[c.Key]; from != nil && len(from.Placeholders) > 0 {
		for i, p := range from.Placeholders {
			begin := ", "
			if i == 0 {
				begin = `, "placeholders": [`
			}
			fmt.Fprintf(&out, `%s{"id": %s, "string": %s, "type": %s, "underlyingType": %s, "argNum": %d, "expr": %s}`,
				begin, quoted(p.ID), quoted(p.String), quoted(p.Type), quoted(p.Underlying), p.ArgNum, quoted(p.Expr))
		}
		out.WriteByte(']')
	}
	return out.String() + "}"
}

// translation writes the text of a change.
func (c Change) translation() string {
	if c.Counts == "" {
		return quoted(c.Cases[0].Text)
	}
	var cases []string
	for _, k := range c.Cases {
		cases = append(cases, fmt.Sprintf(`%s: {"msg": %s}`, quoted(k.Form), quoted(k.Text)))
	}
	return fmt.Sprintf(`{"select": {"feature": "plural", "arg": %s, "cases": {%s}}}`, quoted(c.Counts), strings.Join(cases, ", "))
}

// quoted writes a text for JSON as the catalogs have it: letters as they are, and nothing for the sake of web pages.
func quoted(s string) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a text can always be written
	return strings.TrimSuffix(out.String(), "\n")
}
