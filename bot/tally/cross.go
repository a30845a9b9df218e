package tally

import "slices"

// Cross is a table of two dimensions over several periods of which lists were published before. Rows that were hidden in
// one of these stand together in the row Together, so that every total of a row can be reckoned from what is known.
type Cross struct {
	Periods []string  `json:"periods"`
	By      [2]string `json:"by"` // what stands in rows, and what in columns
	Table   Published `json:"table"`
}

// Together is the row of a [Cross] in which words stand that were hidden in one of its periods.
const Together = "together"

// NewCross makes such a table of the counts of all its periods, by row and column; what the columns do not make up was not
// told. Its rows must be those of the list of its name, and its columns must be published nowhere else. It is nil where
// that can reveal something: where the number of all reports of a period was hidden, or a period was not published.
func NewCross(parts []Publication, rows, columns string, of List, counts map[string]map[string]int) *Cross {
	if len(parts) == 0 || len(of.Words) == 0 {
		return nil
	}
	c := &Cross{By: [2]string{rows, columns}}
	shown, hidden := map[string]int{}, 0
	var words []string
	for _, p := range parts {
		list, ok := p.Received[rows]
		if !ok || list.Total.Hidden {
			return nil
		}
		c.Periods = append(c.Periods, p.Period)
		hidden += list.Total.N
		for i, word := range list.Rows {
			if !slices.Contains(words, word) {
				words = append(words, word)
			}
			shown[word] += list.Cells[i][0].N
			hidden -= list.Cells[i][0].N
		}
	}
	everywhere := func(word string) bool {
		return !slices.ContainsFunc(parts, func(p Publication) bool {
			list := p.Received[rows]
			i := slices.Index(list.Rows, word)
			return i < 0 || list.Cells[i][0].Hidden
		})
	}
	t := &Table{Columns: append(slices.Clone(of.Words), NotTold), Known: true}
	rest, together := make([]int, len(t.Columns)), hidden
	for _, word := range words {
		line, left := make([]int, len(t.Columns)), shown[word]
		for j, column := range of.Words {
			line[j] = counts[word][column]
			left -= line[j]
		}
		if everywhere(word) {
			line[len(of.Words)] = left
			t.Rows, t.Counts = append(t.Rows, word), append(t.Counts, line)
			continue
		}
		together += shown[word]
		for j := range of.Words {
			rest[j] += line[j]
		}
	}
	if together > 0 {
		rest[len(of.Words)] = together
		for j := range of.Words {
			rest[len(of.Words)] -= rest[j]
		}
		t.Rows, t.Counts = append(t.Rows, Together), append(t.Counts, rest)
	}
	for _, line := range t.Counts { // counts of another form would make it wrong, and wrong numbers protect nobody
		if slices.Min(line) < 0 {
			return nil
		}
	}
	c.Table = t.Publish()
	return c
}
