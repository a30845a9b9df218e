package store

import (
	"bytes"
	"context"
	"errors"

	"amana/bot/kv"
	"amana/bot/seal"
)

// A report and all that hangs on it is more than one update can hold. So what carries it to another month, or takes it away,
// is noted first, done in many updates, each of which leaves a report that works, and then the note is dropped. A stop in
// between is made up for by Settle.
type moving struct {
	Ref  []byte `json:"ref"`
	From Month  `json:"from"`
	To   Month  `json:"to,omitempty"` // empty: it is taken away
}

func (m moving) ref() Ref { return Ref(m.Ref) }

func (m moving) is(o moving) bool {
	return bytes.Equal(m.Ref, o.Ref) && m.From == o.From && m.To == o.To
}

func (m moving) under() Month {
	if m.To != "" {
		return m.To
	}
	return m.From
}

func (r *Read) movingKey() []byte { return key(meta, r.s.name("meta", "moving")) }

// moving gives the note; found is false where nothing is on its way.
func (r *Read) moving() (m moving, found bool, err error) {
	plain, _, found, err := r.get(r.movingKey())
	if errors.Is(err, seal.ErrForgotten) {
		return m, false, nil
	}
	if err != nil || !found {
		return m, false, err
	}
	if err := decode(plain, &m); err != nil {
		return m, false, err
	}
	if len(m.Ref) != len(Ref{}) {
		return m, false, errRecord
	}
	return m, true, nil
}

// putMoving notes what is begun. The note names a report, so it stands under that report's month like everything of it.
func (w *Write) putMoving(m moving) error {
	plain, err := encode(m)
	if err != nil {
		return err
	}
	return w.put(w.movingKey(), m.under(), plain)
}

// Settle ends what a stop cut short of a carrying over or a taking away. Where nothing was begun it does nothing. A report
// whose outer record was damaged meanwhile is not carried: it stays damaged where it lies, and holds up no other.
func (s *Store) Settle(ctx context.Context, today Day, due Due) error {
	var m moving
	found := false
	err := s.View(ctx, func(r *Read) (err error) {
		m, found, err = r.moving()
		return err
	})
	switch {
	case err != nil || !found:
		return err
	case m.To != "":
		if err := s.carry(ctx, m, today, due); !errors.Is(err, errDamaged) {
			return err
		}
		return s.dropNote(ctx, m)
	}
	return s.clear(ctx, m)
}

// dropNote ends what was begun, unless somebody else has begun something since.
func (s *Store) dropNote(ctx context.Context, m moving) error {
	return s.Update(ctx, ID{}, func(w *Write) error {
		now, found, err := w.moving()
		if err != nil || found && !m.is(now) {
			return err // of another report, which somebody else began after this one was seen to its end
		}
		return w.drop(w.movingKey())
	})
}

// hung are the prefixes under which the thread and the audit chain of a report lie, while its month lives.
func (r *Read) hung(under Month, report ID) (prefixes [][]byte, err error) {
	for _, h := range []struct {
		shelf shelf
		label string
	}{{threads, "thread"}, {chains, "audit"}} {
		owner, err := r.owner(under, h.label, report)
		if err != nil {
			return nil, err
		}
		prefixes = append(prefixes, key(h.shelf, owner))
	}
	return prefixes, nil
}

// clear deletes what is left of a report under the month that it has left, and the note. Where the report is gone, its voice
// messages and notices go with it.
func (s *Store) clear(ctx context.Context, m moving) error {
	var prefixes [][]byte
	var spoken []ID
	err := s.View(ctx, func(r *Read) (err error) {
		spoken = nil
		if prefixes, err = r.hung(m.From, m.ref().ID()); err != nil || m.To != "" {
			return unless(err, seal.ErrForgotten)
		}
		return r.Voices(func(id ID, _ seal.KeyID) error {
			of, _, found, err := r.get(key(voices, id))
			if err == nil && found && len(of) == len(ID{}) && ID(of) == m.ref().ID() {
				spoken = append(spoken, id)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	every := func(_, _ []byte) bool { return true }
	for _, id := range spoken {
		if err := s.dropWhere(ctx, key(voices, id), every); err != nil {
			return err
		}
	}
	for _, prefix := range prefixes {
		if err := s.dropWhere(ctx, prefix, every); err != nil {
			return err
		}
	}
	if err := s.moveNotices(ctx, m); err != nil {
		return err
	}
	return s.dropNote(ctx, m)
}

// moveNotices brings the notices about a report under the month in which it lives, or drops them where it lives no more.
func (s *Store) moveNotices(ctx context.Context, m moving) error {
	from, to := kv.Prefix([]byte{byte(outbox)})
	for from != nil {
		var page []kv.Pair
		start := from
		err := s.View(ctx, func(r *Read) error {
			page = nil
			pairs, err := r.r.Scan(start, to, 200)
			if err != nil {
				return err
			}
			if from = nil; len(pairs) == 200 {
				from = kv.After(pairs[199].Key)
			}
			for _, p := range pairs {
				if under, _ := seal.KeyOf(p.Value); under == m.From {
					page = append(page, p)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, p := range page {
			if err := s.moveNotice(ctx, m, p.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) moveNotice(ctx context.Context, m moving, k []byte) error {
	return s.Update(ctx, ID{}, func(w *Write) error {
		var n Waiting
		plain, under, found, err := w.get(k)
		if err != nil || !found || under != m.From {
			return unless(unless(err, seal.ErrTampered), seal.ErrForgotten)
		}
		if err := decode(plain, &n); err != nil || n.Report != m.ref() {
			return nil // one that is damaged is of no use to anybody; the check names it
		}
		if m.To == "" {
			return w.drop(k)
		}
		return w.put(k, m.To, plain)
	})
}
