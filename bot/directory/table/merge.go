package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// block is a part of a sheet: cells that show one value, or columns that are not shown.
type block struct{ fromRow, toRow, fromCol, toCol int }

// layout is what the library does not tell of a sheet without holding all of it.
type layout struct{ merged, hidden []block }

// What a sheet may merge, in all and over one row; one that merges more is not a list, and is read as it stands.
const (
	mostMerges = 100_000
	mostOpen   = 256
)

// layouts reads the layout of all sheets, by the name of the sheet.
func layouts(z *zip.Reader) (map[string]layout, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := part(z, "xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if err := part(z, "xl/_rels/workbook.xml.rels", &links); err != nil {
		return nil, err
	}
	target := map[string]string{}
	for _, l := range links.Links {
		if strings.HasPrefix(l.Target, "/") {
			target[l.ID] = strings.TrimPrefix(l.Target, "/")
		} else {
			target[l.ID] = path.Join("xl", l.Target)
		}
	}
	all := map[string]layout{}
	for _, s := range book.Sheets {
		f := find(z, target[s.ID])
		if f == nil {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		all[s.Name], err = readLayout(r)
		r.Close()
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func find(z *zip.Reader, name string) *zip.File {
	for _, f := range z.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			return f
		}
	}
	return nil
}

func part(z *zip.Reader, name string, into any) error {
	f := find(z, name)
	if f == nil {
		return fmt.Errorf("no part %s", name)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(io.LimitReader(r, 4<<20)).Decode(into)
}

// readLayout looks for <mergeCell ref="A2:A5"/> and <col min="8" max="8" hidden="1"/> in the text of a sheet. In the text
// of a cell a < is never written so.
func readLayout(r io.Reader) (l layout, err error) {
	b := bufio.NewReaderSize(r, 64<<10)
	for {
		tag, err := b.ReadSlice('>')
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		at := bytes.LastIndexByte(tag, '<')
		if at < 0 {
			continue
		}
		switch tag = tag[at+1:]; {
		case bytes.HasPrefix(tag, []byte("mergeCell ")), bytes.Contains(tag, []byte(":mergeCell ")):
			if m, ok := cellsOf(attribute(tag, "ref")); ok && len(l.merged) < mostMerges {
				l.merged = append(l.merged, m)
			}
		case bytes.HasPrefix(tag, []byte("col ")), bytes.Contains(tag, []byte(":col ")):
			from, err1 := strconv.Atoi(attribute(tag, "min"))
			to, err2 := strconv.Atoi(attribute(tag, "max"))
			if hidden := attribute(tag, "hidden"); (hidden == "1" || hidden == "true") && err1 == nil && err2 == nil && len(l.hidden) < mostOpen {
				l.hidden = append(l.hidden, block{fromCol: from, toCol: to})
			}
		}
	}
}

func cellsOf(ref string) (m block, ok bool) {
	first, last, ok := strings.Cut(ref, ":")
	c1, r1, err1 := excelize.CellNameToCoordinates(first)
	c2, r2, err2 := excelize.CellNameToCoordinates(last)
	return block{r1, r2, c1, c2}, ok && err1 == nil && err2 == nil && r1 <= r2 && c1 <= c2
}

func attribute(tag []byte, name string) string {
	_, value, ok := bytes.Cut(tag, []byte(" "+name+`="`))
	if !ok {
		return ""
	}
	value, _, _ = bytes.Cut(value, []byte(`"`))
	return string(value)
}

// spread writes the value of merged cells into each row and column that they cover.
type spread struct {
	merged []block
	open   []shown
	next   int
	sorted bool
}

type shown struct {
	block
	value string
}

func (s *spread) over(row int, cells []string, columns int) []string {
	if !s.sorted {
		sortMerges(s.merged)
		s.sorted = true
	}
	keep := s.open[:0]
	for _, m := range s.open {
		if m.toRow >= row {
			keep = append(keep, m)
		}
	}
	s.open = keep
	for ; s.next < len(s.merged) && s.merged[s.next].fromRow <= row; s.next++ {
		m := s.merged[s.next]
		value := ""
		if m.fromRow == row && m.fromCol <= len(cells) {
			value = cells[m.fromCol-1]
		}
		if value != "" && m.toRow >= row && len(s.open) < mostOpen {
			s.open = append(s.open, shown{m, value})
		}
	}
	for _, m := range s.open {
		if m.toRow == m.fromRow && len(cells) <= m.fromCol {
			continue // a heading over the whole width is written once
		}
		for c := m.fromCol; c <= min(m.toCol, columns); c++ {
			for len(cells) < c {
				cells = append(cells, "")
			}
			if cells[c-1] == "" {
				cells[c-1] = m.value
			}
		}
	}
	return cells
}

func sortMerges(all []block) {
	slices.SortStableFunc(all, func(a, b block) int { return a.fromRow - b.fromRow })
}
