package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"amana/flows"
)

// copyProfile writes a shipped profile into the folder of a mission, and beside it, in a folder of its name, its words in
// further languages and the sheets of its invented directory. It gives the profile as a configuration names it. Nothing that
// is there is written over.
func copyProfile(dir, name string) (profile string, err error) {
	err = fs.WalkDir(flows.FS, "profiles", func(from string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		below, err := filepath.Rel("profiles", filepath.FromSlash(from))
		if err != nil || from != path.Join("profiles", name+".yaml") && !within(filepath.Join("profiles", name), filepath.FromSlash(from)) {
			return err
		}
		data, err := fs.ReadFile(flows.FS, from)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, below)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return writeFresh(to, data)
	})
	if err != nil {
		return "", fmt.Errorf("copying the profile %s: %w", name, err)
	}
	return "./" + name + ".yaml", nil
}

// writeFresh writes a file where there is none.
func writeFresh(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
