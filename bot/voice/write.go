package voice

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// temp begins the name of a file that is still being written.
const temp = ".new-"

// write puts a file in its place whole, or not at all. With sync it is on the disk afterwards, and so is the folder's
// entry for it.
func (s *Shelf) write(dir string, id ID, file []byte, sync bool) error {
	folder, reserve := filepath.Join(s.Dir, dir), s.Reserve
	if dir == sealedDir { // it was taken while there was room, and its draft goes once it is sent
		reserve /= 2
	}
	if left, err := s.Free(folder); err == nil && left < reserve+int64(len(file)) {
		return ErrFull
	}
	f, err := os.CreateTemp(folder, temp+"*") // mode 0600
	if err != nil {
		return bare(err)
	}
	_, err = f.Write(file)
	if err == nil && sync {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil { // when somebody spoke is nobody's business
		day := s.Now().UTC().Truncate(24 * time.Hour)
		err = os.Chtimes(f.Name(), day, day)
	}
	if err == nil {
		err = os.Rename(f.Name(), s.path(dir, id))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return bare(err)
	}
	if sync {
		return syncDir(folder)
	}
	return nil
}

// bare takes the path out of an error: a name there is a name that a log would keep.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a directory cannot be flushed there
	}
	d, err := os.Open(dir)
	if err != nil {
		return bare(err)
	}
	return errors.Join(d.Sync(), d.Close())
}
