package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
	"amana/bot/voice"
)

// Options fits a registry to a mission.
type Options struct {
	Store  *store.Store
	Roots  *seal.Roots
	Kiln   *seal.Kiln
	Voices *voice.Shelf // nil: no voice messages are taken
	Clock  ticket.Clock
	Routes ticket.Routes

	// OrgName gives an organisation of the mission's list as people read it, in a language.
	OrgName func(lang, org string) string
	// Tell says what a notice may name of a report: kind, coarse place, or neither.
	Tell Tell
	// Delay bounds the random time before a notice goes out, so that it does not tell when a report came.
	Delay Delay
	// Digest are the fixed times at which everybody is told the same, in the place of notices; none is usual.
	Digest Digest
	// Budget is how much may come at once; what is zero in it is as in StandardBudget.
	Budget Budget
	// Zone is the mission's time zone, in which a reporter's safe hours are meant.
	Zone *time.Location
	// Safe are the hours of a day that the choices of a reporter stand for; nil is StandardSafe. A choice that is not
	// among them is no safe hour: then no line is sent.
	Safe map[string][2]int

	// Process names this process among those that share the database; zero: no other has it open. It is drawn anew at
	// each start.
	Process [16]byte

	// Form is the form in which records are written; zero is store.Format. Only a proof has another one.
	Form int

	Now  func() time.Time
	Rand io.Reader
}

// Tell says what of a report may stand in a notice, beside code, urgency and deadline.
type Tell struct{ Kind, Area bool }

// Delay is the longest random wait before a notice of either urgency, and the shortest of a normal one.
type Delay struct{ Least, Normal, Urgent time.Duration }

// StandardDelay is what a mission gets that sets none: 2 to 15 minutes, and up to 2 when urgent.
var StandardDelay = Delay{Least: 2 * time.Minute, Normal: 15 * time.Minute, Urgent: 2 * time.Minute}

// Registry is where reports are kept and worked on. It is safe for use by many goroutines.
type Registry struct {
	Options
	roster   atomic.Pointer[signed]
	absent   atomic.Pointer[absences]
	started  time.Time
	formerly int  // form of the database before this start, if it was an older one
	drafted  bool // at the start there were drafts that memory no longer opens
	closed   bool // and closing records

	// The slow step of a receipt, and where new ones come from; tests give the same ones again.
	stretch func(ctx context.Context, receipt string) (seal.Stretched, error)
	draw    func() (ticket.Receipt, error)

	spent       purses
	trayed      atomic.Int64
	standingOne sync.Mutex // the budgets that everybody shares are looked at and spent by one at a time
	lacked      lacked
	claims      watchedClaims

	shut     store.Month // under which nobody writes any more, where another process is about to forget it
	settling sync.Mutex  // absences are written and swapped by one at a time

	mu    sync.Mutex
	wrong map[bot.Person]tries
}

// signed is the roster in force: verified, whole, and not held back by a restore.
type signed struct {
	ticket.Roster
	store.Signed
}

