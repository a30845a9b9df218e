package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
)

const (
	fileMode = 0o600 // of a database and of a backup
	dirMode  = 0o700 // of the directory of a database

	partName = ".amana-part-*" // a file that is not complete yet, in the directory where it will appear
	nextName = ".amana-next-*" // one that is to take the place of the database beside it: see Renew
	partAge  = time.Hour       // such a file was left behind by a crash if nobody has written to it for this long
)

// Create makes an empty database, and its directory if there is none. A file that exists is never touched: the error
// is fs.ErrExist. A cut at any instant leaves no database or a complete one.
func Create(path string) error {
	if err := home(path); err != nil {
		return fmt.Errorf("creating database %s: %w", path, err)
	}
	err := build(context.Background(), path, func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error {
			b, layout := pairs(tx)
			return b.Put(versionKey, []byte{layout})
		})
	})
	if err != nil {
		return fmt.Errorf("creating database %s: %w", path, err)
	}
	return nil
}

// home makes the directory of a database if it is missing, and refuses one that others may enter.
func home(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return errDisk(err)
	}
	return private(dir, dirMode)
}

// private refuses a file or directory that anybody but its owner may read or write.
func private(path string, mode fs.FileMode) error {
	if runtime.GOOS == "windows" {
		return nil // these bits say nothing there
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is open to others (mode %04o): run chmod %04o on it", path, info.Mode().Perm(), mode)
	}
	return nil
}

// build fills a new file under a temporary name, checks it, flushes it and gives it its name, unless that is taken.
func build(ctx context.Context, path string, fill func(*bbolt.DB) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	dir := filepath.Dir(path)
	sweep(dir)
	part, err := fillPart(ctx, dir, partName, fill)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	if err := place(part, path); err != nil {
		return errDisk(err)
	}
	return syncDir(dir)
}

// fillPart fills a new file under a temporary name, checks it and flushes it. Where it fails it leaves nothing behind.
func fillPart(ctx context.Context, dir, pattern string, fill func(*bbolt.DB) error) (name string, err error) {
	part, err := os.CreateTemp(dir, pattern) // mode 0600
	if err != nil {
		return "", errDisk(err)
	}
	defer func() {
		part.Close()
		if err != nil {
			os.Remove(part.Name())
		}
	}()
	opt := *options(Options{})
	opt.NoSync, opt.InitialMmapSize = true, 0 // flushed once, below
	db, err := bbolt.Open(part.Name(), fileMode, &opt)
	if err != nil {
		return "", errDisk(err)
	}
	if err := errors.Join(fill(db), db.Close()); err != nil {
		return "", errDisk(err)
	}
	if err := part.Sync(); err != nil {
		return "", errDisk(err)
	}
	if err := checkFile(ctx, part); err != nil {
		return "", fmt.Errorf("checking what was written: %w", err)
	}
	return part.Name(), nil
}

// place gives a file its name, if nobody has it. A link refuses a name that is taken, which a rename does not; where
// links are unknown, as on the file systems of memory sticks, a look before the rename has to do.
func place(part, path string) error {
	err := os.Link(part, path)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return os.Rename(part, path)
}

// syncDir makes names durable. Some file systems cannot, and say so.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) && runtime.GOOS != "windows" {
		return fmt.Errorf("flushing directory: %w", err)
	}
	return nil
}

// sweep removes what a crash left behind. A part of a backup holds what may have been deleted since.
func sweep(dir string) {
	parts, _ := filepath.Glob(filepath.Join(dir, partName))
	for _, part := range parts {
		if info, err := os.Lstat(part); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > partAge {
			os.Remove(part)
		}
	}
}
