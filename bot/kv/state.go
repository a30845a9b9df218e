package kv

import (
	"errors"
	"fmt"
)

// State says what may be done with a database as a whole. It keeps a database from being served twice, in two engines, and
// half a copy from being served at all. The zero State is the usual one: the database is served.
//
// An engine keeps it in the value that tells its version, behind that, so that a program which knows no states takes the
// database for one of another version. It opens a database in another state only for whoever says that they want to move it;
// and where several processes may have a database open, every commit compares that value, so that none of them writes in it
// once its state has changed.
type State struct {
	Kind StateKind
	Note string // Filling: who fills it; Moved: where it went
}

// StateKind is what stands in a State.
type StateKind byte

// The kinds of states.
const (
	Served  StateKind = 0
	Filling StateKind = 'f' // a copy into it has begun and not ended
	Moved   StateKind = 'm' // it was copied, or is being copied, to another place, which is served in its stead
)

// maxNote bounds the text of a state.
const maxNote = 4 << 10

// What an engine says of a database that is not served.
var (
	// ErrFilling says that a copy into the database has begun and not ended.
	ErrFilling = errors.New("copy not complete")

	// ErrMoved says that the database went to another place.
	ErrMoved = errors.New("database was moved")
)

// Err is why a database in this state is not served; nil if it is.
func (s State) Err() error {
	switch s.Kind {
	case Served:
		return nil
	case Filling:
		return ErrFilling
	}
	return fmt.Errorf("%w to %s", ErrMoved, s.Note)
}

// AppendState writes a state behind a version. The usual state is written as nothing.
func AppendState(version []byte, s State) []byte {
	if s.Kind == Served {
		return version
	}
	return append(append(version, byte(s.Kind)), s.Note...)
}

// ParseState reads what stands behind a version.
func ParseState(behind []byte) (State, error) {
	if len(behind) == 0 {
		return State{}, nil
	}
	s := State{Kind: StateKind(behind[0]), Note: string(behind[1:])}
	if s.Kind != Filling && s.Kind != Moved || len(s.Note) > maxNote {
		return State{}, fmt.Errorf("its state cannot be read: %w", ErrVersion)
	}
	return s, nil
}
