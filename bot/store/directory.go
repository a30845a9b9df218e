package store

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// PageSize is how many bytes of a directory stand in one record, and PagesAtOnce how many records one update can write.
const (
	PageSize    = 48 << 10
	PagesAtOnce = 16
)

// Generation is one whole directory: what it holds, and how many pages it has.
type Generation struct {
	ID            ID        `json:"id"`
	Pages         int       `json:"pages"`
	Made          time.Time `json:"made"`
	Areas         int       `json:"areas"`
	Organisations int       `json:"organisations"`
	Services      int       `json:"services"`
}

// Generations says which directory is in force, which one was before, which one is being written, and which ones are to
// be taken away.
type Generations struct {
	Now    *Generation `json:"now,omitempty"`
	Before *Generation `json:"before,omitempty"`
	Half   ID          `json:"half,omitzero"`
	Gone   []ID        `json:"gone,omitempty"`
}

// What callers ask for with errors.Is.
var (
	// ErrOvertaken says that another directory was begun, or put in force, in the meantime.
	ErrOvertaken = errors.New("the directory was changed by somebody else in the meantime")
	// ErrNoBefore says that there is no directory to go back to.
	ErrNoBefore = errors.New("there is no directory before this one")
)

// Directories says which directories there are. It is written by whole updates alone, so a start after a kill finds
// either the old one in force or the new one, and never a part of one.
func (r *Read) Directories() (g Generations, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "directories")), &g)
	return g, err
}

func (w *Write) putDirectories(g Generations) error {
	return w.putStanding(key(meta, w.s.name("meta", "directories")), g)
}

// DirectoryPage gives one page of a directory.
func (r *Read) DirectoryPage(of ID, n int) ([]byte, error) {
	plain, _, found, err := r.get(ownerKey(directories, of, numbered(n)))
	if err == nil && !found {
		err = fmt.Errorf("reading page %d of a directory: %w", n, ErrMissing)
	}
	return plain, err
}

// BeginDirectory begins to write a directory beside the one in force. One that somebody else had begun is given up.
func (w *Write) BeginDirectory(id ID) error {
	g, err := w.Directories()
	if err != nil {
		return err
	}
	if g.Half != (ID{}) {
		g.Gone = append(g.Gone, g.Half)
	}
	g.Half = id
	return w.putDirectories(g)
}

// PutDirectoryPage writes one page of the directory that was begun.
func (w *Write) PutDirectoryPage(id ID, n int, page []byte) error {
	if len(page) > PageSize {
		return fmt.Errorf("writing page %d of a directory: %d bytes, at most %d", n, len(page), PageSize)
	}
	g, err := w.Directories()
	if err != nil {
		return err
	}
	if g.Half != id {
		return ErrOvertaken
	}
	return w.put(ownerKey(directories, id, numbered(n)), w.s.house.Standing(), page)
}

// SwitchDirectory puts the directory that was written in force, if the one in force is still the one that it was compared
// with (zero: none). The one in force so far is kept to go back to; the one before that is to be taken away.
func (w *Write) SwitchDirectory(next Generation, compared ID) error {
	g, err := w.Directories()
	if err != nil {
		return err
	}
	var now ID
	if g.Now != nil {
		now = g.Now.ID
	}
	if g.Half != next.ID || now != compared {
		return ErrOvertaken
	}
	if g.Before != nil {
		g.Gone = append(g.Gone, g.Before.ID)
	}
	g.Before, g.Now, g.Half = g.Now, &next, ID{}
	return w.putDirectories(g)
}

// AmendDirectory puts a directory in force in the place of the one that it was made from, which is to be taken away. What
// can be gone back to stays what it was: the directory before the last import, however often people at the desk have
// corrected a number since.
func (w *Write) AmendDirectory(next Generation, from ID) error {
	g, err := w.Directories()
	if err != nil {
		return err
	}
	if g.Half != next.ID || g.Now == nil || g.Now.ID != from {
		return ErrOvertaken
	}
	g.Gone = append(g.Gone, g.Now.ID)
	g.Now, g.Half = &next, ID{}
	return w.putDirectories(g)
}

// UndoDirectory puts the directory before in force again, if the one in force is the one that was looked at. Undoing twice
// changes nothing.
func (w *Write) UndoDirectory(looked ID) error {
	g, err := w.Directories()
	switch {
	case err != nil:
		return err
	case g.Before == nil || g.Now == nil:
		return ErrNoBefore
	case g.Now.ID != looked:
		return ErrOvertaken
	}
	g.Now, g.Before = g.Before, g.Now
	return w.putDirectories(g)
}

// SweepDirectories takes away pages of directories that nobody needs, and says whether some are left.
func (w *Write) SweepDirectories() (left bool, err error) {
	g, err := w.Directories()
	if err != nil || len(g.Gone) == 0 {
		return false, err
	}
	const limit = 90 // an update may touch a hundred
	from := ownerKey(directories, g.Gone[0], ID{})
	pairs, err := w.r.Scan(from, append(slices.Clone(from[:17]), 0xff), limit)
	if err != nil {
		return false, err
	}
	for _, p := range pairs {
		if err := w.drop(p.Key); err != nil {
			return false, err
		}
	}
	if len(pairs) == limit {
		return true, nil
	}
	g.Gone = g.Gone[1:]
	return len(g.Gone) > 0, w.putDirectories(g)
}
