package casework

import (
	"context"
	"errors"
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
// bot.ErrWrongReceipt, and bot.ErrSlow while a person has to wait after wrong ones.
func (r *Registry) Open(ctx context.Context, p bot.Person, typed string) (mail bot.Mail, err error) {
	if r.mustWait(p) {
		return mail, bot.ErrSlow
	}
	receipt, err := ticket.ParseReceipt(typed)
	if err != nil { // a slip of the finger is no guess: the check digit catches it before anything is tried
		return mail, bot.ErrWrongReceipt
	}
	house := r.Store.House()
	stretched, err := house.Stretch(ctx, r.Kiln, receipt.Digits())
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
	settle, err := r.id()
	if err != nil {
		return mail, err
	}
	err = r.Store.Update(ctx, store.ID(settle), func(w *store.Write) error {
		mail, err = r.read(w, ref, box)
		return err
	})
	return mail, err
}

// find looks for the mailbox under every living month's pepper.
func (r *Registry) find(ctx context.Context, s seal.Stretched) (box seal.Mailbox, ref store.Ref, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		for _, pepper := range r.Store.House().Peppers() {
			box = s.Mailbox(pepper)
			var found bool
			if ref, found, err = rd.ByMailbox(box.ID); err != nil || found {
				return err
			}
		}
		return bot.ErrWrongReceipt
	})
	return box, ref, err
}

// read opens the answers of a mailbox, and notes that they were seen.
func (r *Registry) read(w *store.Write, ref store.Ref, box seal.Mailbox) (bot.Mail, error) {
	rep, under, err := w.Report(ref)
	if err != nil {
		return bot.Mail{}, err
	}
	mail := bot.Mail{
		Box: box.ID, State: rep.State.Word(), Since: rep.Day.Time(),
		Asked: rep.State.IsWithdrawn(), Closed: rep.State == ticket.Closed,
	}
	thread, err := w.Thread(under, rep.ID)
	if err != nil {
		return bot.Mail{}, err
	}
	for _, m := range thread {
		if m.Kind != ticket.TypeReply {
			continue
		}
		plain, err := seal.OpenMessage(m.File, box.Key)
		if errors.Is(err, seal.ErrNotForYou) {
			continue
		}
		if err != nil {
			return bot.Mail{}, err
		}
		in, err := ticket.DecodeInside(plain)
		if err != nil || in.Reply == nil || in.Reply.ID != rep.ID {
			continue // a reader's program wrote something else than it said: nothing that a reporter can use
		}
		mail.Answers = append(mail.Answers, bot.Answer{Day: m.Day.Time(), Lang: in.Reply.Lang, Text: in.Reply.Text, New: m.Fresh})
		if m.Fresh {
			m.Fresh = false
			if err := w.PutMessage(under, rep.ID, m); err != nil {
				return bot.Mail{}, err
			}
		}
	}
	if rep.Unread {
		next := rep
		next.Unread = false
		return mail, r.put(w, ref, under, next, rep)
	}
	return mail, nil
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
