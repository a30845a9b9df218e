package telegram

import (
	"errors"

	"amana/bot"
)

// regret tells a person that what they said could not be saved yet, or that nobody knows whether it was: a tap each time, the
// chat once until it could.
func (d *Door) regret(h *heard, err error) {
	lang := d.tongue(h)
	words := d.opt.Words.NotSaved(lang)
	if errors.Is(err, bot.ErrPerhaps) {
		words = d.opt.Words.Perhaps(lang)
	}
	h.acknowledge(d, words)
	if h.in.Kind != bot.Left && d.book.mayRegret(h.chat) {
		d.confess(h, d.confession(h, words, lang))
	}
}

// lose tells a person that what they said is given up, and settles it with that. What is given up together is told once.
func (d *Door) lose(h *heard) {
	lang := d.tongue(h)
	words := d.opt.Words.Lost(lang)
	h.acknowledge(d, words)
	if h.in.Kind == bot.Left || !d.book.mayLose(h.chat) {
		d.owe(h.update)
		return
	}
	e := d.confession(h, words, lang)
	d.owe(h.update, e)
	d.confess(h, e)
}

// tongue is the language in which the chat was answered last, or that of the person's client.
func (d *Door) tongue(h *heard) string {
	if lang := d.book.speaks(h.chat, ""); lang != "" {
		return lang
	}
	return h.in.Lang
}

// confession is words of the door itself. They are not dropped from a full queue: nobody says them again.
func (d *Door) confession(h *heard, words, lang string) *errand {
	who, _ := d.opt.Names.Person(address(h.chat))
	e := d.message(h.chat, who, bot.Outgoing{Text: words, Lang: lang})
	e.stay = true
	return e
}

func (d *Door) confess(h *heard, e *errand) {
	_ = d.post.add(lineKey{chat: h.chat}, e, d.noting(h.chat))
}
