package seal

import "syscall"

// The marks by which Linux tells its memory file systems.
const (
	tmpfsMagic = 0x01021994
	ramfsMagic = 0x858458f6
)

// inMemory says whether a directory is on a file system that ends with the power.
func inMemory(dir string) (bool, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return false, err
	}
	return uint32(fs.Type) == tmpfsMagic || uint32(fs.Type) == ramfsMagic, nil
}
