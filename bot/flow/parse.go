package flow

import (
	"bytes"
	"strconv"

	"go.yaml.in/yaml/v4"

	"amana/bot/sheet"
)

// Parse reads one flow file and judges what can be judged without the other flows. Anything that is not known,
// stands twice or has the wrong shape is refused. An error is an Errors: every problem with file, line and remedy.
func Parse(file string, src []byte) (*Flow, error) {
	p := &parser{src: newSource(file, src)}
	f := p.flow(src)
	if len(p.problems) > 0 {
		sortProblems(p.problems)
		return nil, p.problems
	}
	return f, nil
}

// MaxProblems is how many problems of one file are told at once.
const MaxProblems = 50

type parser struct {
	src      *source
	problems Errors
}

func (p *parser) wrong(line int, hint, format string, args ...any) {
	if len(p.problems) < MaxProblems {
		p.problems = append(p.problems, p.src.problem(line, hint, format, args...))
	}
}

// document reads the tree of the one flow in a file.
func (p *parser) document(src []byte) *yaml.Node {
	if len(src) > MaxFile {
		p.wrong(0, "split it into several flows", "the file is larger than %d bytes", MaxFile)
		return nil
	}
	n, m := sheet.Read(src, "begin with flow: and a name")
	if m != nil {
		p.wrong(m.Line, m.Hint, "%s", m.What)
		return nil
	}
	return n
}

// fields gives the fields of a map by name, and refuses unknown and repeated ones.
func (p *parser) fields(n *yaml.Node, where string, known ...string) map[string]*yaml.Node {
	if n.Kind != yaml.MappingNode {
		p.wrong(n.Line, "write fields as in name: value", "%s must be a map of fields", where)
		return nil
	}
	out := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			p.wrong(k.Line, "write a plain word before the colon", "a field of %s has no plain name", where)
		case !has(known, k.Value):
			p.wrong(k.Line, sheet.Known(k.Value, known), "%s has no field %q", where, k.Value)
		case out[k.Value] != nil:
			p.wrong(k.Line, "keep one of the two", "%s has the field %q twice", where, k.Value)
		default:
			out[k.Value] = v
		}
	}
	return out
}

// word gives a plain word; what it is called in a complaint is what.
func (p *parser) word(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.wrong(n.Line, "write one plain word", "%s must be a word", what)
		return "", false
	}
	return n.Value, true
}

func (p *parser) name(n *yaml.Node, what string, most int, letterFirst bool) (string, bool) {
	w, ok := p.word(n, what)
	if !ok {
		return "", false
	}
	if !isName(w, most, letterFirst) {
		first := "a letter or digit"
		if letterFirst {
			first = "a letter"
		}
		p.wrong(n.Line, "use a-z, 0-9 and _, beginning with "+first+", at most "+strconv.Itoa(most), "%s cannot be called %q", what, w)
		return "", false
	}
	return w, true
}

func (p *parser) truth(n *yaml.Node, what string) bool {
	if n == nil {
		return false
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		switch n.Value {
		case "true":
			return true
		case "false":
			return false
		}
	}
	p.wrong(n.Line, "write true, or leave the field out", "%s must be true or false", what)
	return false
}

func (p *parser) number(n *yaml.Node, what string, least, most int64) (int64, bool) {
	if n.Kind == yaml.ScalarNode {
		if v, err := strconv.ParseInt(n.Value, 10, 64); err == nil && n.Style == 0 && v >= least && v <= most {
			return v, true
		}
	}
	p.wrong(n.Line, "write a whole number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10), "%s is not such a number", what)
	return 0, false
}

func has(words []string, w string) bool {
	for _, k := range words {
		if k == w {
			return true
		}
	}
	return false
}

func list(words []string) string {
	var b bytes.Buffer
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(w)
	}
	return b.String()
}
