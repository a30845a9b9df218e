package casework

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"amana/bot/store"
)

// shared says that other processes may have the database open.
func (r *Registry) shared() bool { return r.Process != [16]byte{} }

// keepUp keeps what is in the memory of this process in step with the database, where others write in it as well: the
// roster and the absences are renewed before a transaction that began after their change decides anything by them.
func (r *Registry) keepUp(ctx context.Context) error {
	if !r.shared() {
		return nil
	}
	return r.Store.Follow(ctx, r.renew)
}

// renew reads roster and absences anew. It is ErrNewer, and so is every transaction from then on, once a later program has
// written here: nothing of what that writes is touched. A roster that is the same keeps its place, so
// that a filing which waits for its slow step begins again only where somebody was signed or revoked. One that is older than what
// this house has seen is held.
func (r *Registry) renew(rd *store.Read) error {
	if form, err := rd.Format(); err != nil || form > r.Form {
		return cmp.Or(err, ErrNewer)
	}
	now, err := r.rosterOf(rd)
	if err != nil {
		return err
	}
	noted, err := r.Store.House().RosterNoted()
	if err != nil {
		return err
	}
	if now.Version < noted {
		now.Held = true
	}
	was := r.roster.Load()
	if now.Held != was.Held || !bytes.Equal(now.Statement, was.Statement) || !bytes.Equal(now.Nonce, was.Nonce) {
		r.roster.Store(now)
	}
	if now.Version > noted {
		if err := r.Store.House().NoteRoster(now.Version); err != nil {
			return err
		}
	}
	forgetting, err := rd.Retention()
	if err != nil {
		return err
	}
	r.retire(forgetting.ShutMonth(), forgetting.Gone)
	return r.absencesOf(rd)
}

// retire ends the writing of this process under a month that another one is about to forget, and under those that are gone:
// this machine has their keys for another minute, and what is written by them would be lost with them. It allows it again for
// the month before, if that was not forgotten after all. It is called by one at a time.
func (r *Registry) retire(m store.Month, gone []store.Month) {
	for _, one := range gone {
		r.Store.House().Retire(one)
	}
	if m == r.shut {
		return
	}
	if r.shut != "" && !slices.Contains(gone, r.shut) {
		r.Store.House().Reinstate(r.shut)
	}
	if r.shut = m; m != "" {
		r.Store.House().Retire(m)
	}
}

// keepRoster puts a roster in force that was written. Where others write as well it is read again: theirs may be newer.
func (r *Registry) keepRoster(ctx context.Context, s *signed) error {
	if r.shared() {
		return r.Store.Fresh(ctx)
	}
	r.roster.Store(s)
	return nil
}

func (r *Registry) keepAbsences(ctx context.Context, kept absences) error {
	if r.shared() {
		return r.Store.Fresh(ctx)
	}
	r.absent.Store(&kept)
	return nil
}

// Fresh renews what this process keeps in memory, if another has changed it. Where no other has the database open it does
// nothing.
func (r *Registry) Fresh(ctx context.Context) error {
	if !r.shared() {
		return nil
	}
	return r.Store.Fresh(ctx)
}

// attend says whether somebody may work on reports now, by the roster that is in force when it is called, whichever
// process has put it there.
func (r *Registry) attend(ctx context.Context, person string) error {
	if err := r.Fresh(ctx); err != nil {
		return err
	}
	return r.active(person)
}
