package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"amana/bot"
	"amana/bot/mail"
	"amana/bot/outbox"
	"amana/bot/speech"
	"amana/bot/telegram"
	"amana/bot/webhook"
)

// postroom brings notices for staff to the doors that are no chat, and keeps in mind which of these are in trouble.
type postroom struct {
	doors map[string]*counted // by the name of the door
}

// counted is a door with sums since the start. None of them is of a person.
type counted struct {
	door outbox.Notifier // nil: the configuration has none
	name string
	now  func() time.Time

	mu           sync.Mutex
	sent, failed int64
	gone         int64
	since        time.Time // of the first failure after which nothing went through; zero while all is well
	why          error
}

// errNoDoor says that somebody is told in a way that the configuration does not have any more.
type errNoDoor struct{ setting string }

func (e errNoDoor) Error() string {
	return "the configuration has no " + e.setting + ", by which this focal point is told"
}

// openPost opens the doors that the configuration has.
func openPost(h *house, env func(string) string) (*postroom, error) {
	letters, err := h.mailDoor(env)
	if err != nil {
		return nil, err
	}
	hooks, err := h.hookDoor(env)
	if err != nil {
		return nil, err
	}
	p := &postroom{map[string]*counted{"mail": {name: "mail", now: h.now}, "webhook": {name: "webhooks", now: h.now}}}
	if letters != nil {
		p.doors["mail"].door = letters
	}
	if hooks != nil {
		p.doors["webhook"].door = hooks
	}
	return p, nil
}

// other gives the door of an address; false where a chat is meant.
func (p *postroom) other(a bot.Address) (outbox.Notifier, bool) {
	switch {
	case mail.Is(a):
		return p.doors["mail"], true
	case webhook.Is(a):
		return p.doors["webhook"], true
	}
	return nil, false
}

// Notify sends, and counts.
func (c *counted) Notify(ctx context.Context, n bot.Notice, words bot.Outgoing) error {
	err := error(errNoDoor{c.name + ":"})
	if c.door != nil {
		err = c.door.Notify(ctx, n, words)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.sent++
		c.since = time.Time{}
	case ctx.Err() != nil:
	case gone(err):
		c.gone++ // the other side answers: nothing is wrong with the door
		c.since = time.Time{}
	default:
		c.failed++
		if c.why = err; c.since.IsZero() {
			c.since = c.now()
		}
	}
	return err
}

// troubleAfter is how long a door must be in trouble before somebody is told.
const troubleAfter = 5 * time.Minute

// trouble says in plain words what has been wrong for some minutes; nothing while all is well.
func (c *counted) trouble() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() || c.now().Sub(c.since) < troubleAfter {
		return ""
	}
	return fmt.Sprintf("%s: %v", c.name, c.why)
}

// counts gives what was done so far.
func (c *counted) counts() (sent, failed, gone int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent, c.failed, c.gone
}

// gone says of an error of any door for staff that no later try can succeed.
func gone(err error) bool {
	return errors.Is(err, telegram.ErrGone) || errors.Is(err, mail.ErrGone) || errors.Is(err, webhook.ErrGone)
}

// shut says of an error that a door was closed because the program ends.
func shut(err error) bool { return errors.Is(err, telegram.ErrStopped) }

// after gives how long a door asks to wait.
func after(err error) (time.Duration, bool) {
	if wait, ok := telegram.After(err); ok {
		return wait, true
	}
	return webhook.After(err)
}

// mailWords says what stands in every mail.
func (h *house) mailWords(lang, key string) string {
	text, err := h.book.Text(lang, "staff."+key, nil)
	if err != nil {
		text, _ = h.book.Text(speech.Base, "staff."+key, nil) // a mission's own wording is checked for what it lacks
	}
	if key == "mail.subject" {
		return text
	}
	return speech.Paragraph(lang, text)
}

// none says that no door but a chat is open.
func (p *postroom) none() bool { return p.doors["mail"].door == nil && p.doors["webhook"].door == nil }

// troubles says what has been wrong for some minutes.
func (p *postroom) troubles() (all []string) {
	if p == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(p.doors)) {
		if what := p.doors[name].trouble(); what != "" {
			all = append(all, what)
		}
	}
	return all
}

// metrics writes the sums of the doors that there are.
func (p *postroom) metrics(put func(name, meaning string, v any)) {
	if p == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(p.doors)) {
		d := p.doors[name]
		if d.door == nil {
			continue
		}
		sent, failed, gone := d.counts()
		put(fmt.Sprintf("door_sent_total{door=%q}", name), "Notices that a mail server or a webhook took.", sent)
		put(fmt.Sprintf("door_failed_total{door=%q}", name), "Attempts that a mail server or a webhook did not take.", failed)
		put(fmt.Sprintf("door_gone_total{door=%q}", name), "Answers that an address is closed for good.", gone)
		put(fmt.Sprintf("door_trouble{door=%q}", name), "1 while nothing has gone through for minutes.", boolean[d.trouble() != ""])
	}
}
