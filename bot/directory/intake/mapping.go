package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"amana/bot/directory"
	"amana/bot/speech"
)

// Mapping says what the columns and words of a sheet mean, where they cannot be known. It is a small YAML file:
//
//	sheets: [Services]           # of a workbook; left out: all that are shown
//	header: 3                    # the line of the headers; left out: found
//	columns:
//	  "Who": organisation
//	  "Anmerkung": remarks.de    # a text with its language
//	  "Chef": "-"                # left out
//	fill: [area, organisation]   # an empty cell means what stands above it
//	kinds: {"Beratung": legal}
//	areas: {"Camp Nord": XX01}
type Mapping struct {
	Sheets  []string          `yaml:"sheets"`
	Header  int               `yaml:"header"`
	Columns map[string]string `yaml:"columns"`
	Fill    []string          `yaml:"fill"`
	Kinds   map[string]string `yaml:"kinds"`
	Areas   map[string]string `yaml:"areas"`
}

// Check says what cannot be meant, by setting.
func (m *Mapping) Check(kinds *directory.Kinds) map[string]string {
	bad := map[string]string{}
	for _, label := range slices.Sorted(maps.Keys(m.Columns)) {
		if _, ok := parseField(m.Columns[label]); !ok {
			bad["columns."+label] = fmt.Sprintf("%q is no field; write one of: %s, a text with its language such as remarks.ar, adm1 or adm1_code, or - to leave it out", m.Columns[label], strings.Join(fieldNames(), ", "))
		}
	}
	for i, f := range m.Fill {
		if c, ok := parseField(f); !ok || c.field == leftOut {
			bad[fmt.Sprintf("fill[%d]", i)] = fmt.Sprintf("%q is no field; write one of: %s", f, strings.Join(fieldNames(), ", "))
		}
	}
	for word, name := range m.Kinds {
		if _, ok := kinds.Kind(name); !ok {
			bad["kinds."+word] = fmt.Sprintf("the kind of service %q is not known", name)
		}
	}
	return bad
}

// names says whether one of the columns of the mapping stands in a row: its header line is that of one sheet, and not of
// every file that comes with it.
func (m *Mapping) names(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool {
		one := column{label: strings.Join(strings.Fields(c), " ")}
		m.apply(&one)
		return one.field != ""
	})
}

// apply puts what the mapping says over what was guessed.
func (m *Mapping) apply(c *column) {
	for label, field := range m.Columns {
		if strings.EqualFold(strings.TrimSpace(label), c.label) || speech.Fold("", label) == speech.Fold("", c.label) && speech.Fold("", label) != "" {
			if said, ok := parseField(field); ok {
				c.field, c.lang, c.level, c.code = said.field, said.lang, said.level, said.code
			}
		}
	}
}

// kind gives the kind that the mapping says for a text.
func (m *Mapping) kind(text string) (string, bool) {
	if m == nil {
		return "", false
	}
	return lookUp(m.Kinds, text)
}

func (m *Mapping) area(text string) (string, bool) {
	if m == nil {
		return "", false
	}
	return lookUp(m.Areas, text)
}

func lookUp(words map[string]string, text string) (string, bool) {
	if name, ok := words[text]; ok {
		return name, true
	}
	folded := speech.Fold("", text)
	for word, name := range words {
		if folded != "" && speech.Fold("", word) == folded {
			return name, true
		}
	}
	return "", false
}

// fills says whether an empty cell of a column means what stands above it.
func (m *Mapping) fills(c column) bool {
	return m != nil && slices.ContainsFunc(m.Fill, func(f string) bool {
		said, _ := parseField(f)
		return said.field == c.field && (said.field != fieldLevel || said.level == c.level) || f == "area" && c.field == fieldLevel
	})
}
