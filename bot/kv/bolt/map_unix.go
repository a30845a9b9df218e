//go:build !windows

package bolt

// canMapAhead says that a map may be longer than its file.
const canMapAhead = true
