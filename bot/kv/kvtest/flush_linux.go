package kvtest

import (
	"os"
	"syscall"
)

// flush is what bbolt does on this system.
func flush(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
