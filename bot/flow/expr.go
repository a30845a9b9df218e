package flow

import (
	"fmt"
	"strings"
)

type exprOp uint8

const (
	opEqual exprOp = iota
	opDiffers
	opHas
	opAnd
	opOr
	opNot
)

// Where the name of an atom points.
const (
	refOuter   = -1 // a step of an enclosing flow
	refSelf    = -2 // `.`, the answer under judgement
	refReaders = -3 // the reserved variable `readers`
)

// expr is a parsed expression. An atom has a name and a value, the others one or two parts.
type expr struct {
	op    exprOp
	l, r  *expr
	name  string
	value string
	own   int // index of the step in this flow, or one of ref…
}

// readersValues are what the reserved variable `readers` can be.
var readersValues = []string{ReadersEnough, ReadersMixed, ReadersOversight, ReadersNone}

// Values of the reserved variable `readers`: who could read a report with the answers so far.
const (
	ReadersEnough    = "enough"    // two independent readers at least
	ReadersMixed     = "mixed"     // enough, and some of them work for the accused organisation
	ReadersOversight = "oversight" // the oversight desk alone
	ReadersNone      = "none"      // nobody; the flow must not ask for a report
)

const readersName = "readers"

// isReserved says that a name means something else in an expression or a goto.
func isReserved(name string) bool {
	switch name {
	case "and", "or", "not", "has", "end", readersName:
		return true
	}
	return false
}

// exprError is a complaint about an expression with its remedy.
type exprError struct{ what, hint string }

func (e *exprError) Error() string { return e.what + "; " + e.hint }

const exprHint = "write it as in: who != me and (concern has hiring or not danger = yes)"

func exprErrorf(hint, format string, args ...any) *exprError {
	return &exprError{what: fmt.Sprintf(format, args...), hint: hint}
}

// parseExpr reads an expression. Names are not resolved yet.
func parseExpr(text string) (*expr, *exprError) {
	p := &exprParser{}
	if err := p.split(text); err != nil {
		return nil, err
	}
	if len(p.tokens) == 0 {
		return nil, exprErrorf(exprHint, "the expression is empty")
	}
	if len(p.tokens) > 6*MaxAtoms {
		return nil, exprErrorf("split the step in two", "the expression is too long")
	}
	e, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t != "" {
		if t == ")" {
			return nil, exprErrorf("take it out, or open one before it", "a closing parenthesis too many")
		}
		return nil, exprErrorf("join two conditions with and, or", "%q stands where the expression should end", t)
	}
	return e, nil
}

type exprParser struct {
	tokens []string
	at     int
}

func (p *exprParser) split(text string) *exprError {
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '(' || c == ')' || c == '=' || c == '.':
			if c == '=' && i+1 < len(text) && text[i+1] == '=' {
				return exprErrorf("write a single =", "== is not known")
			}
			p.tokens = append(p.tokens, text[i:i+1])
			i++
		case c == '!':
			if i+1 >= len(text) || text[i+1] != '=' {
				return exprErrorf("write not, or !=", "a lone ! is not known")
			}
			p.tokens = append(p.tokens, "!=")
			i += 2
		case wordByte(c):
			j := i
			for j < len(text) && wordByte(text[j]) {
				j++
			}
			p.tokens = append(p.tokens, text[i:j])
			i = j
		default:
			r := []rune(text[i:])[0]
			return exprErrorf("names and values are a-z, 0-9 and _, without quotation marks", "%q has no place in an expression", r)
		}
	}
	return nil
}

func wordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' }

func (p *exprParser) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *exprParser) next() string {
	t := p.peek()
	p.at++
	return t
}

func (p *exprParser) or(depth int) (*expr, *exprError) {
	return p.chain(depth, "or", opOr, p.and)
}

func (p *exprParser) and(depth int) (*expr, *exprError) {
	return p.chain(depth, "and", opAnd, p.not)
}

func (p *exprParser) chain(depth int, word string, op exprOp, part func(int) (*expr, *exprError)) (*expr, *exprError) {
	l, err := part(depth)
	if err != nil {
		return nil, err
	}
	for p.peek() == word {
		p.next()
		r, err := part(depth)
		if err != nil {
			return nil, err
		}
		l = &expr{op: op, l: l, r: r}
	}
	return l, nil
}

func (p *exprParser) not(depth int) (*expr, *exprError) {
	if depth > MaxNesting {
		return nil, exprErrorf("say it more simply, or split the step", "the expression nests deeper than %d", MaxNesting)
	}
	switch p.peek() {
	case "not":
		p.next()
		e, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return &expr{op: opNot, l: e}, nil
	case "(":
		p.next()
		e, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.next() != ")" {
			return nil, exprErrorf("add a )", "a parenthesis is not closed")
		}
		return e, nil
	}
	return p.atom()
}

func (p *exprParser) atom() (*expr, *exprError) {
	name := p.next()
	switch {
	case name == "":
		return nil, exprErrorf(exprHint, "the expression ends too early")
	case name != "." && (!wordByte(name[0]) || name == "and" || name == "or" || name == "has"):
		return nil, exprErrorf(exprHint, "%q stands where the name of a step should stand", name)
	}
	e := &expr{name: name}
	switch op := p.next(); op {
	case "=":
		e.op = opEqual
	case "!=":
		e.op = opDiffers
	case "has":
		e.op = opHas
	case "":
		return nil, exprErrorf(exprHint, "%q is a name without a value", name)
	default:
		return nil, exprErrorf("after a name comes =, != or has", "%q stands after %q", op, name)
	}
	e.value = p.next()
	switch {
	case e.value == "":
		return nil, exprErrorf(exprHint, "the value after %q is missing", name)
	case !wordByte(e.value[0]) || e.value == "and" || e.value == "or" || e.value == "not" || e.value == "has":
		return nil, exprErrorf(exprHint, "%q stands where a value should stand", e.value)
	}
	return e, nil
}

// each calls fn for every atom.
func (e *expr) each(fn func(*expr)) {
	if e == nil {
		return
	}
	if e.l == nil {
		fn(e)
		return
	}
	e.l.each(fn)
	e.r.each(fn)
}

// String writes the expression so that parseExpr reads the same again.
func (e *expr) String() string {
	switch e.op {
	case opEqual:
		return e.name + " = " + e.value
	case opDiffers:
		return e.name + " != " + e.value
	case opHas:
		return e.name + " has " + e.value
	case opNot:
		return "not (" + e.l.String() + ")"
	case opAnd:
		return strings.Join([]string{"(", e.l.String(), ") and (", e.r.String(), ")"}, "")
	}
	return strings.Join([]string{"(", e.l.String(), ") or (", e.r.String(), ")"}, "")
}
