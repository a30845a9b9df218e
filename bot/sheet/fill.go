package sheet

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Lines says in which line each setting stands, by its path: "hours.zone", "routes[2].kinds[0]".
type Lines map[string]int

// Of gives the line of a setting, or of the nearest one around it; 0 if nothing of it stands in the file.
func (l Lines) Of(path string) int {
	for path != "" {
		if n, ok := l[path]; ok {
			return n
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 0
}

// Fill puts a tree into a struct whose fields carry yaml tags: texts, truths, whole numbers, lists, maps by text, structs,
// and what reads itself from a text ([encoding.TextUnmarshaler], whose error says what is wrong and what to write). Nothing
// is guessed: an unknown or repeated setting or one of another form is a Mistake. A setting without a value is left out.
func Fill(n *yaml.Node, into any) (Lines, []Mistake) {
	f := &filler{lines: Lines{}, whole: reflect.TypeOf(into).Elem()}
	f.value(n, reflect.ValueOf(into).Elem(), "")
	slices.SortStableFunc(f.bad, func(a, b Mistake) int { return a.Line - b.Line })
	return f.lines, f.bad
}

type filler struct {
	lines Lines
	bad   []Mistake
	whole reflect.Type
}

func (f *filler) wrong(n *yaml.Node, hint, format string, args ...any) {
	f.bad = append(f.bad, Mistake{n.Line, fmt.Sprintf(format, args...), hint})
}

func (f *filler) value(n *yaml.Node, v reflect.Value, path string) {
	if path != "" {
		f.lines[path] = n.Line
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && path != "" {
		return
	}
	if own, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if n.Kind != yaml.ScalarNode {
			f.form(n, path, "one value", "write "+last(path)+": and the value in the same line")
		} else if err := own.UnmarshalText([]byte(n.Value)); err != nil {
			f.wrong(n, "", "%s: %v", path, err)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if n.Kind != yaml.ScalarNode {
			f.form(n, path, "one text", "write "+last(path)+": and the text in the same line")
			return
		}
		v.SetString(n.Value)
	case reflect.Bool:
		if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
			f.form(n, path, "true or false", "write "+last(path)+": true, or take the line out")
			return
		}
		v.SetBool(n.Value == "true")
	case reflect.Int:
		k, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil {
			f.form(n, path, "a whole number", "write "+last(path)+": and digits, such as 72")
			return
		}
		v.SetInt(int64(k))
	case reflect.Slice:
		f.list(n, v, path)
	case reflect.Map:
		f.table(n, v, path)
	case reflect.Struct:
		f.settings(n, v, path)
	default:
		panic("sheet: no form for " + v.Type().String())
	}
}

// form says that a value has another form than its setting.
func (f *filler) form(n *yaml.Node, path, want, hint string) {
	is := "a list"
	switch n.Kind {
	case yaml.MappingNode:
		is = "settings of its own"
	case yaml.ScalarNode:
		is = strconv.Quote(clip(n.Value))
	}
	f.wrong(n, hint, "%s must be %s, and is %s", path, want, is)
}

func (f *filler) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		hint := "write " + last(path) + ": [first, second]"
		if v.Type().Elem().Kind() == reflect.Struct {
			hint = "write each on a line of its own below it, beginning with - and a space"
		}
		f.form(n, path, "a list", hint)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, c := range n.Content {
		f.value(c, v.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
}

func (f *filler) table(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		f.form(n, path, "names with values", "write "+last(path)+": {name: value}, or each below it, indented")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	f.pairs(n, path, func(k, c *yaml.Node) {
		e := reflect.New(v.Type().Elem()).Elem()
		f.value(c, e, join(path, k.Value))
		v.SetMapIndex(reflect.ValueOf(k.Value), e)
	})
}

func (f *filler) settings(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		if path == "" {
			f.wrong(n, "write each setting on a line of its own, as name: value", "the file does not consist of settings")
			return
		}
		f.form(n, path, "settings", "write them as {name: value}, or each below it, indented")
		return
	}
	names := fields(v.Type())
	f.pairs(n, path, func(k, c *yaml.Node) {
		i := slices.Index(names, k.Value)
		if i < 0 {
			f.unknown(k, path, names)
			return
		}
		f.value(c, field(v, k.Value), join(path, k.Value))
		f.lines[join(path, k.Value)] = k.Line
	})
}

// pairs goes through names and values, and refuses what stands twice.
func (f *filler) pairs(n *yaml.Node, path string, each func(k, c *yaml.Node)) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, c := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			f.wrong(k, "write a plain word before the colon", "a setting has no plain name")
		case seen[k.Value] > 0:
			f.wrong(k, "keep one of the two", "%s stands twice, first in line %d", join(path, k.Value), seen[k.Value])
		default:
			seen[k.Value] = k.Line
			each(k, c)
		}
	}
}

// unknown says which setting was probably meant, or where one of this name belongs.
func (f *filler) unknown(k *yaml.Node, path string, names []string) {
	hint := Known(k.Value, names)
	if where := home(f.whole, k.Value, ""); where != "" && where != path && !strings.HasPrefix(hint, "did") {
		hint = "it belongs under " + where + ": move it there, and indent it"
	}
	if path == "" {
		f.wrong(k, hint, "there is no setting %q", clip(k.Value))
		return
	}
	f.wrong(k, hint, "%s has no setting %q", path, clip(k.Value))
}

// home finds the setting under which a name is known.
func home(t reflect.Type, name, path string) string {
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	for i := range t.NumField() {
		switch tag := t.Field(i).Tag.Get("yaml"); {
		case tag == name && path != "":
			return path
		case tag != "":
			if found := home(t.Field(i).Type, name, join(path, tag)); found != "" {
				return found
			}
		}
	}
	return ""
}

func fields(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" {
			names = append(names, tag)
		}
	}
	return names
}

func field(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") == name {
			return v.Field(i)
		}
	}
	panic("sheet: no field " + name)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// last is the name of a setting without the way to it.
func last(path string) string {
	name, _, _ := strings.Cut(path[strings.LastIndex(path, ".")+1:], "[")
	return name
}
