package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"amana/bot/directory"
)

// mostFiles bounds the files of an archive: HSDS has some thirty tables.
const mostFiles = 2000

// openArchive opens a workbook, or the tables of HSDS in a zip.
func openArchive(file string, r io.ReaderAt, size int64, l Limits, spare string) (*Book, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, stop(file, 0, "the archive is damaged or cut off", "copy or save it again")
	}
	if len(z.File) > mostFiles {
		return nil, stop(file, 0, fmt.Sprintf("the archive holds more than %d files", mostFiles), "take out what does not belong to the directory")
	}
	unpacked := uint64(0)
	for _, f := range z.File {
		// A file in it that grows beyond what it says of itself is refused when it is read.
		if unpacked += f.UncompressedSize64; f.UncompressedSize64 > uint64(l.Unpacked) || unpacked > uint64(l.Unpacked) {
			return nil, stop(file, 0, fmt.Sprintf("the archive unpacks to more than %d MiB", l.Unpacked>>20), "if it is what it should be, part it")
		}
	}
	names := map[string]*zip.File{}
	for _, f := range z.File {
		names[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	switch {
	case names["xl/workbook.xml"] != nil:
		return openXLSX(file, r, size, z, l, spare)
	case names["xl/workbook.bin"] != nil, names["content.xml"] != nil, names["word/document.xml"] != nil:
		return nil, stop(file, 0, "the file is not a workbook of the kind that is read", "save the sheet as .xlsx or as CSV UTF-8")
	}
	b := &Book{Form: Zip, File: file}
	for _, f := range z.File {
		name := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
		if f.FileInfo().IsDir() || !strings.EqualFold(path.Ext(name), ".csv") || strings.HasPrefix(name, ".") {
			continue
		}
		t, err := openPart(file, name, f, l)
		if err != nil {
			return nil, err
		}
		b.Tables = append(b.Tables, t)
	}
	if len(b.Tables) == 0 {
		return nil, stop(file, 0, "the archive holds no tables", "put organization.csv, service.csv and the other tables of HSDS into it, or give the files one by one")
	}
	return b, nil
}

func openPart(file, name string, f *zip.File, l Limits) (*Table, error) {
	where := file + "/" + name
	r, err := f.Open()
	if err != nil {
		return nil, stop(where, 0, "the file in the archive cannot be unpacked", "pack it again")
	}
	head, err := io.ReadAll(io.LimitReader(r, 64<<10))
	r.Close()
	if err != nil {
		return nil, stop(where, 0, "the file in the archive is damaged", "pack it again")
	}
	text, _, err := decoder(where, head)
	if err != nil {
		return nil, err
	}
	t := openCSV(where, strings.TrimSuffix(strings.ToLower(name), ".csv"), func() (io.ReadCloser, error) {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{text(r), r}, nil
	}, l)
	plain := t.rows
	t.rows = func(yield func(Row, error) bool) {
		plain(func(row Row, err error) bool {
			var told directory.Finding
			if err != nil && !errors.As(err, &told) {
				err = stop(where, 0, "the file in the archive is damaged", "pack it again")
			}
			return yield(row, err)
		})
	}
	return t, nil
}
