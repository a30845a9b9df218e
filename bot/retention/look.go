package retention

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"amana/bot/store"
)

// Due is one month and the day on which it is to be forgotten.
type Due struct {
	Month   store.Month `json:"month"`
	On      store.Day   `json:"on"`
	Is      bool        `json:"is"`      // that day has come
	Overdue bool        `json:"overdue"` // long ago
	Damage  Damage      `json:"damage"`  // what keeps it from being forgotten, once that day has come
}

// Copy is a key backup that keeps forgotten months alive, and which.
type Copy struct {
	Backup store.Backup  `json:"backup"`
	Months []store.Month `json:"months"`
}

// Outlook is all that an operator has to know about forgetting.
type Outlook struct {
	Months   []Due         `json:"months"`   // the living ones, what is due first first
	Destroy  []Copy        `json:"destroy"`  // key backups to be destroyed by their holders
	Returned []store.Month `json:"returned"` // that a key backup brought back, and that were forgotten again
	Left     bool          `json:"left"`     // records of what was forgotten are still to be deleted from the file
	Clock    string        `json:"clock"`    // why nothing is forgotten by this clock
	Broken   []string      `json:"broken"`   // what does not hold together
}

// Look says what is due, what is overdue, and what has to be destroyed by hand. It changes nothing.
func (k *Keeper) Look(ctx context.Context) (Outlook, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	o, err := k.look(ctx)
	if err != nil {
		return o, err
	}
	return o, k.damages(ctx, o.Months)
}

func (k *Keeper) look(ctx context.Context) (o Outlook, err error) {
	r, err := k.remembered(ctx)
	if err != nil {
		return o, err
	}
	today := k.today()
	for _, m := range k.months() {
		if on, ok := k.Rules.due(m, r.Blur[m]); ok {
			o.Months = append(o.Months, Due{Month: m, On: on, Is: today >= on, Overdue: today > on+overdueAfter})
		}
	}
	slices.SortFunc(o.Months, func(a, b Due) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Month, b.Month)) })
	o.Returned, o.Left = r.Returned, r.Erased || len(r.Dropping) > 0
	if err := k.clock(ctx); isClock(err) {
		o.Clock = err.Error()
	} else if err != nil {
		return o, err
	}
	all, _, err := k.Statements(ctx)
	if err != nil {
		return o, err
	}
	if err := k.checked(all); err != nil {
		o.Broken = append(o.Broken, err.Error())
	}
	forgotten := gone(all)
	for _, m := range k.months() {
		if slices.Contains(forgotten, m) {
			o.Broken = append(o.Broken, fmt.Sprintf("the key of %s was forgotten, and lies in the key directory again", m))
		}
	}
	lying, err := k.Keys.Lying()
	if err != nil {
		return o, fmt.Errorf("looking for keys of forgotten months: %w", err)
	}
	for _, m := range lying {
		o.Broken = append(o.Broken, fmt.Sprintf("the key of %s was forgotten, and its file still lies on this machine", m))
	}
	for _, m := range k.Keys.Forgotten() {
		if _, _, is := m.Month(); is && !slices.Contains(forgotten, m) {
			o.Broken = append(o.Broken, fmt.Sprintf("the key of %s was forgotten, and no statement says so", m))
		}
	}
	err = k.Store.View(ctx, func(rd *store.Read) error {
		o.Destroy = nil
		backups, err := rd.KeyBackups()
		for _, b := range backups {
			c := Copy{Backup: b}
			for _, m := range forgotten {
				if b.Holds(string(m)) {
					c.Months = append(c.Months, m)
				}
			}
			if len(c.Months) > 0 {
				o.Destroy = append(o.Destroy, c)
			}
		}
		return err
	})
	return o, err
}

// What Destroyed answers.
var (
	ErrNoBackup  = errors.New("no key backup of that name is on the list")
	ErrAmbiguous = errors.New("several key backups have that name: add the day on which it was made, such as keys.age@2026-11-20")
	// ErrOnlyCopy says that no other backup holds a key that is still needed.
	ErrOnlyCopy = errors.New("it is the only key backup that holds a living key: make a new one first, `amana keys backup FILE`")
)

// Destroyed takes the word of a holder that a key backup was destroyed: it leaves the list, and a statement says so. Name is
// that of its file, with the day on which it was made behind @ where several have it. A backup that alone holds a living key
// is refused.
func (k *Keeper) Destroyed(ctx context.Context, name string) (b store.Backup, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.alone(ctx); err != nil {
		return b, err
	}
	var all []store.Backup
	err = k.Store.View(ctx, func(rd *store.Read) (err error) {
		all, err = rd.KeyBackups()
		return err
	})
	if err != nil {
		return b, err
	}
	if b, err = pick(all, name); errors.Is(err, ErrNoBackup) {
		return b, k.unlisted(ctx, name, all)
	} else if err != nil {
		return b, err
	}
	for _, m := range k.Keys.Living() {
		another := slices.ContainsFunc(all, func(o store.Backup) bool {
			return o.Holds(string(m)) && !(o.Name == b.Name && o.Made.Equal(b.Made))
		})
		if b.Holds(string(m)) && !another {
			return b, ErrOnlyCopy
		}
	}
	l, err := k.ledger(ctx)
	if err != nil {
		return b, err
	}
	write := l.next(saysDestroyed, NameOf(b), 0, nil)
	left := slices.DeleteFunc(slices.Clone(all), func(o store.Backup) bool { return o.Name == b.Name && o.Made.Equal(b.Made) })
	return b, k.remember(ctx, func(w *store.Write, r *store.Retention) error {
		if err := w.DropKeyBackup(b); err != nil {
			return err
		}
		r.Returned = slices.DeleteFunc(r.Returned, func(m store.Month) bool {
			return !slices.ContainsFunc(left, func(o store.Backup) bool { return o.Holds(string(m)) })
		})
		if err := w.AuditShared(store.Entry{Day: k.today(), Who: "operator", Did: "noted that a key backup was destroyed"}); err != nil {
			return err
		}
		return write(w)
	})
}

// unlisted takes the same word for a copy that nobody noted when it was made, where a month has come back that stands in none
// of those on the list.
func (k *Keeper) unlisted(ctx context.Context, name string, all []store.Backup) error {
	r, err := k.remembered(ctx)
	if err != nil {
		return err
	}
	strange := func(m store.Month) bool {
		return !slices.ContainsFunc(all, func(b store.Backup) bool { return b.Holds(string(m)) })
	}
	if !slices.ContainsFunc(r.Returned, strange) {
		return ErrNoBackup
	}
	l, err := k.ledger(ctx)
	if err != nil {
		return err
	}
	write := l.next(saysDestroyed, fmt.Sprintf("%q, which was on no list", name), 0, nil)
	return k.remember(ctx, func(w *store.Write, r *store.Retention) error {
		r.Returned = slices.DeleteFunc(r.Returned, strange)
		return write(w)
	})
}

// pick finds a backup by its name, and by the day on which it was made where that stands behind an @.
func pick(all []store.Backup, name string) (b store.Backup, err error) {
	var found []store.Backup
	for _, one := range all {
		if one.Name == name || one.Name+"@"+one.Made.Format("2006-01-02") == name {
			found = append(found, one)
		}
	}
	switch len(found) {
	case 0:
		return b, ErrNoBackup
	case 1:
		return found[0], nil
	}
	return b, ErrAmbiguous
}
