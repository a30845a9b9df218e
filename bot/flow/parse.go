package flow

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
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

var yamlLine = regexp.MustCompile(`line (\d+)(?:, column \d+)?: (.*)`)

// document reads the YAML and refuses what makes a file mean more than it shows.
func (p *parser) document(src []byte) *yaml.Node {
	switch {
	case len(src) > MaxFile:
		p.wrong(0, "split it into several flows", "the file is larger than %d bytes", MaxFile)
		return nil
	case !utf8.Valid(src):
		p.wrong(0, "save it as UTF-8", "the file is not UTF-8")
		return nil
	case bytes.HasPrefix(src, []byte("\ufeff")):
		p.wrong(1, "save it as UTF-8 without BOM", "the file begins with a byte order mark")
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		p.wrong(0, "begin with flow: and a name", "the file is empty")
		return nil
	} else if err != nil {
		line, what := 0, err.Error()
		if m := yamlLine.FindStringSubmatch(what); m != nil {
			line, _ = strconv.Atoi(m[1])
			what = m[2]
		}
		p.wrong(line, "mend the indentation, colons and brackets around here", "this is not YAML: %s", what)
		return nil
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		p.wrong(more.Line, "one file holds one flow: take out what follows ---", "a second document follows")
		return nil
	}
	if len(doc.Content) != 1 {
		p.wrong(0, "begin with flow: and a name", "the file is empty")
		return nil
	}
	n := doc.Content[0]
	if !p.plain(n) {
		return nil
	}
	return n
}

// plain refuses anchors, aliases, merges and tags in the whole tree.
func (p *parser) plain(n *yaml.Node) bool {
	const hint = "write the thing itself, each time"
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		p.wrong(n.Line, hint, "anchors and aliases are not used here")
		return false
	case n.Tag == "!!merge":
		p.wrong(n.Line, hint, "merging with << is not used here")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		p.wrong(n.Line, hint, "tags such as %s are not used here", n.Tag)
		return false
	}
	for _, c := range n.Content {
		if !p.plain(c) {
			return false
		}
	}
	return true
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
			p.wrong(k.Line, "known here: "+list(known), "%s has no field %q", where, k.Value)
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