// New opens the registry: it marks the database as belonging to its key directory, or refuses one that belongs to
// another, and reads the roster in force.
func New(ctx context.Context, o Options) (*Registry, error) {
	if o.Safe == nil {
		o.Safe = StandardSafe
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Clock.IsZero() {
		o.Clock = ticket.StandardClock()
	}
	if o.Form == 0 {
		o.Form = store.Format
	}
	o.Budget = o.Budget.filled()
	r := &Registry{Options: o, wrong: map[bot.Person]tries{}, spent: newPurses(o.Budget), started: o.Now()}
	r.roster.Store(&signed{})
	r.stretch = func(ctx context.Context, receipt string) (seal.Stretched, error) {
		return r.Store.House().Stretch(ctx, r.Kiln, receipt)
	}
	r.draw = func() (ticket.Receipt, error) { return ticket.NewReceipt(r.Rand) }
	if err := r.belongs(ctx); err != nil {
		return nil, err
	}
	if err := r.reload(ctx); err != nil {
		return nil, err
	}
	if err := r.recallAbsences(ctx); err != nil {
		return nil, err
	}
	if err := r.keepUp(ctx); err != nil {
		return nil, err
	}
	if err := r.admit(ctx); err != nil {
		return nil, err
	}
	if err := r.index(ctx); err != nil {
		return nil, err
	}
	err := r.Store.View(ctx, func(rd *store.Read) (err error) {
		r.drafted, r.closed, err = rd.Broken()
		return err
	})
	return r, err
}

// ErrOtherHouse says that database and key directory do not belong together.
var ErrOtherHouse = errors.New("this database was written under another key directory: name the right one in the configuration, or restore its key backup")

// ErrNewer says that a later program has written in a database: at the start, and where several processes share it from
// the moment on in which the first later one starts.
var ErrNewer = fmt.Errorf("%w has written in this database, and this one cannot read all of it: nothing was changed. "+
	"Start the later version here, as on every other machine, or restore the backup that was made before it was first started", bot.ErrNewer)

// belongs marks a database as one of this key directory, and of the present form. From then on an older program is to refuse
// it; the records themselves need no change, since all forms are read.
func (r *Registry) belongs(ctx context.Context) error {
	var mark, form bool
	err := r.Store.View(ctx, func(rd *store.Read) error {
		house, marked, err := rd.Belongs()
		if err == nil && marked && house != r.Store.House().ID() {
			return ErrOtherHouse
		}
		if err != nil {
			return err
		}
		was, err := rd.Format()
		if err == nil && was > r.Form {
			return ErrNewer
		}
		mark, form = !marked, was < r.Form
		if marked && form {
			r.formerly = was
		}
		return err
	})
	if err != nil || !mark && !form {
		return err
	}
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if mark {
			if err := w.Mark(); err != nil {
				return err
			}
		}
		return w.MarkFormat(r.Form)
	})
}

// Upgraded says in which older form the database was written until this start; false where it was none.
func (r *Registry) Upgraded() (from int, upgraded bool) { return r.formerly, r.formerly > 0 }

// verify says whether the pinned coordinator signed a roster and every card in it.
func (r *Registry) verify(s store.Signed) (ticket.Roster, error) {
	var roster ticket.Roster
	public, ok := r.Store.House().Coordinator()
	if !ok {
		return roster, errors.New("checking the roster: no coordinator's key is pinned in the key directory")
	}
	roster, err := ticket.DecodeRoster(s.Statement)
	if err != nil {
		return roster, err
	}
	if err := seal.VerifyRoster(public, roster.Canonical(), s.Signature); err != nil {
		return roster, fmt.Errorf("checking the roster: %w", err)
	}
	for _, c := range s.Cards {
		if err := c.Verify(public); err != nil {
			return roster, fmt.Errorf("checking the roster: the card of %s: %w", c.ID, err)
		}
	}
	return roster, nil
}

// current gives the roster in force. It is empty while none was confirmed, and while a restored one waits for its
// confirmation: then nothing can be sealed to anybody.
func (r *Registry) current() *signed {
	s := r.roster.Load()
	if s.Held {
		return &signed{}
	}
	return s
}

// Roster gives the roster in force, for the check and for the list of those who can be asked about.
func (r *Registry) Roster() ticket.Roster { return r.current().Roster }

// Held says that a restored roster waits for the coordinator.
func (r *Registry) Held() bool { return r.roster.Load().Held }

func (r *Registry) id() (id ticket.ID, err error) { return ticket.NewID(r.Rand) }

// mission gives all that decides who reads a report just now.
func (r *Registry) mission() ticket.Mission {
	return ticket.Mission{Roster: r.current().Roster, Routes: r.Routes, Clock: r.Clock, Away: r.away(), Off: r.Clock.OffDuty(r.Now())}
}

// filed gives a report with the day under which it stands in the index of what is due.
func (r *Registry) filed(rep ticket.Report) store.Filed {
	f := store.Filed{Report: rep}
	if day, ok := r.Clock.DueDay(rep); ok {
		f.DueDay = &day
	}
	return f
}

// put writes a report in the place of what it was.
func (r *Registry) put(w *store.Write, ref store.Ref, under seal.KeyID, now, was ticket.Report) error {
	before := r.filed(was)
	return w.PutReport(ref, under, r.filed(now), &before)
}

// keys gives the public keys of entries, and their ids.
func keys(entries []ticket.Entry) (keys, ids []string) {
	for _, e := range entries {
		keys, ids = append(keys, e.Key), append(ids, e.ID)
	}
	return keys, ids
}
