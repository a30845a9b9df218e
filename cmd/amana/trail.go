package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/telegram"
)

// trail keeps, for the Telegram door, which messages can still be taken out of a chat. It lies under a root that
// lives in memory only, so that no disk tells who wrote.
type trail struct {
	store *store.Store
	now   func() time.Time
}

// Note adds messages of a chat.
func (t trail) Note(ctx context.Context, what telegram.Trace) error {
	return t.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		return w.PutTrail(store.Trail{Person: what.Person, Address: what.Address, IDs: what.IDs, First: what.At, Asked: what.Asked})
	})
}

// Take gives what is left in a chat, a day at a time.
func (t trail) Take(ctx context.Context, p bot.Person) (out []telegram.Trace, err error) {
	err = t.store.View(ctx, func(r *store.Read) error {
		out = nil
		for _, day := range t.days() {
			one, found, err := r.Trail(p, day)
			if err != nil {
				return err
			}
			if found {
				out = append(out, trace(one))
			}
		}
		return nil
	})
	return out, err
}

// Due gives the messages of the chats that began a day before a time, the oldest days first and at most limit.
func (t trail) Due(ctx context.Context, before time.Time, limit int) (out []telegram.Trace, err error) {
	err = t.store.View(ctx, func(r *store.Read) error {
		out = nil
		old, err := r.Trails(before, limit)
		for _, one := range old {
			out = append(out, trace(one))
		}
		return err
	})
	return out, err
}

// Forget drops the messages of a trace, which are gone or can no longer be deleted. What was added to the day since the
// trace was taken stays.
func (t trail) Forget(ctx context.Context, gone telegram.Trace) error {
	return t.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		one, found, err := w.Trail(gone.Person, store.DayOf(gone.At))
		if err != nil || !found {
			return err
		}
		left := slices.DeleteFunc(one.IDs, func(id int64) bool { return slices.Contains(gone.IDs, id) })
		if err := w.DropTrail(gone.Person, store.DayOf(gone.At)); err != nil || len(left) == 0 {
			return err
		}
		one.IDs = left
		return w.PutTrail(one)
	})
}

// days are those on which a message can have been written that Telegram still deletes.
func (t trail) days() []store.Day {
	today := store.DayOf(t.now())
	return []store.Day{today, today - 1, today - 2}
}

func trace(one store.Trail) telegram.Trace {
	return telegram.Trace{Person: one.Person, Address: one.Address, IDs: one.IDs, At: one.First, Asked: one.Asked}
}

// names gives the Telegram door keyed names for what Telegram numbers.
type names struct {
	roots *seal.Roots
	botID string
}

// Person gives the pseudonym of a chat under the present root, and under the one before.
func (n names) Person(a bot.Address) (now, was bot.Person) {
	chat, _ := strings.CutPrefix(a.Reveal(), "telegram:")
	cur, old := n.roots.Person("telegram", n.botID, chat)
	return bot.Person(cur), bot.Person(old)
}

// Mark gives the keyed number of an update in the same two ways.
func (n names) Mark(botID string, update int64) (now, was bot.Mark) {
	cur, old := n.roots.Mark("telegram", botID, update)
	return bot.Mark(cur), bot.Mark(old)
}
