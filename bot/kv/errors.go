package kv

import "errors"

// What callers may ask for with errors.Is. Everything else is an error of the closure or of the machine beneath.
var (
	// ErrLimit says that a key, a value, a scan or a whole update is larger than every engine can bear, or that a
	// key is empty or begins with the reserved byte. Nothing was written; the same update will never fit.
	ErrLimit = errors.New("limit of the store exceeded")

	// ErrUnknown says that the update may or may not have been committed. Ask again with the same id.
	ErrUnknown = errors.New("outcome unknown")

	// ErrClosed says that the store was closed, or that a Tx was used after its closure had returned.
	ErrClosed = errors.New("store closed")

	// ErrLocked says that somebody else has the database open: another amana serves it.
	ErrLocked = errors.New("database in use")

	// ErrCorrupt says that the database cannot be read as it should be. The remedy is to restore a backup.
	ErrCorrupt = errors.New("database damaged")

	// ErrFull says that there was no room on the disk. Nothing was written; it works again when there is room.
	ErrFull = errors.New("disk full")

	// ErrAway says that the database did not answer in time: a cluster that cannot be reached, or has lost too many of its
	// members. Nothing was written; it works again when they answer.
	ErrAway = errors.New("database does not answer")

	// ErrBusy says that others changed what an update had read each time that it was tried. Nothing was written.
	ErrBusy = errors.New("database too busy")

	// ErrReadOnly says that the disk or the file does not take writes. Nothing was written.
	ErrReadOnly = errors.New("disk not writable")

	// ErrVersion says that the database was written by another generation of the program.
	ErrVersion = errors.New("database of another version")

	// ErrStray says that the database is not where it was made: it was brought to another cluster by something that knows
	// nothing of it, such as a snapshot of the whole cluster, and is older than what its readers have seen.
	ErrStray = errors.New("database brought here from another cluster")

	// ErrBack says that the database is older than what was seen of it: an earlier one was put in its place, beneath whoever
	// serves it or while nobody did. Nothing is read from it or written to it any more by who hears this; of what was
	// acknowledged last, some is not there.
	ErrBack = errors.New("database older than it was")

	// ErrImpure says that a closure wrote different things when it was run a second time: a mistake in the
	// program, found by the memory engine.
	ErrImpure = errors.New("closure not pure")
)
