package speech

import (
	"fmt"
	"slices"
	"strings"
)

// main gives the text, or its case "other".
func (s source) main() string {
	if s.Select != nil {
		return s.Select.Cases["other"].Msg
	}
	return s.Msg
}

// unwritten says that nobody has written the text yet, in none of its cases.
func (s source) unwritten() bool {
	if s.Select != nil {
		for _, c := range s.Select.Cases {
			if !c.unwritten() {
				return false
			}
		}
	}
	return strings.TrimSpace(s.Msg) == ""
}

// declared reads the declarations of placeholders: name to type.
func (e *entry) declared(wrong func(remedy, what string, args ...any)) map[string]string {
	kinds := make(map[string]string, len(e.Placeholders))
	numbers := map[int]bool{}
	for _, p := range e.Placeholders {
		verb := map[string]string{"int": "d", "string": "s"}[p.Type]
		switch {
		case !isName(p.ID):
			wrong("names are letters and digits, such as Max", "declares the placeholder %q", p.ID)
			continue
		case kinds[p.ID] != "":
			wrong("keep one of them", "declares {%s} twice", p.ID)
		case verb == "":
			wrong(`the types are "int" and "string"`, "declares {%s} with the type %q", p.ID, p.Type)
			continue
		case p.ArgNum < 1 || numbers[p.ArgNum]:
			wrong("number the placeholders 1, 2, 3", "gives {%s} the number %d", p.ID, p.ArgNum)
		case p.String != fmt.Sprintf("%%[%d]%s", p.ArgNum, verb):
			wrong(fmt.Sprintf(`the string is "%%[%d]%s"`, p.ArgNum, verb), "gives {%s} the string %q", p.ID, p.String)
		case p.Expr != "" && p.Expr != p.ID:
			wrong("make them the same", "names {%s} %q in expr", p.ID, p.Expr)
		}
		numbers[p.ArgNum] = true
		kinds[p.ID] = p.Type
	}
	return kinds
}

// kind gives the declared type of a placeholder.
func (e *entry) kind(name string) string {
	for _, p := range e.Placeholders {
		if p.ID == name {
			return p.Type
		}
	}
	return ""
}

// used lists the placeholders that stand in any case of the text, sorted.
func (e *entry) used() []string {
	var all []string
	note := func(msg string) {
		_, names, _ := cutParts(msg, nil)
		all = append(all, names...)
	}
	if s := e.Translation.Select; s != nil {
		all = append(all, s.Arg)
		for _, c := range s.Cases {
			note(c.Msg)
		}
	} else {
		note(e.Translation.Msg)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// shown lists the placeholders that readers see in the text, or in its case "other".
func (e *entry) shown() []string {
	_, names, _ := cutParts(e.Translation.main(), nil)
	slices.Sort(names)
	return slices.Compact(names)
}

// cutParts cuts a text at its placeholders. It gives the parts, the names found and what is wrong with the braces.
func cutParts(msg string, kinds map[string]string) (parts []part, names []string, wrong string) {
	for msg != "" {
		open := strings.IndexAny(msg, "{}")
		if open < 0 {
			parts = append(parts, part{text: msg})
			break
		}
		if open > 0 {
			parts = append(parts, part{text: msg[:open]})
		}
		end := strings.IndexByte(msg, '}')
		if end < open || !isName(msg[open+1:max(end, open+1)]) || end == open {
			return parts, names, "has a stray brace"
		}
		name := msg[open+1 : end]
		parts = append(parts, part{name: name, number: kinds[name] == "int"})
		names = append(names, name)
		msg = msg[end+1:]
	}
	return parts, names, ""
}

func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

func isKey(s string) bool {
	for word := range strings.SplitSeq(s, ".") {
		if word == "" {
			return false
		}
		for _, r := range word {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
				return false
			}
		}
	}
	return len(s) <= 120
}
