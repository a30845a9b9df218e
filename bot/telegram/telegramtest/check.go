package telegramtest

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// check holds the parameters of a call against the table. The parsed JSON of nested parameters is kept in the call.
func (t *table) check(o *object, c *call) *refusal {
	for _, name := range c.names() {
		if o.fields[name] == nil {
			return wrong(fmt.Sprintf("unknown parameter %q", name), "parameter %s does not exist", name)
		}
	}
	for _, f := range o.order {
		p, ok := c.params[f.name]
		if !ok {
			if f.required {
				return wrong(missing(f), "parameter %s is missing", f.name)
			}
			continue
		}
		if r := t.param(f, p, c); r != nil {
			return r
		}
	}
	return nil
}

// param checks one parameter, which travels as text or as an uploaded file.
func (t *table) param(f *field, p *param, c *call) *refusal {
	if p.file != nil {
		if !f.is("InputFile") {
			return wrong(fmt.Sprintf("wrong parameter %s", f.name), "parameter %s is a file", f.name)
		}
		return nil
	}
	if !utf8.ValidString(p.text) {
		return wrong("strings must be encoded in UTF-8", "parameter %s is not UTF-8", f.name)
	}
	if f.is("Integer") {
		if n, err := strconv.ParseInt(p.text, 10, 64); err == nil {
			return f.number(f.name, float64(n))
		}
	}
	switch {
	case f.is("InputFile") && !f.is("String"):
		return wrong(fmt.Sprintf("wrong parameter %s", f.name), "parameter %s must be uploaded", f.name)
	case f.is("String"):
		if f.is("Integer") && f.name == "chat_id" && !strings.HasPrefix(p.text, "@") {
			return wrong("chat not found", "parameter chat_id is neither a number nor a @name")
		}
		return f.text(f.name, p.text)
	case f.is("Boolean"):
		if !slices.Contains([]string{"true", "false", "1", "0"}, strings.ToLower(p.text)) {
			return f.mistyped(f.name, "a Boolean")
		}
		return nil
	case f.is("Float"):
		x, err := strconv.ParseFloat(p.text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return f.mistyped(f.name, "a number")
		}
		return f.number(f.name, x)
	case f.is("Integer"):
		return f.mistyped(f.name, "an integer")
	}
	v, err := decode(p.text)
	if err != nil {
		return wrong(unparsable(f), "parameter %s is not JSON: %v", f.name, err)
	}
	c.values[f.name] = v
	return t.value(f, f.name, v)
}

// value checks a decoded JSON value against any of the field's types. Where none fits, the refusal of the type that
// shares most fields with the value is told, since that is the one which was meant.
func (t *table) value(f *field, path string, v any) *refusal {
	var first *refusal
	best := -1
	for _, ty := range f.types {
		r := t.typed(f, ty, path, v)
		if r == nil {
			return nil
		}
		if n := t.likeness(ty.name, v); n > best {
			first, best = r, n
		}
	}
	return first
}

func (t *table) likeness(name string, v any) int {
	m, ok := v.(map[string]any)
	o := t.objects[name]
	if !ok || o == nil {
		return 0
	}
	n := 0
	for k := range m {
		if f := o.fields[k]; f != nil {
			n++
			if f.required {
				n++
			}
		}
	}
	return n
}

func (t *table) typed(f *field, ty typeRef, path string, v any) *refusal {
	if ty.depth > 0 {
		list, ok := v.([]any)
		if !ok {
			return f.mistyped(path, "an array")
		}
		if f.limit.unit == 'i' && ty.depth == f.types[0].depth && !f.limit.holds(float64(len(list))) {
			return wrong(f.excess(), "%s has %d items, allowed are %g to %g", path, len(list), f.limit.lo, f.limit.hi)
		}
		for i, e := range list {
			if r := t.typed(f, typeRef{ty.depth - 1, ty.name}, fmt.Sprintf("%s[%d]", path, i), e); r != nil {
				return r
			}
		}
		return nil
	}
	switch ty.name {
	case "String":
		s, ok := v.(string)
		if !ok {
			return f.mistyped(path, "a string")
		}
		return f.text(path, s)
	case "Boolean", "True":
		if _, ok := v.(bool); !ok {
			return f.mistyped(path, "a Boolean")
		}
		return nil
	case "Integer", "Float":
		n, ok := v.(json.Number)
		if !ok {
			return f.mistyped(path, "a number")
		}
		if _, err := n.Int64(); err != nil && ty.name == "Integer" {
			return f.mistyped(path, "an integer")
		}
		x, err := n.Float64()
		if err != nil {
			return f.mistyped(path, "a number")
		}
		return f.number(path, x)
	}
	return t.object(f, ty.name, path, v)
}

func (t *table) object(f *field, name, path string, v any) *refusal {
	m, ok := v.(map[string]any)
	if !ok {
		return f.mistyped(path, "an object")
	}
	if kinds, ok := t.unions[name]; ok {
		kind, _ := m["type"].(string)
		for _, k := range kinds {
			if slices.Contains(t.objects[k].fields["type"].limit.words, kind) {
				return t.object(f, k, path, v)
			}
		}
		return wrong(fmt.Sprintf("can't parse %s: unsupported type", name), "%s.type names no %s", path, name)
	}
	o := t.objects[name]
	for k := range m {
		if o.fields[k] == nil {
			return wrong(fmt.Sprintf("can't parse %s: unknown field %q", name, k), "%s.%s does not exist", path, k)
		}
	}
	for _, inner := range o.order {
		x, ok := m[inner.name]
		if !ok {
			if inner.required {
				return wrong(fmt.Sprintf("can't parse %s: Can't find field \"%s\"", name, inner.name), "%s.%s is missing", path, inner.name)
			}
			continue
		}
		if r := t.value(inner, path+"."+inner.name, x); r != nil {
			return r
		}
	}
	return nil
}

// text checks a string against the field's limit, but for those that count after parsing.
func (f *field) text(path, s string) *refusal {
	l := f.limit
	n := -1
	switch {
	case l.words != nil:
		if !slices.Contains(l.words, s) {
			return wrong(f.excess(), "%s is none of %s", path, strings.Join(l.words, ", "))
		}
	case l.match != nil:
		if !l.match.MatchString(s) {
			return wrong(f.excess(), "%s does not match %s", path, l.match)
		}
	case l.unit == 'b':
		n = len(s)
	case l.unit == 'c':
		n = utf8.RuneCountInString(s)
	}
	if n >= 0 && !l.holds(float64(n)) {
		unit := map[byte]string{'b': "bytes", 'c': "characters"}[l.unit]
		return wrong(f.excess(), "%s has %d %s, allowed are %g to %g", path, n, unit, l.lo, l.hi)
	}
	return nil
}

func (f *field) number(path string, x float64) *refusal {
	if f.limit.unit == 'n' && !f.limit.holds(x) {
		return wrong(f.excess(), "%s is outside %g to %g", path, f.limit.lo, f.limit.hi)
	}
	return nil
}

func (l limit) holds(x float64) bool { return x >= l.lo && x <= l.hi }

func (f *field) mistyped(path, want string) *refusal {
	if f.name == "reply_markup" {
		return wrong("object expected as reply markup", "%s must be %s", path, want)
	}
	return wrong(fmt.Sprintf("field %q must be %s", f.name, want), "%s must be %s", path, want)
}

// decode reads one JSON value and nothing after it.
func decode(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}
