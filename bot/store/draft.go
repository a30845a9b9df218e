package store

import (
	"errors"

	"amana/bot"
	"amana/bot/seal"
)

// Draft gives the running conversation of a person. Lost says that there was one which memory no longer opens.
func (r *Read) Draft(p bot.Person) (draft []byte, lost bool, err error) {
	k := key(drafts, ID(p))
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return nil, false, err
	}
	draft, err = r.s.roots.OpenDraft(k, value)
	if errors.Is(err, seal.ErrForgotten) {
		return nil, true, nil
	}
	return draft, false, err
}

// PutDraft keeps the running conversation of a person in place of the one before.
func (w *Write) PutDraft(p bot.Person, draft []byte) error {
	k := key(drafts, ID(p))
	return w.write(k, "draft", draft, func() ([]byte, error) { return w.s.roots.SealDraft(k, draft) })
}

// RenewDraft seals a draft again where the next step of the root would forget it.
func (w *Write) RenewDraft(p bot.Person, draft []byte) error {
	k := key(drafts, ID(p))
	value, found, err := w.r.Get(k)
	if err != nil || !found || !w.s.roots.Stale(value) {
		return err
	}
	return w.PutDraft(p, draft)
}

// DropDraft wipes the running conversation of a person.
func (w *Write) DropDraft(p bot.Person) error { return w.drop(key(drafts, ID(p))) }

// Drafts gives a page of the shelf behind a person: who has a draft, and the draft, nil where memory no longer opens it.
func (r *Read) Drafts(after bot.Person, limit int) (people []bot.Person, opened [][]byte, err error) {
	from := key(drafts, ID(after))
	if !after.IsZero() {
		from = append(from, 0)
	}
	pairs, err := r.r.Scan(from, []byte{byte(drafts) + 1}, limit)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range pairs {
		draft, err := r.s.roots.OpenDraft(p.Key, p.Value)
		if err != nil && !errors.Is(err, seal.ErrForgotten) {
			return nil, nil, err
		}
		people, opened = append(people, bot.Person(p.Key[1:])), append(opened, draft)
	}
	return people, opened, nil
}

// Marked says whether an update was committed on one of the days given. A repeat can come for a little over a day.
func (r *Read) Marked(m bot.Mark, days ...Day) (bool, error) {
	for _, d := range days {
		if _, found, err := r.r.Get(dayKey(marks, d, ID(m))); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// PutMark settles an update: it is never applied again.
func (w *Write) PutMark(m bot.Mark, today Day) error {
	return w.tx.Put(dayKey(marks, today, ID(m)), nil)
}

// Closing gives the receipt that waits to be shown to a person. Lost says that memory no longer opens it.
func (r *Read) Closing(p bot.Person) (c *bot.Closing, lost bool, err error) {
	k := key(closings, ID(p))
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return nil, false, err
	}
	return r.openClosing(k, value)
}

func (r *Read) openClosing(k, value []byte) (c *bot.Closing, lost bool, err error) {
	plain, err := r.s.roots.OpenDaily(k, value)
	if errors.Is(err, seal.ErrForgotten) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	c = new(bot.Closing)
	return c, false, decode(plain, c)
}

// Closings gives every receipt that waits to be shown, and the people whose closing record memory no longer opens.
func (r *Read) Closings() (open map[bot.Person]*bot.Closing, lost []bot.Person, err error) {
	open = map[bot.Person]*bot.Closing{}
	err = r.scan([]byte{byte(closings)}, 200, func(k, value []byte) (bool, error) {
		c, gone, err := r.openClosing(k, value)
		if gone {
			lost = append(lost, bot.Person(k[1:]))
		} else if err == nil {
			open[bot.Person(k[1:])] = c
		}
		return true, err
	})
	return open, lost, err
}

// PutClosing keeps a receipt until it has been shown.
func (w *Write) PutClosing(p bot.Person, c bot.Closing) error {
	plain, err := encode(c)
	if err != nil {
		return err
	}
	k := key(closings, ID(p))
	return w.write(k, "daily", plain, func() ([]byte, error) { return w.s.roots.SealDaily(k, plain) })
}

// DropClosing wipes the receipt: it was shown, cannot be shown, or has waited long enough.
func (w *Write) DropClosing(p bot.Person) error { return w.drop(key(closings, ID(p))) }
