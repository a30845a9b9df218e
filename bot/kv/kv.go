package kv

import "context"

// Pair is a key with its value. Both belong to whoever received them.
type Pair struct {
	Key, Value []byte
}

// Reader reads one snapshot. What it returns is copied: it may be kept and changed.
type Reader interface {
	// Get gives the value of a key, and whether there is one. A value that was found is never nil.
	Get(key []byte) (value []byte, found bool, err error)

	// Scan gives the first pairs, at most limit (1 to MaxScan), whose keys are not below from and below to, in
	// the order of their bytes. An empty from is the beginning, an empty to the end. Use Prefix and After to
	// make the bounds.
	Scan(from, to []byte, limit int) ([]Pair, error)
}

// Tx reads, sees its own writes, and gathers them until its closure has returned.
type Tx interface {
	Reader

	// Put sets the value of a key. The slices may be used again at once; a nil value is an empty one.
	Put(key, value []byte) error

	// Delete takes a key away. It is no error if there was none.
	Delete(key []byte) error
}

// ID names an update, so that its outcome can be found out later. It is random; the zero ID names nothing.
type ID [16]byte

// IsZero says that the update asks for no record of its outcome.
func (id ID) IsZero() bool { return id == ID{} }

// Store is an engine. Its methods may be called from many goroutines, but not from the closures that it runs.
type Store interface {
	// View runs fn on one snapshot, and returns its error.
	View(ctx context.Context, fn func(Reader) error) error

	// Update runs fn and commits what it wrote, or returns an error and has done nothing (but see ErrUnknown).
	// If fn returns an error, Update returns it as it is and commits nothing; if fn panics, the panic reaches the
	// caller and nothing is committed. A context that ends before the turn of fn leaves it out; once fn has run,
	// Update waits for the outcome, whatever becomes of the context. A non-zero id is recorded in the same
	// commit; an id that was recorded before makes Update return nil without running fn.
	Update(ctx context.Context, id ID, fn func(Tx) error) error

	// Close waits for what is under way, then ends the engine. Later calls return ErrClosed.
	Close() error
}

// Settler answers for the outcome of updates with an id. Every engine is a Store and a Settler.
type Settler interface {
	// Settled says whether the update with this id was committed and is on disk. The zero ID never is.
	Settled(ctx context.Context, id ID) (bool, error)

	// Forget drops the records of updates committed before a day, and says how many there were. An id that was
	// forgotten is new again, so keep records longer than anybody may ask.
	Forget(ctx context.Context, before Day) (int, error)
}
