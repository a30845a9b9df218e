package casework

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
)

// Browser is what a browser brings to sign in: a random secret of its own, and what shows that it has the device key
// (see seal.DeviceKey). Of both only hashes are kept.
type Browser struct{ Secret, Proof [32]byte }

// How long a browser waits to be allowed, how many of one person can wait, and how many can be allowed.
const (
	browserWaits = 24 * time.Hour
	mostWaiting  = 3
	mostAllowed  = 12
	allDigits    = 1_000_000
)

func hashed(secret [32]byte) []byte {
	sum := sha256.Sum256(secret[:])
	return sum[:]
}

// Challenge is what somebody gets who wants to sign in at the desk: something that only their key opens, or digits to be
// read out to the coordinator.
type Challenge struct {
	Wrapped []byte   // their wrapped secret, as seal.Wrap made it
	Sealed  []byte   // Secret, sealed to their key
	Secret  [32]byte // to be compared in constant time, used once, and never sent
	Browser [16]byte // that asked: a session ends with it (see Lets)
	Wait    string   // six digits: then there is nothing else
}

// keyOf gives the key with which somebody signs in, and what wraps its secret: the one in the roster, or, as long as that
// has none of theirs, the one that waits. So a key that was brought under an intercepted link opens nobody's desk.
func (r *Registry) keyOf(rd *store.Read, person string) (public string, wrapped []byte, err error) {
	e, _, err := r.entry(rd, person)
	if errors.Is(err, ErrUnknown) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	contact, _, err := rd.Contact(person)
	if err != nil {
		return "", nil, err
	}
	p, _, err := rd.PendingOf(person)
	if err != nil {
		return "", nil, err
	}
	for _, file := range [][]byte{contact.Wrapped, p.Enrolment} {
		if enrolment, err := seal.ParseEnrolment(file); err == nil && enrolment.Public == e.Key {
			return e.Key, enrolment.Wrapped, nil
		}
	}
	return "", nil, nil // nothing of theirs is kept here that could be unwrapped
}

// Challenge lets a browser sign in that the person was enrolled with, or that the coordinator allowed. Every other gets six
// digits, the same each time: an unknown person, a wrong proof and a browser that has yet to be allowed are told alike, and
// each costs a commit. Only the last is kept, to wait for the coordinator; it ends after a day, and of a fourth that waits
// for one person the oldest goes. Of whoever was enrolled elsewhere no proof is known: that of the browser which the
// coordinator allows first is kept.
func (r *Registry) Challenge(ctx context.Context, person string, proof, browser [32]byte) (c Challenge, err error) {
	want := store.Browser{Person: person, Hash: hashed(browser), Proof: hashed(proof)}
	var wrapped []byte
	var mine []store.Browser
	err = r.Store.View(ctx, func(rd *store.Read) (err error) {
		if want.Key, wrapped, err = r.keyOf(rd, person); err != nil {
			return err
		}
		mine, err = rd.BrowsersOf(person)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("signing in: %w", err)
	}
	seen := judge(mine, want)
	if seen.allowed && want.Key != "" {
		c.Wrapped, c.Browser = wrapped, seen.id
		if c.Sealed, c.Secret, err = seal.Challenge(want.Key, r.Rand); err != nil {
			return Challenge{}, fmt.Errorf("signing in: %w", err)
		}
		return c, nil
	}
	c.Wait = r.digits(person, want.Hash)
	id, err := r.id()
	if err != nil {
		return Challenge{}, err
	}
	now := r.Now()
	want.ID, want.Made, want.Digits, want.Until = store.ID(id), store.DayOf(now), c.Wait, now.Add(browserWaits).UTC()
	if err := r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return waitFor(w, want, now) }); err != nil {
		return Challenge{}, fmt.Errorf("signing in: %w", err)
	}
	return c, nil
}

// seen is what the browsers of a person say about one that wants to sign in.
type seen struct {
	allowed bool // this one, with this proof
	proven  bool // the proof is that of an allowed one
	known   bool // there is an allowed one, so that a proof is known
	id      store.ID
}

// judge looks at all of them, whatever it finds, so that its time tells nothing.
func judge(mine []store.Browser, want store.Browser) (s seen) {
	for _, b := range mine {
		same := subtle.ConstantTimeCompare(b.Hash, want.Hash) == 1
		proven := subtle.ConstantTimeCompare(b.Proof, want.Proof) == 1
		counts := b.Allowed && b.Key == want.Key
		s.known = s.known || counts
		s.proven = s.proven || counts && proven
		if counts && proven && same {
			s.allowed, s.id = true, b.ID
		}
	}
	return s
}

// waitFor keeps a browser that waits, if there is anything to wait for; otherwise it writes nothing, and commits that.
func waitFor(w *store.Write, want store.Browser, now time.Time) error {
	mine, err := w.BrowsersOf(want.Person)
	if err != nil {
		return err
	}
	if s := judge(mine, want); want.Key == "" || s.known && !s.proven || s.allowed {
		return w.DropBrowser(want.Person, want.ID)
	}
	waiting := slices.DeleteFunc(mine, func(b store.Browser) bool { return b.Allowed })
	slices.SortStableFunc(waiting, func(a, b store.Browser) int { return a.Until.Compare(b.Until) })
	again := func(b store.Browser) bool {
		return b.Key == want.Key && subtle.ConstantTimeCompare(b.Hash, want.Hash) == 1
	}
	if i := slices.IndexFunc(waiting, again); i >= 0 && now.Before(waiting[i].Until) {
		want.ID, want.Made, want.Until = waiting[i].ID, waiting[i].Made, waiting[i].Until
		return w.PutBrowser(want)
	}
	for i, b := range waiting {
		if now.Before(b.Until) && i+mostWaiting > len(waiting) {
			continue
		}
		if err := w.DropBrowser(b.Person, b.ID); err != nil {
			return err
		}
	}
	return w.PutBrowser(want)
}

// digits gives what is read out for a browser, whoever it says to belong to. It is reckoned, so that asking again shows
// nothing.
func (r *Registry) digits(person string, hash []byte) string {
	sum := r.Store.House().MAC("desk digits", []byte(person), hash)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum[:])%allDigits)
}
