package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoder tells the encoding of a text from its first bytes, and gives what reads it as UTF-8, with the first
// character that is no space. UTF-16 is known by its mark, or by the zero bytes of its line ends and separators.
func decoder(file string, head []byte) (text func(io.Reader) io.Reader, begin byte, err error) {
	text = func(r io.Reader) io.Reader { return r }
	utf16 := func(e unicode.Endianness) func(io.Reader) io.Reader {
		return func(r io.Reader) io.Reader {
			return transform.NewReader(r, unicode.UTF16(e, unicode.UseBOM).NewDecoder())
		}
	}
	zeros := [2]int{}
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		text = utf16(unicode.LittleEndian)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		text = utf16(unicode.BigEndian)
	case zeros[0] > 0 && zeros[1] == 0:
		text = bare(unicode.BigEndian)
	case zeros[1] > 0 && zeros[0] == 0:
		text = bare(unicode.LittleEndian)
	case zeros[0]+zeros[1] > 0:
		return nil, 0, stop(file, 0, "the file is not a text and not a workbook", "save the sheet as .xlsx or as CSV UTF-8")
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		text = func(r io.Reader) io.Reader {
			b := bufio.NewReader(r)
			_, _ = b.Discard(3)
			return b
		}
	}
	first, _ := io.ReadAll(io.LimitReader(text(bytes.NewReader(head)), 4096))
	if first = bytes.TrimSpace(first); len(first) > 0 {
		begin = first[0]
	}
	return text, begin, nil
}

func bare(e unicode.Endianness) func(io.Reader) io.Reader {
	return func(r io.Reader) io.Reader {
		return transform.NewReader(r, unicode.UTF16(e, unicode.IgnoreBOM).NewDecoder())
	}
}

// openCSV gives the table of a text. Open is called for each reading of it.
func openCSV(file, name string, open func() (io.ReadCloser, error), l Limits) *Table {
	t := &Table{File: file, Name: name}
	t.rows = func(yield func(Row, error) bool) {
		r, err := open()
		if err != nil {
			yield(Row{}, fmt.Errorf("reading %s: %w", file, err))
			return
		}
		defer r.Close()
		b := bufio.NewReaderSize(r, 64<<10)
		head, err := b.Peek(32 << 10)
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			yield(Row{}, fmt.Errorf("reading %s: %w", file, err))
			return
		}
		c := csv.NewReader(b)
		c.FieldsPerRecord, c.ReuseRecord = -1, true
		skipped := 0
		c.Comma, skipped = separator(string(head))
		if skipped > 0 { // "sep=;", which some programs write for each other
			_, _ = b.Discard(skipped)
		}
		walkCSV(file, c, skipped, l, yield)
	}
	return t
}

func walkCSV(file string, c *csv.Reader, skipped int, l Limits, yield func(Row, error) bool) {
	before := 0
	if skipped > 0 {
		before = 1
	}
	for n := 1; ; n++ {
		cells, err := c.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			yield(Row{}, wordCSV(file, before, err))
			return
		}
		line, _ := c.FieldPos(0)
		row := Row{line + before, cells}
		for i, cell := range cells {
			if !utf8.ValidString(cell) {
				yield(Row{}, stop(file, row.Line, fmt.Sprintf("the text in column %d is not UTF-8", i+1), "save the sheet as CSV UTF-8, or as .xlsx"))
				return
			}
		}
		if err := l.within(file, row, n); err != nil {
			yield(Row{}, err)
			return
		}
		if !yield(row, nil) {
			return
		}
	}
}

// wordCSV says in an operator's words why a text cannot be parted into cells.
func wordCSV(file string, before int, err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	line := p.StartLine + before
	switch {
	case errors.Is(err, csv.ErrQuote):
		return stop(file, line, "a quotation mark stands where a cell is not finished, or is never closed", `close it, or write two, "", for one that belongs to the text`)
	case errors.Is(err, csv.ErrBareQuote):
		return stop(file, line, "a quotation mark stands in the middle of a cell", `put the whole cell between quotation marks, and write "" for the one inside`)
	}
	return stop(file, line, "the row cannot be parted into cells", "save the sheet again as CSV UTF-8, or as .xlsx")
}

// separator finds what parts the cells: the sign that stands equally often in the first lines, outside of quotation
// marks. Skip is the length of a first line that says it.
func separator(head string) (comma rune, skip int) {
	if line, rest, ok := strings.Cut(head, "\n"); ok {
		if sep, says := strings.CutPrefix(strings.TrimRight(line, "\r"), "sep="); says && len(sep) == 1 && strings.Contains(",;\t|", sep) {
			return rune(sep[0]), len(head) - len(rest)
		}
	}
	best, most := ',', 0
	for _, sign := range ",;\t|" {
		counts := perLine(head, sign)
		if len(counts) == 0 {
			continue
		}
		score, widest := 0, slices.Max(counts)
		for _, n := range counts {
			if n > 0 {
				score += 2
			}
			if n == widest && n > 0 {
				score += 3 // the same number of cells in each line
			}
		}
		score = score*100/len(counts) + min(widest, 50)
		if widest > 0 && score > most {
			best, most = sign, score
		}
	}
	return best, 0
}

// perLine counts a sign in each of the first lines that are whole.
func perLine(head string, sign rune) (counts []int) {
	n, quoted, empty := 0, false, true
	for _, r := range head {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '\n' && !quoted:
			if !empty {
				counts = append(counts, n)
			}
			if n, empty = 0, true; len(counts) == 25 {
				return counts
			}
			continue
		case r == sign && !quoted:
			n++
		}
		if r != '\r' && r != ' ' {
			empty = false
		}
	}
	if !empty && len(counts) == 0 {
		counts = append(counts, n)
	}
	return counts
}
