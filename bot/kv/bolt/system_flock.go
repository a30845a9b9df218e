//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package bolt

import (
	"os"
	"syscall"
	"time"

	berrors "go.etcd.io/bbolt/errors"
)

// canMapAhead says that a map may be longer than its file.
const canMapAhead = true

// canLockFirst says that a file can be locked before bbolt has it, and that bbolt can lock it again.
const canLockFirst = true

const lockAgain = 50 * time.Millisecond // as bbolt does

// lock takes the lock that bbolt takes, on the open file that bbolt will have.
func lock(file *os.File, wait time.Duration) error {
	for begin := time.Now(); ; time.Sleep(lockAgain) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || err != syscall.EWOULDBLOCK {
			return err
		}
		if time.Since(begin) > wait-lockAgain {
			return berrors.ErrTimeout
		}
	}
}

// unlock lets go of a file that bbolt locked and then panicked over. Closing is not enough: the map that it leaves
// behind holds on to the open file, and the open file to the lock.
func unlock(file *os.File) { syscall.Flock(int(file.Fd()), syscall.LOCK_UN) }
