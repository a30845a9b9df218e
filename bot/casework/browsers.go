package casework

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// ErrNotAllowed says that only a coordinator may do this.
var ErrNotAllowed = errors.New("only a coordinator of the roster may do this")

// Waiting is a browser that waits for the coordinator.
type Waiting struct {
	ID           [16]byte
	Person, Name string
	Digits       string // as its owner reads them out
	Day          ticket.Day
}

// Browsers lists the browsers that wait, the earliest first.
func (r *Registry) Browsers(ctx context.Context) (out []Waiting, err error) {
	now := r.Now()
	err = r.Store.View(ctx, func(rd *store.Read) error {
		out = nil
		all, err := rd.Browsers()
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.Allowed || !now.Before(b.Until) {
				continue
			}
			if public, _, err := r.keyOf(rd, b.Person); err != nil || public != b.Key {
				if err != nil {
					return err
				}
				continue
			}
			e, _, err := r.entry(rd, b.Person)
			if err != nil {
				return err
			}
			out = append(out, Waiting{ID: b.ID, Person: b.Person, Name: e.Name, Digits: b.Digits, Day: b.Made})
		}
		return nil
	})
	return out, err
}

// AllowBrowser lets a browser sign in that waits, or forgets it, allowed or not. Only a coordinator can, after they have
// heard the digits from its owner. Errors: ErrNotAllowed, ErrHeld, ErrUnknown for a browser that does not wait any more.
func (r *Registry) AllowBrowser(ctx context.Context, by string, id [16]byte, allow bool) error {
	if err := r.Fresh(ctx); err != nil {
		return err
	}
	if r.Held() {
		return ErrHeld
	}
	if e, ok := r.current().Find(by); !ok || !e.Usable() || e.Role != ticket.Coordinator {
		return ErrNotAllowed
	}
	return r.allowBrowser(ctx, by, id, allow)
}

// AllowBrowserHere does the same for whoever runs the program on its machine: for the first browser of the only
// coordinator. An allowed browser alone opens nothing: it still takes the person's key to sign in.
func (r *Registry) AllowBrowserHere(ctx context.Context, id [16]byte, allow bool) error {
	return r.allowBrowser(ctx, "operator", id, allow)
}

func (r *Registry) allowBrowser(ctx context.Context, by string, id [16]byte, allow bool) error {
	var person string
	err := r.Store.View(ctx, func(rd *store.Read) error {
		all, err := rd.Browsers()
		if i := slices.IndexFunc(all, func(b store.Browser) bool { return b.ID == id }); i >= 0 {
			person = all[i].Person
		}
		return err
	})
	if err != nil {
		return err
	}
	now := r.Now()
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		b, found, err := w.Browser(person, id)
		if err != nil {
			return err
		}
		if !found || allow && !b.Allowed && !now.Before(b.Until) {
			return ErrUnknown
		}
		if b.Allowed && allow {
			return nil
		}
		did := "refused a browser"
		if allow {
			did = "allowed a browser"
			err = admitBrowser(w, b)
		} else {
			err = w.DropBrowser(person, id)
		}
		if err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(now), Who: by, Did: did, Whom: person})
	})
}

// admitBrowser lets a browser sign in. Those of its person that wait with another proof wait for nothing any more, and of
// too many allowed ones the oldest goes.
func admitBrowser(w *store.Write, b store.Browser) error {
	mine, err := w.BrowsersOf(b.Person)
	if err != nil {
		return err
	}
	allowed := 0
	for _, other := range slices.Backward(mine) {
		if other.Allowed {
			allowed++
		}
		if other.ID == b.ID || other.Allowed && allowed < mostAllowed || !other.Allowed && bytes.Equal(other.Proof, b.Proof) {
			continue
		}
		if err := w.DropBrowser(other.Person, other.ID); err != nil {
			return err
		}
	}
	b.Allowed, b.Digits, b.Until = true, "", time.Time{}
	return w.PutBrowser(b)
}

