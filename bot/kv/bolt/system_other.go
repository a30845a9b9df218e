//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package bolt

import "os"

// canMapAhead says that a map may be longer than its file. On some systems the file would be stretched to the map.
const canMapAhead = false

// unlock has nothing to let go of that closing does not.
func unlock(*os.File) {}
