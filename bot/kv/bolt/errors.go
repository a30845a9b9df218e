package bolt

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"

	"amana/bot/kv"
)

// errDamaged is how every check says that a file is not what it should be; the page it names helps an operator who
// asks for help, the remedy helps everybody else.
func errDamaged(path string, format string, args ...any) error {
	return fmt.Errorf("database %s: %s: %w; restore the latest backup and keep this file for inquiry",
		path, fmt.Sprintf(format, args...), kv.ErrCorrupt)
}

// guarded runs a piece of bbolt. On a damaged file bbolt panics, or reads memory that the file no longer backs; both
// become errors, so that one bad page does not end the process. It must not run closures of callers.
func guarded(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if told, ok := p.(error); ok && errors.Is(told, kv.ErrCorrupt) {
				err = told // by the alarm
				return
			}
			if _, slip := p.(runtime.Error); slip { // what the library met says nothing to whoever reads it
				p = "it is cut off, or a page of it leads nowhere"
			}
			err = errDamaged(path, "%v", p)
		}
	}()
	return fn()
}

// errOpen puts an error of opening into the words of the contract.
func errOpen(path string, err error) error {
	switch {
	case errors.Is(err, kv.ErrCorrupt):
		return err
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("opening database %s: another amana serves it; stop that one, or let it do the work: %w", path, kv.ErrLocked)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch),
		strings.Contains(err.Error(), "file size too small"):
		return errDamaged(path, "%v", err)
	}
	return fmt.Errorf("opening database %s: %w", path, errDisk(err))
}

// Errors of the machine that have a name in the contract. EFBIG and EDQUOT are the limits of a process and of a user;
// EBADF is a descriptor that was opened for reading.
var (
	fullErrors     = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	readOnlyErrors = []syscall.Errno{syscall.EROFS, syscall.EACCES, syscall.EPERM, syscall.EBADF}
)

// errDisk adds the sentinel to an error of the disk. bbolt passes some errors on as text alone, hence the second look.
func errDisk(err error) error {
	is := func(list []syscall.Errno) bool {
		for _, errno := range list {
			if errors.Is(err, errno) || strings.HasSuffix(err.Error(), errno.Error()) {
				return true
			}
		}
		return false
	}
	switch {
	case is(fullErrors):
		return fmt.Errorf("%w: %w", kv.ErrFull, err)
	case errors.Is(err, berrors.ErrDatabaseReadOnly), is(readOnlyErrors):
		return fmt.Errorf("%w: %w", kv.ErrReadOnly, err)
	}
	return err
}
