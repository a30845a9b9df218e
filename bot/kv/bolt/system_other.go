//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package bolt

import (
	"os"
	"time"
)

// canMapAhead says that a map may be longer than its file. On some systems the file would be stretched to the map.
const canMapAhead = false

// canLockFirst says that a file can be locked before bbolt has it. Where it cannot, files are served with their free
// list: one without it could be neither checked at the start, as another process may be writing to it, nor given to bbolt
// unchecked.
const canLockFirst = false

// lock leaves it to bbolt. A file without a free list, from another system, is served by nobody here: the first that opens
// it writes the list.
func lock(*os.File, time.Duration) error { return nil }

// unlock has nothing to let go of that closing does not.
func unlock(*os.File) {}
