package telegram

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"amana/bot"
)

const (
	wipeAge  = 46 * time.Hour // Telegram lets bots delete for 48
	wipeEnds = 72 * time.Hour // when even the latest of a day's messages is too old
	maxFresh = 500            // message ids of one chat that wait for being noted
)

var errForget = errors.New("forgetting wiped messages: the trail refused")

// fresh holds message ids that the Trail does not know yet. They are noted after the answer has been sent, so that
// noting delays nobody; a crash in between leaves them in the chat, which the door cannot help.
type fresh struct {
	mu sync.Mutex
	of map[int64]*freshIDs
}

type freshIDs struct {
	who bot.Person
	ids []freshID
}

type freshID struct {
	id int64
	at time.Time // Telegram counts its 48 hours from here
}

// pend remembers a message id until it is noted.
func (d *Door) pend(chat int64, who bot.Person, id int64, at time.Time) {
	if d.opt.Trail == nil || id == 0 || who.IsZero() {
		return
	}
	d.fresh.mu.Lock()
	defer d.fresh.mu.Unlock()
	f := d.fresh.of[chat]
	if f == nil {
		f = &freshIDs{}
		d.fresh.of[chat] = f
	}
	f.who = who
	if len(f.ids) == maxFresh {
		f.ids = f.ids[1:]
	}
	f.ids = append(f.ids, freshID{id, at})
}

// unpend gives back and forgets what waits for being noted.
func (d *Door) unpend(chat int64) (who bot.Person, ids []freshID) {
	d.fresh.mu.Lock()
	defer d.fresh.mu.Unlock()
	if f := d.fresh.of[chat]; f != nil {
		who, ids = f.who, f.ids
		delete(d.fresh.of, chat)
	}
	return who, ids
}

// noting is the errand that ends each answer: it hands the ids to the Trail.
func (d *Door) noting(chat int64) *errand {
	return &errand{stay: true, run: func(ctx context.Context) error {
		d.note(ctx, chat)
		return nil
	}}
}

func (d *Door) note(ctx context.Context, chat int64) {
	who, ids := d.unpend(chat)
	asked := int64(0)
	if d.shared {
		q, _ := d.book.asked(chat)
		asked = q.id
	}
	// What is about as old goes in one writing; what was written long ago, while we were away, has less time left.
	for len(ids) > 0 {
		oldest := slices.MinFunc(ids, func(a, b freshID) int { return a.at.Compare(b.at) }).at
		var group []int64
		var rest []freshID
		for _, f := range ids {
			if f.at.Sub(oldest) < time.Hour {
				group = append(group, f.id)
			} else {
				rest = append(rest, f)
			}
		}
		if err := d.opt.Trail.Note(ctx, Trace{Person: who, Address: address(chat), IDs: group, At: oldest, Asked: asked}); err != nil {
			d.opt.Log.Warn("message ids could not be noted", "messages", len(ids))
			for _, f := range ids {
				d.pend(chat, who, f.id, f.at) // goes with the next answer
			}
			return
		}
		ids = rest
	}
}

// erasing is the errand that takes everything out of a chat that may still be taken out.
func (d *Door) erasing(chat int64, persons ...bot.Person) *errand {
	return &errand{paced: true, urgent: true, stay: true, run: func(ctx context.Context) error {
		if d.opt.Trail == nil {
			return nil
		}
		var known []Trace
		for _, who := range persons {
			if who.IsZero() {
				continue
			}
			traces, err := d.opt.Trail.Take(ctx, who)
			if err != nil {
				return err
			}
			known = append(known, traces...)
		}
		who, ids := d.unpend(chat)
		fresh := Trace{Person: who, At: d.opt.Now()}
		for _, f := range ids {
			fresh.IDs = append(fresh.IDs, f.id)
		}
		if err := d.wipe(ctx, chat, append(known, fresh)); err != nil {
			for _, f := range ids {
				d.pend(chat, who, f.id, f.at)
			}
			d.note(ctx, chat) // what is not gone yet must not be forgotten in a crash
			return err
		}
		_ = d.forget(ctx, known) // they are gone, and are only looked for again
		d.book.forget(chat)
		return nil
	}}
}

// wipe deletes what may be young enough to be deleted.
func (d *Door) wipe(ctx context.Context, chat int64, traces []Trace) error {
	now := d.opt.Now()
	var ids []int64
	for _, t := range traces {
		if now.Sub(t.At) < wipeEnds {
			ids = append(ids, t.IDs...)
		}
	}
	slices.Sort(ids)
	return d.deleteIDs(ctx, chat, slices.Compact(ids))
}

// forget has traces forgotten that need no wiping any more.
func (d *Door) forget(ctx context.Context, traces []Trace) (err error) {
	for _, t := range traces {
		if d.opt.Trail.Forget(ctx, t) != nil {
			d.opt.Log.Warn("wiped messages could not be forgotten", "messages", len(t.IDs))
			err = errForget
		}
	}
	return err
}

// erasingTyped is the errand that takes one message of the person out of the chat, such as a typed receipt. What does
// not go at once is noted at once, so that a later wiping takes it.
func (d *Door) erasingTyped(chat, id int64) *errand {
	return &errand{paced: true, urgent: true, stay: true, run: func(ctx context.Context) error {
		err := d.deleteIDs(ctx, chat, []int64{id})
		if err != nil {
			d.note(ctx, chat)
		}
		return err
	}}
}
