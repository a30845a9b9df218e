package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// Options say how a database is served. The zero value is good.
type Options struct {
	Now         func() time.Time // tells the day of updates with an id; nil is the clock of the machine
	LockTimeout time.Duration    // how long to wait for another process to let go of the file; 0 is two seconds
}

const (
	lockTimeout = 2 * time.Second

	// The address space that is mapped ahead. A file that outgrows its map waits for every open View before it
	// maps again, so a backup that takes a minute would hold all updates up. It costs addresses, not memory.
	mapAhead = 1 << 30

	// The file grows by this much at a time, each with a flush of its own.
	growBy = 4 << 20
)

// Store serves one database file. It implements kv.Store and kv.Settler.
type Store struct {
	path    string
	opt     Options
	checked bool

	leader chan struct{} // holds one token while a commit is made: see lead
	queue  chan *call    // unbuffered: to whoever leads
	quit   chan struct{} // closed by Close
	once   sync.Once
	ended  error // of Close

	mu   sync.RWMutex // held for reading while db is used, for writing while it is replaced
	db   *bbolt.DB    // nil when closed, or when it could not be opened again
	file *os.File     // the file of db

	doubt  atomic.Bool // the last commit may or may not be on disk; nothing is answered before that is settled
	broken error       // damage was met, and no more updates are taken; belongs to whoever leads
	alone  bool        // the last commit was made for one call; belongs to whoever leads

	commit  func(*bbolt.Tx) error // a field so that a test can make a flush fail
	commits atomic.Int64          // how many groups were committed
}

// Open serves the database at a path. It fails with kv.ErrLocked if another process has it, kv.ErrCorrupt if it is
// damaged, kv.ErrVersion if another generation of the program wrote it, kv.ErrReadOnly or kv.ErrFull if it cannot be
// written, fs.ErrNotExist if there is none. After a stop that was not clean it runs the full check first.
func Open(path string, opt Options) (*Store, error) {
	s := &Store{
		path:   path,
		opt:    opt,
		leader: make(chan struct{}, 1),
		queue:  make(chan *call),
		quit:   make(chan struct{}),
		commit: (*bbolt.Tx).Commit,
	}
	if s.opt.Now == nil {
		s.opt.Now = time.Now
	}
	db, file, err := open(path, false, opt)
	if err != nil {
		return nil, err
	}
	s.db, s.file = db, file
	if err := s.begin(); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// begin checks what must be checked before serving, and marks the file as being served.
func (s *Store) begin() error {
	clean := false
	err := guarded(s.path, func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			b, _ := pairs(tx)
			clean = b.Get(openKey) == nil
			return nil
		})
	})
	if err != nil {
		return err
	}
	if clean {
		return s.mark(func(b *bbolt.Bucket) error { return b.Put(openKey, []byte{1}) })
	}
	s.checked = true
	return s.checkNow(context.Background())
}

// mark changes the mark that says that the file is being served.
func (s *Store) mark(change func(*bbolt.Bucket) error) error {
	err := guarded(s.path, func() error {
		return s.db.Update(func(tx *bbolt.Tx) error {
			b, _ := pairs(tx)
			return change(b)
		})
	})
	if err != nil && !errors.Is(err, kv.ErrCorrupt) {
		err = fmt.Errorf("marking database %s: %w", s.path, errDisk(err))
	}
	return err
}

// open opens a file and does the quick check. It never creates one.
func open(path string, readOnly bool, opt Options) (db *bbolt.DB, file *os.File, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("opening database %s: %w; make one with amana init, or name another path", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, nil, errOpen(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("opening database %s: not a file", path)
	}
	if !readOnly {
		if err := errors.Join(private(filepath.Dir(path), dirMode), private(path, fileMode)); err != nil {
			return nil, nil, fmt.Errorf("opening database %s: %w", path, err)
		}
	}
	o := options(opt)
	o.ReadOnly = readOnly
	o.InitialMmapSize = max(o.InitialMmapSize, min(2*int(info.Size()), 8*o.InitialMmapSize))
	o.OpenFile = func(name string, flag int, mode fs.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
		if err != nil {
			return nil, err
		}
		if info, err := f.Stat(); err != nil || info.Size() == 0 { // bbolt would fill it
			return nil, errors.Join(err, f.Close(), errDamaged(path, "the file is empty"))
		}
		file = f
		return f, nil
	}
	err = guarded(path, func() (err error) {
		db, err = bbolt.Open(path, fileMode, o)
		return err
	})
	if err == nil {
		err = guarded(path, func() error { return inspect(path, db, file) })
	}
	if err != nil {
		switch {
		case db != nil:
			guarded(path, db.Close)
		case file != nil: // bbolt has closed it, unless it panicked
			unlock(file)
			file.Close()
		}
		return nil, nil, errOpen(path, err)
	}
	db.AllocSize = growBy
	return db, file, nil
}

// inspect is the quick check: head pages, length, free list, the way to the mark of a start, and that it is a database
// of this program.
func inspect(path string, db *bbolt.DB, file *os.File) error {
	im, err := imageOf(file)
	if err != nil {
		return errDamaged(path, "%v", err)
	}
	m := im.newest()
	c, err := quickCheck(im, m)
	if err == nil {
		// The mark of a start is written into new copies of these pages. Damage in them would be copied along, and look
		// sound to the check of the whole file that follows.
		c.toward = openKey
		err = c.tree(m.root, nil, nil, 0)
	}
	if err != nil {
		return errDamaged(path, "%v", err)
	}
	return db.View(func(tx *bbolt.Tx) error {
		b, layout := pairs(tx)
		switch v := b.Get(versionKey); {
		case v == nil:
			return fmt.Errorf("not a database of amana: %w", kv.ErrVersion)
		case len(v) != 1 || v[0] != layout:
			return fmt.Errorf("its version is %v, this program reads %d and %d: %w", v, inBucket, atRoot, kv.ErrVersion)
		}
		return nil
	})
}

func imageOf(file *os.File) (*image, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return openImage(io.NewSectionReader(file, 0, info.Size()), info.Size())
}

func options(opt Options) *bbolt.Options {
	o := &bbolt.Options{
		Timeout:      opt.LockTimeout,
		FreelistType: bbolt.FreelistMapType,
		NoStatistics: true,
	}
	if o.Timeout == 0 {
		o.Timeout = lockTimeout
	}
	if strconv.IntSize == 64 && canMapAhead {
		o.InitialMmapSize = mapAhead
	}
	return o
}