// ForgetBrowsers ends the signing in of a person from everywhere, as when a device was stolen: each of their browsers has to
// be allowed anew, and gets nothing before, not even the wrapped secret; who has signed in from one of them is signed out
// (see Lets). Whoever runs the program does it. It gives how many there were.
func (r *Registry) ForgetBrowsers(ctx context.Context, person string) (n int, err error) {
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		mine, err := w.BrowsersOf(person)
		if n = len(mine); err != nil || n == 0 {
			return err
		}
		for _, b := range mine {
			if err := w.DropBrowser(person, b.ID); err != nil {
				return err
			}
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(r.Now()), Who: "operator", Did: "refused a browser", Whom: person})
	})
	return n, err
}

// LeaveEverywhere signs a person out, on whatever machine the session is. Their browsers are let in as before, but under other
// names, and a session ends with the name of its browser (see Lets).
func (r *Registry) LeaveEverywhere(ctx context.Context, person string) error {
	settle, err := r.id()
	if err != nil {
		return err
	}
	return r.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		mine, err := w.BrowsersOf(person)
		for _, b := range mine {
			if err != nil {
				return err
			}
			if !b.Allowed {
				continue
			}
			if err := w.DropBrowser(person, b.ID); err != nil {
				return err
			}
			next := r.Store.House().MAC("browser anew", b.ID[:])
			copy(b.ID[:], next[:])
			err = w.PutBrowser(b)
		}
		return err
	})
}

// Lets says that a browser may still sign in as somebody. Who has signed in is asked about with every question, so that a
// session is over as soon as its browser was refused, forgotten, or has given way to newer ones, and when its owner has left
// everywhere.
func (r *Registry) Lets(ctx context.Context, person string, browser [16]byte) (lets bool, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		b, found, err := rd.Browser(person, browser)
		lets = found && b.Allowed
		return err
	})
	return lets, err
}

// forgetAllBrowsers lets every browser wait anew. Those of a backup may have been refused or forgotten since it was made, and
// nothing outside the database says which.
func forgetAllBrowsers(ctx context.Context, s *store.Store) error {
	var all []store.Browser
	err := s.View(ctx, func(rd *store.Read) (err error) {
		all, err = rd.Browsers()
		return err
	})
	return dropBrowsers(ctx, s, all, err)
}

// dropBrowsers takes browsers away, a page of them in a transaction, unless listing them had failed.
func dropBrowsers(ctx context.Context, s *store.Store, all []store.Browser, err error) error {
	for part := range slices.Chunk(all, page) {
		if err != nil {
			return err
		}
		err = s.Update(ctx, store.ID{}, func(w *store.Write) error {
			for _, b := range part {
				if err := w.DropBrowser(b.Person, b.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

// tidyBrowsers forgets the browsers that have waited too long, and those of a key with which nobody signs in any more: it
// was revoked, refused or replaced.
func (r *Registry) tidyBrowsers(ctx context.Context) error {
	now := r.Now()
	var over []store.Browser
	err := r.Store.View(ctx, func(rd *store.Read) error {
		over = nil
		all, err := rd.Browsers()
		if err != nil {
			return err
		}
		for _, b := range all {
			kept, err := r.keeps(rd, b)
			if err != nil {
				return err
			}
			if !kept || !b.Allowed && !now.Before(b.Until) {
				over = append(over, b)
			}
		}
		return nil
	})
	return dropBrowsers(ctx, r.Store, over, err)
}

// keeps says that the key of a browser is that of its person, or waits to become it.
func (r *Registry) keeps(rd *store.Read, b store.Browser) (bool, error) {
	if e, ok := r.roster.Load().Find(b.Person); ok && e.Usable() && e.Key == b.Key {
		return true, nil
	}
	p, found, err := rd.PendingOf(b.Person)
	if err != nil || !found {
		return false, err
	}
	e, err := waits(p)
	return err == nil && e.Key == b.Key, err
}
