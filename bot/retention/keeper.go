package retention

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"amana/bot/store"
	"amana/bot/ticket"
)

// Keys is the key directory, as far as forgetting goes.
type Keys interface {
	Living() []store.Month
	Forgotten() []store.Month      // as its ledger says
	Lying() ([]store.Month, error) // of those, whose files are still there
	Forget(store.Month) error      // deletes the file; it is no error to the ledger if a crash comes between
	Retirement
}

// Retirement ends the writing under a month, while what is in it can still be read.
type Retirement interface {
	Retire(store.Month)
	Reinstate(store.Month)
}

// Signer signs statements for this house.
type Signer interface {
	ID() [16]byte
	StatementKey() string
	SignStatement(text []byte) []byte
}

// Options fits a keeper to its house.
type Options struct {
	Store  *store.Store
	Keys   Keys
	Signer Signer
	Verify func(public string, text, signature []byte) error // of a statement
	Rules  Rules
	Due    store.Due // the day under which a report stands in the index of what is due

	// Held reads in what is left of the audit chain of a damaged report whether it is on hold.
	Held func([]store.Entry) bool

	// Withdrawn reads in the audit chain of a report whether its reporter withdrew it, and when they asked.
	Withdrawn func([]store.Entry) (asked store.Day, withdrawn bool)
	Final     time.Duration // how long a withdrawal can be taken back

	// Keeps is for machines that have the keys and share the database: what one has forgotten, each destroys. It says whether
	// a context is that of the one process that keeps the house, in which alone anything is forgotten. Nil: no other process
	// has the database open.
	Keeps func(context.Context) bool

	Sweep func(context.Context) error // erases the voice messages that no record names any more
	Renew func(context.Context) error // makes the database file anew; nil: it keeps nothing of what was deleted
	Now   func() time.Time
	Rand  io.Reader
}

// Keeper forgets. It is safe for use by many goroutines.
type Keeper struct {
	Options
	mu      sync.Mutex  // one thing is forgotten at a time
	retired store.Month // under which nobody writes here since this keeper was at it, and could not say that it is over

	// Closed reports that stay until their month goes, by the length of their chain: while that has not grown, nobody need
	// read it again. A mission has thousands of them, and each is looked at every day.
	stays map[store.Ref]int
}

// mostStays bounds what is remembered of them; beyond it all are read anew.
const mostStays = 50_000

// New gives a keeper.
func New(o Options) *Keeper { return &Keeper{Options: o} }

func (k *Keeper) today() store.Day { return store.DayOf(k.Now()) }

// What callers ask for with errors.Is.
var (
	// ErrClockBack says that the clock stands before a day that it has shown already. Nothing is forgotten by such a clock.
	ErrClockBack = errors.New("the clock was set back: set it right")
	// ErrClockLeap says that the clock has jumped ahead. Nothing is forgotten by itself before an operator has looked at it.
	ErrClockLeap = errors.New("the clock has leapt ahead since it was last looked at: set it right, or name the months to be forgotten if it is")
	// ErrNotKeeper says that another process may be forgetting: there is one place in which it is noted what is on its way.
	ErrNotKeeper = errors.New("only the process that keeps the house forgets")
	// ErrNotDue says that a month is not due to be forgotten.
	ErrNotDue = errors.New("not due yet")
	// ErrDamaged says that a report cannot be read, so that nobody can tell whether it is open. See GiveUp.
	ErrDamaged = errors.New("a report of that month is damaged, so that nobody can tell whether it is still open: restore it from a backup; only if none holds it, `amana forget -give-up MONTH`")
)

func (k *Keeper) together() bool { return k.Keeps != nil }

// alone is ErrNotKeeper where another process may be forgetting.
func (k *Keeper) alone(ctx context.Context) error {
	if k.together() && !k.Keeps(ctx) {
		return ErrNotKeeper
	}
	return nil
}

// remember changes what is remembered of forgetting, with whatever else belongs to the same update.
func (k *Keeper) remember(ctx context.Context, change func(*store.Write, *store.Retention) error) error {
	return k.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		r, err := w.Retention()
		if err != nil {
			return err
		}
		if err := change(w, &r); err != nil {
			return err
		}
		return w.PutRetention(r)
	})
}

func (k *Keeper) remembered(ctx context.Context) (r store.Retention, err error) {
	err = k.Store.View(ctx, func(rd *store.Read) (err error) {
		r, err = rd.Retention()
		return err
	})
	return r, err
}

// months gives the living keys that belong to a month.
func (k *Keeper) months() (out []store.Month) {
	for _, m := range k.Keys.Living() {
		if _, _, ok := m.Month(); ok {
			out = append(out, m)
		}
	}
	return out
}

// lives says whether a report outlives its month: somebody still has to act, or to keep it.
func lives(rep ticket.Report) bool { return rep.State != ticket.Closed || rep.Hold }
