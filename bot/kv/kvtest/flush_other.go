//go:build !linux

package kvtest

import "os"

// flush is what bbolt does on this system.
func flush(f *os.File) error { return f.Sync() }
