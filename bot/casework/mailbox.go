package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// tries counts the wrong receipts of one person.
type tries struct {
	wrong int
	until time.Time // no receipt is tried before
}

// Wrong receipts cost the person who types them a wait that doubles, and nobody else anything.
const (
	freeTries   = 3
	firstWait   = 30 * time.Second
	longestWait = 30 * time.Minute
)

// Open opens the mailbox of a receipt: its state and its answers, read in this call and kept nowhere. Errors:
// bot.ErrSlip for what is no receipt, bot.ErrWrongReceipt, and bot.ErrSlow while a person has to wait after wrong ones.
func (r *Registry) Open(ctx context.Context, p bot.Person, typed string) (mail bot.Mail, err error) {
	if r.mustWait(p) {
		return mail, bot.ErrSlow
	}
	receipt, err := ticket.ParseReceipt(typed)
	if err != nil { // a slip of the finger is no guess: the check digit catches it before anything is tried
		return mail, bot.ErrSlip
	}
	stretched, err := r.stretch(ctx, receipt.Digits())
	if err != nil {
		return mail, err
	}
	box, ref, err := r.find(ctx, stretched)
	if errors.Is(err, bot.ErrWrongReceipt) {
		r.countWrong(p)
	}
	if err != nil {
		return mail, err
	}
	r.mu.Lock()
	delete(r.wrong, p)
	r.mu.Unlock()
	mail, seen, err := r.read(ctx, ref, box)
	if err != nil {
		return bot.Mail{}, err
	}
	return mail, r.noteOpened(ctx, ref, seen)
}

// find looks for the mailbox under every living month's pepper, and then under those of forgotten months whose reports were
// carried over.
func (r *Registry) find(ctx context.Context, s seal.Stretched) (box seal.Mailbox, ref store.Ref, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		carried, err := rd.CarriedPeppers()
		if err != nil {
			return err
		}
		for _, pepper := range slices.Concat(r.Store.House().Peppers(), carried) {
			found, there, err := rd.ByMailbox(s.MailboxID(pepper))
			if err != nil {
				return err
			}
			if there {
				box, ref = s.Mailbox(pepper), found
				return nil
			}
		}
		return bot.ErrWrongReceipt
	})
	return box, ref, err
}

// read opens the answers of a mailbox. Seen is how many messages the thread had.
func (r *Registry) read(ctx context.Context, ref store.Ref, box seal.Mailbox) (mail bot.Mail, seen int, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		rep, under, err := rd.Report(ref)
		if err != nil {
			return err
		}
		mail = bot.Mail{
			Box: box.ID, State: rep.State.Word(), Since: rep.Day.Time(),
			Asked: rep.State.IsWithdrawn(), Closed: rep.State == ticket.Closed, Force: rep.Kind == ticket.Force,
		}
		thread, err := rd.Thread(under, rep.ID)
		seen = len(thread)
		for _, m := range thread {
			if a, ok := open(m, rep.ID, box.Key); ok {
				mail.Answers = append(mail.Answers, a)
			}
		}
		if errors.Is(err, seal.ErrTampered) {
			return nil // the check names what is damaged; the reporter reads what is not
		}
		return err
	})
	return mail, seen, err
}

// open reads one answer for its reporter. What a reader's program wrote otherwise than it said is nothing that a
// reporter can use, and hides none of the other answers.
func open(m store.Message, report ticket.ID, key seal.Identity) (a bot.Answer, ok bool) {
	if m.Kind != ticket.TypeReply {
		return a, false
	}
	plain, err := seal.OpenMessage(m.File, key)
	if err != nil {
		return a, false
	}
	in, err := ticket.DecodeInside(plain)
	if err != nil || in.Reply == nil || in.Reply.ID != report {
		return a, false
	}
	return bot.Answer{Day: m.Day.Time(), Lang: in.Reply.Lang, Text: in.Reply.Text, New: m.Fresh}, true
}

// noteOpened ends what the answers were waiting for: none is new any more, and a line that still waits for its hour is
// not needed.
func (r *Registry) noteOpened(ctx context.Context, ref store.Ref, seen int) error {
	today := store.DayOf(r.Now())
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		rep, under, err := w.Report(ref)
		if err != nil {
			return err
		}
		if err := w.SeenUntil(under, rep.ID, seen); err != nil || !rep.Unread {
			return err
		}
		id, err := w.NudgeID(under, rep.ID)
		if err != nil {
			return err
		}
		if err := w.DropNudge(id, today-1, today, today+1, today+2); err != nil {
			return err
		}
		next := rep
		next.Unread = false
		return r.put(w, ref, under, next, rep)
	})
}

func (r *Registry) mustWait(p bot.Person) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Now().Before(r.wrong[p].until)
}

func (r *Registry) countWrong(p bot.Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	for who, t := range r.wrong { // what is long over is forgotten, so that the list stays small
		if now.Sub(t.until) > time.Hour {
			delete(r.wrong, who)
		}
	}
	t := r.wrong[p]
	t.wrong++
	t.until = now
	if over := t.wrong - freeTries; over >= 0 {
		t.until = now.Add(min(firstWait<<min(over, 10), longestWait))
	}
	r.wrong[p] = t
}
