package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"amana/bot/seal"
	"amana/bot/store"
)

// What a process is told whose machine does not have what the others have. Nothing was changed.
var (
	ErrOtherKeys  = errors.New("the keys on this machine are not those of the other machines")
	ErrLacksKeys  = errors.New("keys of the other machines are missing on this one")
	ErrOtherRoots = errors.New("the roots in the runtime directory are not those of the other machines")
)

// LikeOthers looks whether the keys of a machine, and its roots, are those of the others that share the database. Roots may be
// nil: then only the keys are looked at. It is fine where no machine has served it yet.
func LikeOthers(rd *store.Read, roots *seal.Roots) (known bool, err error) {
	a, found, err := rd.Alike()
	if lost(err) {
		return false, ErrOtherKeys
	}
	if err != nil || !found {
		return false, err
	}
	missing, other := compared(rd.House(), a)
	switch {
	case len(other) > 0:
		return true, fmt.Errorf("%w: %s", ErrOtherKeys, names(other))
	case len(missing) > 0:
		return true, fmt.Errorf("%w: %s", ErrLacksKeys, names(missing))
	case roots != nil && !roots.Fits(a.Roots):
		return true, ErrOtherRoots
	}
	return true, nil
}

// Lacking gives the keys that other machines have, or had, and this one has not.
func Lacking(rd *store.Read) ([]seal.KeyID, error) {
	a, _, err := rd.Alike()
	missing, _ := compared(rd.House(), a)
	return missing, err
}

// Alone forgets what several machines told one another: one that serves alone makes keys and roots of its own, and is like
// no others when they come back.
func Alone(ctx context.Context, s *store.Store) error {
	told := false
	err := s.View(ctx, func(rd *store.Read) error {
		_, known, err := rd.Alike()
		mark, err2 := rd.ShelfMark()
		told = known || lost(err) || mark != "" || lost(err2)
		if lost(err) || lost(err2) {
			return nil
		}
		return errors.Join(err, err2)
	})
	if err != nil || !told {
		return err
	}
	return s.Update(ctx, store.ID{}, func(w *store.Write) error { return w.DropAlike() })
}

// compared gives the keys of a record that a machine has not, without having forgotten them, and those that are other ones.
func compared(house *seal.House, a store.Alike) (missing, other []seal.KeyID) {
	gone := house.Forgotten()
	for id, print := range a.Keys {
		own, err := house.Print(id)
		switch {
		case slices.Contains(gone, id):
		case err != nil:
			missing = append(missing, id)
		case !bytes.Equal(own, print):
			other = append(other, id)
		}
	}
	slices.Sort(other)
	slices.Sort(missing)
	return missing, other
}

func names(ids []seal.KeyID) string {
	var all []string
	for _, id := range ids {
		all = append(all, string(id))
	}
	return strings.Join(all, ", ")
}

func lost(err error) bool {
	return errors.Is(err, seal.ErrForgotten) || errors.Is(err, seal.ErrTampered)
}

// Vouch writes down which keys and roots the machines of this mission have, as far as this one has more than is known, or
// finds that another machine was faster with others. Anew says that the roots are to be taken for those of the mission,
// whatever they were, and keys that this machine lacks for lost: no other has any.
func (r *Registry) Vouch(ctx context.Context, anew bool) error {
	if !r.shared() {
		return nil
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		roots := r.Roots
		if anew {
			roots = nil
		}
		known, err := LikeOthers(&w.Read, roots)
		if err != nil && !(anew && errors.Is(err, ErrLacksKeys)) {
			return err
		}
		a, _, err := w.Alike()
		if err != nil {
			return err
		}
		now := store.Alike{Keys: map[seal.KeyID][]byte{}, Roots: a.Roots}
		for _, id := range w.House().Living() {
			if now.Keys[id], err = w.House().Print(id); err != nil {
				return err
			}
		}
		if !known || anew {
			now.Roots = r.Roots.Names()
		}
		return w.PutAlike(now)
	})
}

// noteStep writes down that everything that lives is sealed under the present roots of this process, before it gives up the
// ones before. Those of the others follow.
func (r *Registry) noteStep(ctx context.Context) error {
	if !r.shared() {
		return nil
	}
	names := r.Roots.Names()
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		a, _, err := w.Alike()
		if err != nil {
			return err
		}
		a.Roots = names
		return w.PutAlike(a)
	})
}

// Step moves the roots of a process that does not keep the house. The roots before are given up only when whoever keeps it
// has sealed everything again and said so.
func (r *Registry) Step(ctx context.Context) error {
	if _, err := r.Roots.Next(r.Now()); err != nil {
		return err
	}
	if !r.Roots.Due(r.Now()) {
		return nil
	}
	var a store.Alike
	err := r.Store.View(ctx, func(rd *store.Read) (err error) {
		a, _, err = rd.Alike()
		return err
	})
	if err != nil || !r.Roots.Reached(a.Roots) {
		return err
	}
	return r.Roots.Commit()
}
