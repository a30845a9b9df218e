package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"amana/bot/kv"
)

// Options say how a database is served. The zero value is good.
type Options struct {
	Now         func() time.Time // tells the day of updates with an id; nil is the clock of the machine
	LockTimeout time.Duration    // how long to wait for another process to let go of the file; 0 is two seconds
	AnyState    bool             // open a file that is not to be served, because it was moved: to copy it, or to take that back

	// Around, when set, stands around each commit: a proof of how the program bears a slow or failing disk.
	Around func(commit func() error) error
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
	kv.Alone // one process holds the file

	path    string
	opt     Options
	checked bool

	leader chan struct{} // holds one token while a commit is made: see lead
	queue  chan *call    // unbuffered: to whoever leads
	quit   chan struct{} // closed by Close
	once   sync.Once
	ended  error // of Close

	mu       sync.RWMutex // held for reading while the database is used, for writing while it is replaced
	database              // zero when closed, or when it could not be opened again

	proven atomic.Bool   // the full check held the free list against the tree: it need not be written any more
	walked atomic.Uint64 // the number of the update that checkUnlisted found sound
	doubt  atomic.Bool   // the last commit may or may not be on disk; nothing is answered before that is settled
	broken error         // damage was met, and no more updates are taken; belongs to whoever leads
	alone  bool          // the last commit was made for one call; belongs to whoever leads

	commit  func(*bbolt.Tx) error // a field so that a test can make a flush fail
	commits atomic.Int64          // how many groups were committed
}

// database is an open file.
type database struct {
	db     *bbolt.DB
	file   *os.File // of db
	alarm  *alarm   // of db
	layout byte
	state  kv.State
	sound  bool // the full check was done before bbolt saw it
}

// Open serves the database at a path. It fails with kv.ErrLocked if another process has it, kv.ErrCorrupt if it is
// damaged, kv.ErrMoved if it went to another place, kv.ErrVersion if another generation of the program wrote it, kv.ErrReadOnly or kv.ErrFull if it cannot be
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
	if opt.Around != nil {
		s.commit = func(tx *bbolt.Tx) error { return opt.Around(tx.Commit) }
	}
	d, err := open(path, false, opt)
	if err != nil {
		return nil, err
	}
	s.database, s.checked = d, d.sound
	s.proven.Store(d.sound)
	sweepNext(filepath.Dir(path)) // the file is locked: nobody else is making one
	if err := s.begin(); err != nil {
		d.db.Close()
		return nil, err
	}
	return s, nil
}

// begin checks what must be checked before serving, and marks the file as being served.
func (s *Store) begin() error {
	clean := false
	err := guarded(s.path, func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			clean = s.pairs(tx).Get(openKey) == nil
			return nil
		})
	})
	if err != nil {
		return err
	}
	if clean {
		return s.mark(func(b *bbolt.Bucket) error { return b.Put(openKey, []byte{1}) })
	}
	if s.checked {
		return nil
	}
	s.checked = true
	err = s.checkNow(context.Background())
	s.proven.Store(err == nil)
	return err
}

// mark changes the mark that says that the file is being served. It does so without DB.Update, which, where a closure
// panics over damage, takes the transaction back in the way that alarm tells of.
func (s *Store) mark(change func(*bbolt.Bucket) error) error {
	err := s.watched(func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback() // to no effect once it is committed
		if err := change(s.pairs(tx)); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil && !errors.Is(err, kv.ErrCorrupt) {
		err = fmt.Errorf("marking database %s: %w", s.path, errDisk(err))
	}
	return err
}

// open opens a file and does the quick check. It never creates one.
func open(path string, readOnly bool, opt Options) (d database, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, fmt.Errorf("opening database %s: %w; make one with amana init, or name another path", path, fs.ErrNotExist)
	}
	if err != nil {
		return d, errOpen(path, err)
	}
	if !info.Mode().IsRegular() {
		return d, fmt.Errorf("opening database %s: not a file", path)
	}
	if !readOnly {
		if err := errors.Join(private(filepath.Dir(path), dirMode), private(path, fileMode)); err != nil {
			return d, fmt.Errorf("opening database %s: %w", path, err)
		}
	}
	d.alarm = newAlarm()
	o := options(opt)
	o.ReadOnly, o.NoFreelistSync, o.Logger = readOnly, canLockFirst, d.alarm
	o.InitialMmapSize = max(o.InitialMmapSize, min(2*int(info.Size()), 8*o.InitialMmapSize))
	o.OpenFile = func(name string, flag int, mode fs.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
		if err != nil {
			return nil, err
		}
		if info, err := f.Stat(); err != nil || info.Size() == 0 { // bbolt would fill it
			return nil, errors.Join(err, f.Close(), errDamaged(path, "the file is empty"))
		}
		if !readOnly {
			if d.sound, err = prepare(path, f, o.Timeout); err != nil {
				return nil, errors.Join(err, f.Close())
			}
		}
		d.file = f
		return f, nil
	}
	err = guarded(path, func() (err error) {
		d.db, err = bbolt.Open(path, fileMode, o)
		return err
	})
	if err == nil {
		err = inPlace(path, d.file)
	}
	if err == nil {
		err = guarded(path, func() (err error) {
			d.layout, d.state, err = inspect(path, d.db, d.file)
			return err
		})
	}
	if err == nil && !readOnly && !opt.AnyState {
		err = d.state.Err()
	}
	if err != nil {
		switch {
		case d.db != nil:
			guarded(path, d.db.Close)
		case d.file != nil: // bbolt has closed it, unless it panicked
			unlock(d.file)
			d.file.Close()
		}
		return database{}, errOpen(path, err)
	}
	d.db.AllocSize, d.db.NoFreelistSync = growBy, false
	return d, nil
}

// inPlace refuses a file that lost its name while its lock was waited for: another process has put a new one there.
func inPlace(path string, file *os.File) error {
	named, err := os.Stat(path)
	if err != nil {
		return err
	}
	held, err := file.Stat()
	if err == nil && !os.SameFile(named, held) {
		err = berrors.ErrTimeout // as if the lock had not been let go: it was not, of the file that counts
	}
	return err
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
