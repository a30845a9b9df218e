package telegramtest

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

//go:embed table.txt
var tableText string

// table is what the Bot API accepts, as table.txt tells it.
type table struct {
	methods map[string]*object // by name in lower case: Telegram does not mind the case
	objects map[string]*object
	unions  map[string][]string
	answers map[string]*object
	foreign map[string]bool // in lower case: real methods that are not played here
}

// object is a method with its parameters or a type with its fields.
type object struct {
	name   string
	fields map[string]*field
	order  []*field
}

// field is one parameter of a method or one field of a type.
type field struct {
	owner    string
	name     string
	required bool
	types    []typeRef // any of these
	limit    limit
}

// typeRef is a type's name below so many arrays.
type typeRef struct {
	depth int
	name  string
}

// limit is how large a value may be, or which values there are.
type limit struct {
	unit   byte // b bytes, c characters, p characters after parsing, i items, n number; 0 for none of them
	lo, hi float64
	words  []string
	match  *regexp.Regexp
}

// readTable reads the lines of table.txt; the file says what they mean.
func readTable(text string) (*table, error) {
	t := &table{methods: map[string]*object{}, objects: map[string]*object{}, unions: map[string][]string{},
		answers: map[string]*object{}, foreign: map[string]bool{}}
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] == "#" {
			continue
		}
		if err := t.line(words[0], words[1], words[2:]); err != nil {
			return nil, fmt.Errorf("reading table line %d: %w", n+1, err)
		}
	}
	return t, nil
}

func (t *table) line(kind, name string, rest []string) error {
	switch kind {
	case "union":
		t.unions[name] = rest
		return nil
	case "foreign":
		for _, m := range append(rest, name) {
			t.foreign[strings.ToLower(m)] = true
		}
		return nil
	}
	o := &object{name: name, fields: map[string]*field{}}
	for _, w := range rest {
		f, err := readField(name, w)
		if err != nil {
			return err
		}
		o.fields[f.name] = f
		o.order = append(o.order, f)
	}
	switch kind {
	case "method":
		t.methods[strings.ToLower(name)] = o
	case "object":
		t.objects[name] = o
	case "answer":
		t.answers[name] = o
	default:
		return fmt.Errorf("unknown kind %q", kind)
	}
	return nil
}

// readField reads name[!]:type[|type][{limit}].
func readField(owner, word string) (*field, error) {
	name, rest, ok := strings.Cut(word, ":")
	if !ok {
		return nil, fmt.Errorf("field %q has no type", word)
	}
	f := &field{owner: owner, name: strings.TrimSuffix(name, "!"), required: strings.HasSuffix(name, "!")}
	types, lim, has := strings.Cut(rest, "{")
	if has {
		l, err := readLimit(strings.TrimSuffix(lim, "}"))
		if err != nil {
			return nil, fmt.Errorf("limit of %s.%s: %w", owner, f.name, err)
		}
		f.limit = l
	}
	for _, ty := range strings.Split(types, "|") {
		r := typeRef{}
		for strings.HasPrefix(ty, "[]") {
			r.depth, ty = r.depth+1, ty[2:]
		}
		r.name = ty
		f.types = append(f.types, r)
	}
	return f, nil
}

func readLimit(s string) (limit, error) {
	switch s[0] {
	case '=':
		return limit{words: strings.Split(s[1:], ",")}, nil
	case '~':
		re, err := regexp.Compile("^(?:" + s[1:] + ")$")
		return limit{match: re}, err
	}
	lo, hi, ok := strings.Cut(s[:len(s)-1], "..")
	if !ok {
		return limit{}, fmt.Errorf("no range in %q", s)
	}
	l := limit{unit: s[len(s)-1]}
	var err error
	if l.lo, err = strconv.ParseFloat(lo, 64); err != nil {
		return limit{}, err
	}
	l.hi, err = strconv.ParseFloat(hi, 64)
	return l, err
}

// is says whether the field takes values of this plain type.
func (f *field) is(name string) bool {
	for _, t := range f.types {
		if t.depth == 0 && t.name == name {
			return true
		}
	}
	return false
}
