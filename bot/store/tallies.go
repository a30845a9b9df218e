package store

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
)

// tallies are the counters of a month, in the order of their names. Their record is a JSON object. It is read and written here
// and not by the library, since every deed about a report counts, and the record names all that a mission can count.
type tallies []tally

type tally struct {
	name string
	n    int
}

func (t tallies) find(name string) (at int, known bool) {
	return slices.BinarySearchFunc(t, name, func(one tally, name string) int { return cmp.Compare(one.name, name) })
}

func (t tallies) add(name string) tallies {
	at, known := t.find(name)
	if known {
		t[at].n++
		return t
	}
	return slices.Insert(t, at, tally{name, 1})
}

// readTallies reads a record. What is not of the plain form that is usual is left to the library.
func readTallies(plain []byte) (tallies, error) {
	if t, usual := readPlain(plain); usual {
		return t, nil
	}
	counts := map[string]int{}
	if err := decode(plain, &counts); err != nil {
		return nil, err
	}
	t := make(tallies, 0, len(counts))
	for name, n := range counts {
		t = append(t, tally{name, n})
	}
	slices.SortFunc(t, func(a, b tally) int { return cmp.Compare(a.name, b.name) })
	return t, nil
}

// readPlain reads {"name":1,"other":2}: in order, without spaces, each name of characters that stand for themselves.
func readPlain(plain []byte) (t tallies, usual bool) {
	rest, ok := bytes.CutPrefix(plain, []byte("{"))
	if !ok {
		return nil, false
	}
	t = make(tallies, 0, bytes.Count(rest, []byte(":"))+4)
	for first := true; ; first = false {
		if string(rest) == "}" && first {
			return t, true
		}
		if rest, ok = bytes.CutPrefix(rest, []byte(`"`)); !ok {
			return nil, false
		}
		end := bytes.IndexByte(rest, '"')
		if end < 0 || !itself(rest[:end]) {
			return nil, false
		}
		name := string(rest[:end])
		if len(t) > 0 && t[len(t)-1].name >= name {
			return nil, false
		}
		if rest, ok = bytes.CutPrefix(rest[end+1:], []byte(":")); !ok {
			return nil, false
		}
		digits := 0
		for digits < len(rest) && digits < 18 && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		n, err := strconv.Atoi(string(rest[:digits]))
		if err != nil || digits > 1 && rest[0] == '0' || digits == len(rest) {
			return nil, false
		}
		t = append(t, tally{name, n})
		switch end := rest[digits]; {
		case end == '}' && digits+1 == len(rest):
			return t, true
		case end != ',':
			return nil, false
		}
		rest = rest[digits+1:]
	}
}

// itself says that every character of a name stands for itself in JSON.
func itself[T string | []byte](name T) bool {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// encode writes the record, as the library would.
func (t tallies) encode() ([]byte, error) {
	size := 2
	for _, one := range t {
		size += len(one.name) + 12
	}
	out := append(make([]byte, 0, size), '{')
	for i, one := range t {
		if i > 0 {
			out = append(out, ',')
		}
		if itself(one.name) {
			out = append(append(append(out, '"'), one.name...), '"')
		} else {
			name, err := encode(one.name)
			if err != nil {
				return nil, err
			}
			out = append(out, name...)
		}
		out = strconv.AppendInt(append(out, ':'), int64(one.n), 10)
	}
	return append(out, '}'), nil
}
