package intake

import (
	"fmt"
	"hash/fnv"
	"strings"

	"amana/bot/directory"
	"amana/bot/speech"
)

// row is one row while it is read.
type row struct {
	*Reader
	*sheetTable
	line  int
	cells []string
	extra []directory.Pair
	bad   bool // a finding refuses it
	told  map[int]bool
}

// filled counts the cells that say something different: merged cells repeat one text over a row.
func (w *row) filled() int {
	n, first := 0, ""
	for _, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if text == "" || n == 1 && text == first {
			continue
		}
		if n == 0 {
			first = text
		}
		n++
	}
	return n
}

// fill puts what stands above into empty cells, where the mapping says that they mean it.
func (w *row) fill(above []string) {
	for i, c := range w.head.columns {
		if !w.o.Mapping.fills(c) {
			continue
		}
		if text := cell(w.cells, c.at); text != "" {
			above[i] = text
			for j := i + 1; j < len(above); j++ { // what stands within something else ends with it
				if w.head.columns[j].field == fieldLevel && c.field == fieldLevel && w.head.columns[j].level > c.level {
					above[j] = ""
				}
			}
			continue
		}
		for len(w.cells) <= c.at {
			w.cells = append(w.cells, "")
		}
		w.cells[c.at] = above[i]
	}
}

// say notes a finding about this row. Column is an index into the columns of the heading, or less than none.
func (w *row) say(l directory.Level, column int, what, remedy string) {
	if w.told[column] && l == directory.Refused {
		return // one fault of a cell is told once
	}
	if l == directory.Refused {
		if w.told == nil {
			w.told = map[int]bool{}
		}
		w.told[column] = true
	}
	label := ""
	if column >= 0 {
		label = w.head.columns[column].label
	}
	w.Reader.say(directory.Finding{Level: l, File: w.File, Line: w.line, Column: label, What: what, Remedy: remedy})
	w.bad = w.bad || l == directory.Refused
}

// keep holds a cell that is not understood with its record, as it stands.
func (w *row) keep(column int, text string) {
	w.extra = append(w.extra, directory.Pair{Name: w.head.columns[column].label, Value: text})
}

// of gives the index of the first column of a field, or -1.
func (w *row) of(field string) int {
	for i, c := range w.head.columns {
		if c.field == field {
			return i
		}
	}
	return -1
}

// value gives the text of the first column of a field.
func (w *row) value(field string) string {
	if i := w.of(field); i >= 0 {
		return cell(w.cells, w.head.columns[i].at)
	}
	return ""
}

// words gathers the columns of a text, one for each language. Remarks may stand in several columns of one language.
func (w *row) words(field string) (words directory.Words) {
	for _, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if c.field != field || text == "" {
			continue
		}
		if before, lang := words.In(c.lang); before != "" && lang == c.lang {
			text = before + "\n" + text
		}
		words = words.Put(c.lang, text)
	}
	return words
}

// columnFor finds the column that a finding of a check speaks of.
func (w *row) columnFor(field string) int {
	if at := w.of(field); at >= 0 {
		return at
	}
	switch field {
	case "area":
		return w.of(fieldLevel)
	case "organisation":
		return w.of("organisation_id")
	}
	return -1
}

// source names a row for whoever asks where a record came from.
func (w *row) source() string { return fmt.Sprintf("%s:%d", w.File, w.line) }

// sourced puts what the row itself names as its source before the row. A sheet of our own names the row that a record first
// came from, and that one stays.
func (w *row) sourced() string {
	switch source := w.value("source"); {
	case source == "":
		return w.source()
	case w.head.own:
		return source
	default:
		return source + " (" + w.source() + ")"
	}
}

// rowOf gives the row back out of what sourced has made.
func rowOf(source string) string {
	if at := strings.LastIndex(source, " ("); at >= 0 && strings.HasSuffix(source, ")") {
		return source[at+2 : len(source)-1]
	}
	return source
}

// named makes an id of a name that people gave: what it folds to, shortened to what a key bears.
func named(name string) string {
	id := strings.ReplaceAll(speech.Fold("", name), " ", "_")
	if len(id) > 48 {
		id = strings.ToValidUTF8(id[:32], "") + "_" + mark(name)[:8]
	}
	return id
}

// mark gives sixteen hexadecimal digits that stand for some texts. It finds a row again in the next version of its sheet,
// and protects nothing.
func mark(texts ...string) string {
	h := fnv.New64a()
	for _, t := range texts {
		h.Write([]byte(speech.Fold("", t)))
		h.Write([]byte{0})
	}
	return fmt.Sprintf("%016x", h.Sum64())
}
