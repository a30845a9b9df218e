package main

import (
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// withWritten is a folder as it would be with some files written into it: what is to be written is read and proved before it is.
type withWritten struct {
	fs.FS
	files map[string][]byte // by their names, each in a folder of a language
}

// Open gives a file that is to be written, or the one that is there. The folder itself also lists what is to be made.
func (p withWritten) Open(name string) (fs.File, error) {
	if data, ok := p.files[name]; ok {
		return &unwritten{unwrittenInfo{path.Base(name), int64(len(data)), false}, bytes.NewReader(data), nil}, nil
	}
	if name != "." || len(p.files) == 0 {
		return p.FS.Open(name)
	}
	all, err := fs.ReadDir(p.FS, ".")
	if err != nil {
		return nil, err
	}
	for file := range p.files {
		dir := path.Dir(file)
		if !slices.ContainsFunc(all, func(e fs.DirEntry) bool { return e.Name() == dir }) {
			all = append(all, fs.FileInfoToDirEntry(unwrittenInfo{dir, 0, true}))
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return &unwritten{unwrittenInfo{".", 0, true}, bytes.NewReader(nil), all}, nil
}

// unwritten is a file that is to be written, or the folder around it.
type unwritten struct {
	unwrittenInfo
	io.Reader
	entries []fs.DirEntry
}

// Stat tells about the file.
func (u *unwritten) Stat() (fs.FileInfo, error) { return u.unwrittenInfo, nil }

// Close does nothing: the bytes are in memory.
func (u *unwritten) Close() error { return nil }

// ReadDir lists the folder, all at once or in pieces.
func (u *unwritten) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(u.entries)
	} else if len(u.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(u.entries))
	out := u.entries[:n]
	u.entries = u.entries[n:]
	return out, nil
}

// unwrittenInfo tells about a file or folder that is to be made.
type unwrittenInfo struct {
	name string
	size int64
	dir  bool
}

func (i unwrittenInfo) Name() string       { return i.name }
func (i unwrittenInfo) Size() int64        { return i.size }
func (i unwrittenInfo) ModTime() time.Time { return time.Time{} }
func (i unwrittenInfo) IsDir() bool        { return i.dir }
func (i unwrittenInfo) Sys() any           { return nil }
func (i unwrittenInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
