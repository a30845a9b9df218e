package speech

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// text is one message of one language, ready to be said.
type text struct {
	plain  string // the whole text when nothing is inserted
	arg    string // placeholder that the form is chosen by; "" when there is one form only
	parts  []part // the text when there is one form only
	exact  map[int][]part
	forms  [forms][]part
	places []string // sorted
	whole  []string // every case as the file gives it, "other" or the only one first

	file           string // where it stands
	line           int
	later, instead bool // see entry
}

// part is a piece of text as it stands, or a value to be inserted.
type part struct {
	text   string
	name   string
	number bool
}

// compile checks one message and cuts it into parts.
func (e *entry) compile(base *entry, r *rule, draft bool) (*text, Problems) {
	var problems Problems
	wrong := func(remedy, what string, args ...any) {
		problems = append(problems, Problem{e.file, e.line, fmt.Sprintf("%q ", e.ID) + fmt.Sprintf(what, args...), remedy})
	}
	if !isKey(e.ID) {
		wrong("keys are lower-case words joined by full stops, such as start.menu", "is not a key")
	}
	if e.Fuzzy && !draft {
		wrong(`read it, then remove "fuzzy"`, "is marked fuzzy in a reviewed language")
	}
	kinds := e.declared(wrong)
	wanted, must := base.used(), base.shown()
	t := &text{places: wanted, file: e.file, line: e.line, later: e.later, instead: e.instead}
	for _, name := range wanted {
		if kinds[name] == "" {
			wrong(`declare it in "placeholders" as in English`, "does not declare {%s}", name)
		} else if of := base.kind(name); of != "" && of != kinds[name] {
			wrong("make the types the same", "declares {%s} as %s, English as %s", name, kinds[name], of)
		}
	}
	for _, name := range sortedKeys(kinds) {
		if !slices.Contains(wanted, name) {
			wrong("remove it", "declares {%s}, which the English text does not use", name)
		}
	}
	cut := func(where, msg, may string) []part {
		if strings.TrimSpace(msg) == "" {
			wrong("write it, or - where nothing is to be said", "is empty%s", where)
			return nil
		}
		if bad := badRune(msg); bad != "" {
			wrong("remove it", "holds %s%s", bad, where)
		}
		if r, found := foreignDigit(msg); found && !strings.HasSuffix(e.ID, alsoSuffix) {
			wrong("write numbers with the digits 0 to 9", "holds the digit U+%04X%s", r, where)
		}
		parts, names, err := cutParts(msg, kinds)
		if err != "" {
			wrong("a placeholder is written {Name}; braces stand for nothing else", "%s%s", err, where)
		}
		for _, name := range must {
			if !slices.Contains(names, name) && name != may {
				wrong("put it where the value is to stand", "has lost {%s}%s", name, where)
			}
		}
		for _, name := range names {
			if !slices.Contains(wanted, name) {
				remedy := "use the placeholders of the English text only"
				if near, ok := nearestOf(name, wanted); ok {
					remedy = "did you mean {" + near + "}?"
				}
				wrong(remedy, "holds the unknown {%s}%s", name, where)
			}
		}
		t.whole = append(t.whole, msg)
		return parts
	}
	if e.Translation.Select == nil {
		t.parts = cut("", e.Translation.Msg, "")
		if len(wanted) == 0 {
			t.plain = e.Translation.Msg
		}
		return t, problems
	}
	e.compileCases(t, r, kinds, cut, wrong)
	return t, problems
}

// compileCases checks a text with plural forms.
func (e *entry) compileCases(t *text, r *rule, kinds map[string]string, cut func(where, msg, may string) []part, wrong func(remedy, what string, args ...any)) {
	s := e.Translation.Select
	if e.Translation.Msg != "" {
		wrong("keep one of them", `has both "msg" and "select"`)
	}
	if s.Feature != "plural" {
		wrong(`the only feature is "plural"`, "selects by %q", s.Feature)
	}
	if kinds[s.Arg] != "int" {
		wrong("name a placeholder of type int", "selects by %q, which is not a number", s.Arg)
	}
	t.arg, t.exact = s.Arg, map[int][]part{}
	var have [forms]bool
	names := sortedKeys(s.Cases)
	slices.SortStableFunc(names, func(a, b string) int { // "other" first: it is the text for the record
		if (a == "other") != (b == "other") {
			if a == "other" {
				return -1
			}
			return 1
		}
		return 0
	})
	for _, name := range names {
		c := s.Cases[name]
		where := fmt.Sprintf(" in the case %q", name)
		if c.Select != nil {
			wrong("write the cases of one number only", "selects again%s", where)
			continue
		}
		if number, ok := strings.CutPrefix(name, "="); ok {
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 || strconv.Itoa(n) != number {
				wrong(`write "=0" or "=1"`, "has the case %q", name)
				continue
			}
			t.exact[n] = cut(where, c.Msg, s.Arg)
			continue
		}
		f, ok := formNamed(name)
		if !ok || !r.has[f] {
			wrong("the language has "+r.list(), "has the case %q, which the language does not have", name)
			continue
		}
		have[f] = true
		t.forms[f] = cut(where, c.Msg, e.mayOmit(r, f))
	}
	for f, name := range formNames {
		if r.needs(f) && !have[f] {
			wrong("the language needs "+r.list(), "lacks the case %q", name)
		}
	}
}

// mayOmit gives the counted placeholder when a form stands for one single number, so that words can say it ("one
// message", "رسالتان"). Where "one" also stands for 0 or 21, the number must be shown.
func (e *entry) mayOmit(r *rule, f int) string {
	count := r.counts[f]
	for name := range e.Translation.Select.Cases {
		if number, ok := strings.CutPrefix(name, "="); ok {
			if n, err := strconv.Atoi(number); err == nil && n >= 0 && n <= probe && int(r.form(n)) == f {
				count--
			}
		}
	}
	if f != 0 && count <= 1 {
		return e.Translation.Select.Arg
	}
	return ""
}

// list names the forms that texts of a language need.
func (r *rule) list() string {
	var names []string
	for f, name := range formNames {
		if r.needs(f) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
