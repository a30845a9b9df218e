package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	"amana/bot"
)

// patience is how often an update is tried before it may be given up as poison.
const patience = 5

// walker is what the lane of one person knows of its own past.
type walker struct {
	failing time.Time // since when nothing of this person could be committed; zero when the latest could
}

// slowTap is how long a tapped button shows its clock at most.
const slowTap = 3 * time.Second

// lanes hold one queue and, while it is not empty, one goroutine for each chat that is being heard.
type lanes struct {
	mu    sync.Mutex
	of    map[int64][]*heard // present while its goroutine runs
	slots chan struct{}      // how many are heard at the same time
	all   sync.WaitGroup
	shut  bool
}

// enter puts an update at the end of its person's lane.
func (d *Door) enter(h *heard) {
	l := &d.lanes
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut {
		return
	}
	h.came = time.Now()
	queue, running := l.of[h.chat]
	l.of[h.chat] = append(queue, h)
	if !running {
		l.all.Go(func() { d.walk(h.chat) })
	}
}

// walk hears one person's updates in order until there are none or the door closes.
func (d *Door) walk(chat int64) {
	l := &d.lanes
	w := &walker{}
	for {
		l.mu.Lock()
		queue := l.of[chat]
		if len(queue) == 0 || l.shut {
			delete(l.of, chat)
			l.mu.Unlock()
			return
		}
		h := queue[0]
		l.of[chat] = queue[1:]
		l.mu.Unlock()
		if !d.persist(w, h) {
			return
		}
	}
}

// persist hears one update until it is committed or given up, and sees to it that it is settled once its person was told
// what became of it; false says that the door closed before.
func (d *Door) persist(w *walker, h *heard) bool {
	before, under := d.count.Heard.Load(), d.term.Load()
	for try := 1; ; try++ {
		select {
		case d.lanes.slots <- struct{}{}:
		case <-under.stopping:
			return false
		}
		panicked, err := d.turn(under.hearing, h)
		<-d.lanes.slots
		if err == nil {
			d.count.Heard.Add(1)
			w.failing = time.Time{}
			d.book.saved(h.chat)
			return true
		}
		if under.isStopping() && under.hearing.Err() != nil {
			return false
		}
		if errors.Is(err, bot.ErrNewer) || errors.Is(err, bot.ErrOver) { // whoever has the database next is brought it, and says nothing of this
			<-under.stopping
			return false
		}
		d.count.Failed.Add(1)
		if h.update == 0 {
			return true // somebody left; they will be noticed again if it matters
		}
		late := w.late(h, d.opt.GiveUp)
		if poison := try >= patience && (panicked || d.count.Heard.Load() > before); poison || late {
			d.count.Poison.Add(1)
			d.opt.Log.Error("an update was given up", "tries", try, "panicked", panicked, "late", late)
			d.lose(h)
			return true
		}
		d.regret(h, err)
		if try == 1 || try%20 == 0 {
			d.opt.Log.Warn("an update could not be committed, trying again", "tries", try, "panicked", panicked)
		}
		select {
		case <-time.After(backoff(d.opt.Retry, try)):
		case <-under.stopping:
			return false
		}
	}
}

// late notes a failure and says whether an update was tried for long enough. What waited behind another update of the
// same person has had its time as well, unless it came later.
func (w *walker) late(h *heard, long time.Duration) bool {
	now := time.Now()
	if w.failing.IsZero() {
		w.failing = now
	}
	return now.Sub(w.failing) >= long && now.Sub(h.came) >= long
}

