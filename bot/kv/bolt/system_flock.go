//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package bolt

import (
	"os"
	"syscall"
)

// canMapAhead says that a map may be longer than its file.
const canMapAhead = true

// unlock lets go of a file that bbolt locked and then panicked over. Closing is not enough: the map that it leaves
// behind holds on to the open file, and the open file to the lock.
func unlock(file *os.File) { syscall.Flock(int(file.Fd()), syscall.LOCK_UN) }
