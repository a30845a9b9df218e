package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// tempPrefix begins the name of a file that is still being written.
const tempPrefix = ".new-"

// maxSmallFile bounds what is read of any file in a key or runtime directory.
const maxSmallFile = 256 << 10

// makeDir makes a directory for its owner alone, or checks that an existing one is.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making directory: %w", err)
	}
	return private(dir)
}

// private refuses a file or directory that others than its owner can enter or read.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	want := fs.FileMode(0o600)
	if info.IsDir() {
		want = 0o700
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is open to others than its owner (mode %04o): run chmod %04o %s", path, info.Mode().Perm(), want, path)
	}
	return nil
}

// build makes a directory whole or not at all: fill writes into one beside it, which then takes its place. A directory
// in which anything lies is refused with fs.ErrExist.
func build(dir string, fill func(temp string) error) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%w: something lies in %s already", fs.ErrExist, dir)
	}
	dir = filepath.Clean(dir)
	temp := dir + ".unfinished"
	if err := os.RemoveAll(temp); err != nil { // what a crash left: never used by anybody
		return err
	}
	if err := makeDir(temp); err != nil {
		return err
	}
	err := fill(temp)
	if err == nil {
		if err = os.Remove(dir); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = os.Rename(temp, dir)
	}
	if err != nil {
		_ = os.RemoveAll(temp)
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// readSmall reads a private file.
func readSmall(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	if err := private(path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSmallFile {
		return nil, fmt.Errorf("%s is no small regular file", path)
	}
	return os.ReadFile(path)
}

// replaceFile writes a file so that after a crash either the old or the new bytes are there, whole.
func replaceFile(dir, name string, data []byte) error {
	temp, err := writeTemp(dir, data)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, filepath.Join(dir, name)); err != nil {
		_ = os.Remove(temp)
		return err
	}
	return syncDir(dir)
}

// createFile is replaceFile for a file that must not exist; it never overwrites, also when two processes try at once.
// The error is then fs.ErrExist.
func createFile(dir, name string, data []byte) error {
	temp, err := writeTemp(dir, data)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp) }()
	path := filepath.Join(dir, name)
	if err := os.Link(temp, path); errors.Is(err, fs.ErrExist) {
		return err
	} else if err != nil {
		// A file system without hard links: here only one process at a time may make keys.
		if _, err := os.Lstat(path); err == nil {
			return fs.ErrExist
		}
		if err := os.Rename(temp, path); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

func writeTemp(dir string, data []byte) (path string, err error) {
	f, err := os.CreateTemp(dir, tempPrefix+"*") // mode 0600
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return f.Name(), err
}

// removeFile deletes a file for good, as far as the file system goes.
func removeFile(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(dir)
}

// sweepTemps deletes what a crash left half written more than an hour ago.
func sweepTemps(dir string, now time.Time) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPrefix) {
			continue
		}
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < time.Hour {
			continue
		}
		if err := removeFile(dir, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a directory cannot be flushed there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