// turn is one attempt at one update: hear it, and once that is committed, answer.
func (d *Door) turn(hearing context.Context, h *heard) (panicked bool, err error) {
	ctx, done := context.WithTimeout(hearing, d.opt.Turn)
	defer done()
	in := h.in
	in.Address = address(h.chat)
	in.Person, in.Was = d.opt.Names.Person(in.Address)
	if h.update != 0 {
		in.Mark, in.MarkWas = d.opt.Names.Mark(d.botID, h.update)
	}
	if h.file != nil && d.opt.Fetch != nil && d.opt.Fetch(in.Address) {
		in.File = d.fetch(ctx, *h.file)
	}
	in.Speaks = true
	if h.voice != nil {
		in.Voice = d.recording(*h.voice)
	}
	slow := d.acknowledgeSoon(h)
	reply, panicked, err := d.hear(ctx, in)
	if slow.Stop(); err != nil {
		return panicked, err
	}
	if in.Kind == bot.Left {
		d.book.forget(h.chat)
		d.unpend(h.chat)
		d.post.leave(h.chat)
		d.window.done(h.update)
		return false, nil
	}
	d.answer(h, in, reply)
	return false, nil
}

// acknowledge answers the tap that this update is, once.
func (h *heard) acknowledge(d *Door, toast string) {
	if h.acked.CompareAndSwap(false, true) {
		d.acknowledge(h.chat, h.callback, toast)
	}
}

// acknowledgeSoon ends the clock on the button when the turn takes long; the toast is then said by the chat alone.
func (d *Door) acknowledgeSoon(h *heard) *time.Timer {
	return time.AfterFunc(slowTap, func() { h.acknowledge(d, "") })
}

// hear calls the Hearer and survives it.
func (d *Door) hear(ctx context.Context, in bot.Incoming) (reply bot.Reply, panicked bool, err error) {
	defer func() {
		if recover() != nil { // what it says may hold what a person said
			reply, panicked, err = bot.Reply{}, true, errPanicked
		}
	}()
	hearer := d.opt.Hearer
	if d.opt.Route != nil {
		hearer = d.opt.Route(in.Address, in)
	}
	reply, err = hearer.Hear(ctx, in)
	return reply, false, err
}

// answer hands a committed reply to the post. It only queues: nothing here waits for the network. The update is settled
// once the reply has been sent.
func (d *Door) answer(h *heard, in bot.Incoming, reply bot.Reply) {
	h.acknowledge(d, reply.Toast)
	if d.hook != nil && d.shared {
		d.book.only(h.chat, h.tapped)
	}
	d.book.adopt(h.chat, h.tapped)
	if in.Kind != bot.Edited || reply.Erase == bot.EraseAll { // else it was noted when it was written
		d.pend(h.chat, in.Person, h.message, in.Sent)
	}
	var errands []*errand
	say := func(outs []bot.Outgoing) {
		for _, out := range outs {
			if out.Lang != "" {
				d.book.speaks(h.chat, out.Lang)
			}
			errands = append(errands, d.message(h.chat, in.Person, out))
		}
	}
	outs := reply.Outs
	switch {
	case reply.Erase == bot.EraseAll:
		d.post.wipe(h.chat)
		var receipts []bot.Outgoing
		receipts, outs = parted(outs)
		say(receipts)
		errands = append(errands, d.erasing(h.chat, in.Person, in.Was))
	case reply.Erase == bot.EraseTyped && h.message != 0:
		errands = append(errands, d.erasingTyped(h.chat, h.message))
	}
	if reply.Answered != "" && reply.Erase != bot.EraseAll {
		errands = append(errands, d.settled(h.chat, h.tapped, reply.Answered, in.Person, in.Was))
	}
	say(outs)
	d.owe(h.update, errands...)
	_ = d.post.add(lineKey{chat: h.chat}, append(errands, d.noting(h.chat))...)
}

// parted takes out the receipts that stay in the chat. They go before everything is wiped: Telegram may keep a deletion
// waiting for minutes, and a receipt that is not shown in time may never be.
func parted(outs []bot.Outgoing) (receipts, rest []bot.Outgoing) {
	for _, out := range outs {
		if !out.Closing.IsZero() && out.Keep {
			receipts = append(receipts, out)
		} else {
			rest = append(rest, out)
		}
	}
	return receipts, rest
}
