package main

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// withWritten is a folder as it would be with some files written into it: what is to be written is read and proved before it is.
type withWritten struct {
	fs.FS
	files map[string][]byte
}

// Open gives a file that is to be written, or the one that is there.
func (p withWritten) Open(name string) (fs.File, error) {
	if data, ok := p.files[name]; ok {
		return &patch{patchInfo{path.Base(name), int64(len(data)), false}, bytes.NewReader(data)}, nil
	}
	return p.FS.Open(name)
}

// ReadDir also names the folders that are to be made.
func (p withWritten) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(p.FS, name)
	if err != nil || name != "." {
		return all, err
	}
	for file := range p.files {
		dir := path.Dir(file)
		if !slices.ContainsFunc(all, func(e fs.DirEntry) bool { return e.Name() == dir }) {
			all = append(all, fs.FileInfoToDirEntry(patchInfo{dir, 0, true}))
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return bytes.Compare([]byte(a.Name()), []byte(b.Name())) })
	return all, nil
}

// patch is one file that is to be written.
type patch struct {
	patchInfo
	io.Reader
}

// Stat tells about the file.
func (p *patch) Stat() (fs.FileInfo, error) { return p.patchInfo, nil }

// Close does nothing: the bytes are in memory.
func (p *patch) Close() error { return nil }

// patchInfo tells about a file or folder that is to be made.
type patchInfo struct {
	name string
	size int64
	dir  bool
}

func (i patchInfo) Name() string       { return i.name }
func (i patchInfo) Size() int64        { return i.size }
func (i patchInfo) ModTime() time.Time { return time.Time{} }
func (i patchInfo) IsDir() bool        { return i.dir }
func (i patchInfo) Sys() any           { return nil }
func (i patchInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
