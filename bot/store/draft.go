package store

import (
	"bytes"
	"errors"
	"slices"

	"amana/bot"
	"amana/bot/seal"
)

// lost says that memory no longer opens a value: its root is gone, or the value was changed. Neither is anybody's to
// repair, and neither may keep a person from being heard.
func lost(err error) bool {
	return errors.Is(err, seal.ErrForgotten) || errors.Is(err, seal.ErrTampered)
}

// Draft is the running conversation of a person, and the marks of the latest updates that it was made of.
type Draft struct {
	Body  []byte // nil where there is none, or where memory no longer opens it
	Lost  bool   // there is one that memory no longer opens
	marks []bot.Mark
}

// Draft gives the running conversation of a person.
func (r *Read) Draft(p bot.Person) (Draft, error) {
	k := key(drafts, ID(p))
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return Draft{}, err
	}
	return r.openDraft(k, value)
}

func (r *Read) openDraft(k, value []byte) (Draft, error) {
	plain, err := r.s.roots.OpenDraft(k, value)
	if err != nil && !lost(err) {
		return Draft{}, err
	}
	marks, body, damaged := splitMarks(plain)
	if err != nil || damaged != nil {
		return Draft{Lost: true}, nil
	}
	return Draft{Body: body, marks: marks}, nil
}

// PutDraft keeps a conversation in place of the one that was found, and settles the update that changed it. A zero mark
// settles nothing.
func (w *Write) PutDraft(p bot.Person, found Draft, body []byte, m bot.Mark, today Day) error {
	marks := found.marks
	if !m.IsZero() {
		if len(marks) == marksWithin {
			if err := w.putMarks(marks, today); err != nil {
				return err
			}
			marks = nil
		}
		marks = append(slices.Clip(marks), m)
	}
	k, plain := key(drafts, ID(p)), joinMarks(marks, body)
	return w.write(k, "draft", plain, func() ([]byte, error) { return w.s.roots.SealDraft(k, plain) })
}

// DropDraft wipes the conversation that was found, if there was one. The marks that lay with it are kept.
func (w *Write) DropDraft(p bot.Person, found Draft, today Day) error {
	if err := w.putMarks(found.marks, today); err != nil {
		return err
	}
	return w.drop(key(drafts, ID(p)))
}

// Kept is a draft on its shelf.
type Kept struct {
	Draft
	Person bot.Person
	Stale  bool // the next step of the root would forget it
	value  []byte
}

// Records is how many records go or come when the draft is wiped: itself, and the marks that lay with it.
func (k Kept) Records() int { return 1 + len(k.marks) }

// Drafts gives a page of the shelf behind a person, and the last of it, from where the next page goes on.
func (r *Read) Drafts(after bot.Person, limit int) (page []Kept, err error) {
	from := key(drafts, ID(after))
	if !after.IsZero() {
		from = append(from, 0)
	}
	pairs, err := r.r.Scan(from, []byte{byte(drafts) + 1}, limit)
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		draft, err := r.openDraft(p.Key, p.Value)
		if err != nil {
			return nil, err
		}
		page = append(page, Kept{
			Draft: draft, Person: bot.Person(p.Key[1:]), Stale: !draft.Lost && r.s.roots.Stale(p.Value), value: p.Value,
		})
	}
	return page, nil
}

// Same says that a draft still lies as it was found: its person has not written since.
func (w *Write) Same(k Kept) (bool, error) {
	value, found, err := w.r.Get(key(drafts, ID(k.Person)))
	return found && bytes.Equal(value, k.value), err
}

// Closing gives the receipts that wait to be shown to a person, the oldest first. Lost says that there are some which
// memory no longer opens.
func (r *Read) Closing(p bot.Person) (all []bot.Closing, gone bool, err error) {
	k := key(closings, ID(p))
	value, found, err := r.r.Get(k)
	if err != nil || !found {
		return nil, false, err
	}
	return r.openClosing(k, value)
}

func (r *Read) openClosing(k, value []byte) (all []bot.Closing, gone bool, err error) {
	plain, err := r.s.roots.OpenDaily(k, value)
	if lost(err) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	return all, false, decode(plain, &all)
}

// Closings gives every receipt that waits to be shown, and the people whose closing record memory no longer opens.
func (r *Read) Closings() (open map[bot.Person][]bot.Closing, gone []bot.Person, err error) {
	open = map[bot.Person][]bot.Closing{}
	err = r.scan([]byte{byte(closings)}, 200, func(k, value []byte) (bool, error) {
		c, forgotten, err := r.openClosing(k, value)
		if forgotten {
			gone = append(gone, bot.Person(k[1:]))
		} else if err == nil {
			open[bot.Person(k[1:])] = c
		}
		return true, err
	})
	return open, gone, err
}

// PutClosing keeps a person's receipts until they have been shown, in place of those that waited before. None at all wipes
// the record.
func (w *Write) PutClosing(p bot.Person, all ...bot.Closing) error {
	if len(all) == 0 {
		return w.drop(key(closings, ID(p)))
	}
	plain, err := encode(all)
	if err != nil {
		return err
	}
	k := key(closings, ID(p))
	return w.write(k, "daily", plain, func() ([]byte, error) { return w.s.roots.SealDaily(k, plain) })
}

// Broken says whether a reboot cut conversations off: whether there is a draft, or a closing record, whose root is gone.
// Pseudonyms were lost with the roots, so nobody can say whose they were. It opens none of them, since it keeps a start
// waiting.
func (r *Read) Broken() (drafted, closed bool, err error) {
	for s, broken := range map[shelf]*bool{drafts: &drafted, closings: &closed} {
		err := r.scan([]byte{byte(s)}, 500, func(_, value []byte) (bool, error) {
			*broken = r.s.roots.Gone(value)
			return !*broken, nil
		})
		if err != nil {
			return false, false, err
		}
	}
	return drafted, closed, nil
}
