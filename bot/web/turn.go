package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"amana/bot"
)

var errPanicked = errors.New("the hearer panicked")

// post takes one turn and answers with the whole page.
func (d *Door) post(w http.ResponseWriter, r *http.Request) {
	f, err := d.read(w, r)
	unread := f == nil
	if unread {
		f = &form{}
	}
	v := d.view(r, f)
	switch {
	case errors.Is(err, errLong):
		v.notice(d.say(v.Lang, "word.toolong", map[string]string{"Max": "4000"}))
		v.again(f)
		d.show(w, v, http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, errBusy):
		v.Unread = unread
		d.busy(w, f, v)
		return
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	case d.crowd.hidden(f.word):
		d.showAway(w, v.Lang)
		return
	}
	if f.word == "" && f.pick == "" {
		d.showFirst(w, r, f.poster) // a form of nobody's conversation
		return
	}
	d.turn(w, r, f, v)
}

// turn hears what a form brings, once it is its turn.
func (d *Door) turn(w http.ResponseWriter, r *http.Request, f *form, v *view) {
	ctx := context.WithoutCancel(r.Context()) // a turn that has begun is not lost because somebody closed the page
	word, turn := f.word, f.turn
	if f.pick != "" { // a conversation of its own, which nothing links to the one before
		var err error
		if word, err = newWord(d.opt.Rand); err != nil {
			d.unsaved(w, f, v, err)
			return
		}
		turn = 0
	}
	leave, err := d.crowd.enter(r.Context(), word)
	if err != nil {
		d.busy(w, f, v)
		return
	}
	defer leave()
	if d.crowd.hidden(word) {
		d.showAway(w, v.Lang)
		return
	}
	if f.word != "" {
		d.delivered(ctx, f.word, f.shown)
	}
	one := &hearing{Door: d, ctx: ctx, word: word, turn: turn, lang: v.Lang}
	reply, err := one.all(f)
	switch {
	case d.crowd.hidden(word): // while it was heard
		d.showAway(w, v.Lang)
		return
	case err != nil:
		d.unsaved(w, f, v, err)
		return
	case reply.Hide, reply.Erase == bot.EraseAll && len(reply.Outs) == 0:
		// The second is the repeat of a form whose conversation is over: whatever it was, nothing of it is left to be shown.
		d.crowd.hide(word)
		d.showAway(w, v.Lang)
		return
	}
	v.Word, v.Turn = word, one.turn
	v.reply(reply)
	if reply.Erase != bot.EraseAll && !one.took {
		v.Text = f.text
	}
	d.show(w, v, http.StatusOK)
}

// How long the reading of a form may take, and of one with a voice message, which somebody sends over a slow network.
const (
	formTime   = 30 * time.Second
	uploadTime = 4 * time.Minute
)

// read reads a form, a bounded number of them at once: each lies in memory.
func (d *Door) read(w http.ResponseWriter, r *http.Request) (*form, error) {
	places, long := d.forms, formTime
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		places, long = d.uploads, uploadTime
	}
	wait := time.NewTimer(d.opt.Rates.Wait)
	defer wait.Stop()
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
	case <-r.Context().Done():
		return nil, errBusy
	case <-wait.C:
		return nil, errBusy
	}
	// A server of another kind has no such deadline, and what it has of its own must do.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(long))
	return readForm(r, d.opt.Voice)
}

// busy says that too much comes at once, and gives the form back.
func (d *Door) busy(w http.ResponseWriter, f *form, v *view) {
	d.count.busy.Add(1)
	v.notice(d.say(v.Lang, "word.busy", nil))
	v.again(f)
	w.Header().Set("Retry-After", "30")
	d.show(w, v, http.StatusServiceUnavailable)
}

// unsaved says that nothing was written, and gives the form back so that it can be sent again. Where nobody knows, it says so:
// the same form, sent again, finds what was written of it. The form remembers that, so that a later try which fails for certain
// does not say of the first that nothing was sent, at whatever process it is heard.
func (d *Door) unsaved(w http.ResponseWriter, f *form, v *view, err error) {
	d.count.failed.Add(1)
	d.opt.Log.Warn("a turn of the chat page could not be committed", "error", err)
	words, wait := "word.saved.not", "120"
	if f.doubt = f.doubt || errors.Is(err, bot.ErrPerhaps); f.doubt {
		words, wait = "word.saved.perhaps", "30"
	}
	v.notice(d.say(v.Lang, words, nil))
	v.again(f)
	w.Header().Set("Retry-After", wait)
	d.show(w, v, http.StatusServiceUnavailable)
}

// hearing is one form on its way through the room: mostly one turn, sometimes two.
type hearing struct {
	*Door
	ctx  context.Context
	word string
	turn int64 // of the next message
	lang string
	took bool // what was written is not needed in the field any more
}

// all hears what a form brings.
func (h *hearing) all(f *form) (bot.Reply, error) {
	if f.pick != "" {
		return h.begin(f)
	}
	if next, stale := h.crowd.stale(h.word, h.turn, f.text); stale {
		// Heard under its own turn it would be taken for a repeat, and dropped; under the next it could answer another question.
		// So the present question is asked, and what was written stands in the field under it.
		reply, err := h.hear(bot.Incoming{Kind: bot.Tap})
		h.turn = next
		return reply, err
	}
	if f.text != "" && f.done != "" && !f.spoken {
		return h.finish(f)
	}
	in := bot.Incoming{Kind: bot.Tap, Tap: f.tap}
	switch {
	case f.spoken:
		in = bot.Incoming{Kind: bot.Voice, Voice: h.recording(f.voice), Text: f.text}
	case f.tap != "":
	case f.done != "":
		in.Tap = f.done
	case f.place != nil:
		in = bot.Incoming{Kind: bot.Location, Place: f.place}
	case f.text == "":
		in = bot.Incoming{Kind: bot.Start} // which asks once more
	default:
		in = typed(f.text)
	}
	reply, err := h.hear(in)
	switch in.Kind {
	case bot.Text, bot.Voice:
		h.took = reply.Erase != bot.EraseNothing && !reply.Unheard || utf8.RuneCountInString(f.text) <= shortText
	case bot.Command, bot.Start:
		h.took = true
	}
	return reply, err
}

// shortText is what nobody minds to write again: a word that opens something, a number that fits nothing.
const shortText = 40

// begin opens a conversation in the language that was picked.
func (h *hearing) begin(f *form) (bot.Reply, error) {
	reply, err := h.hear(bot.Incoming{Kind: bot.Start, Payload: f.poster, Lang: f.pick})
	l, ok := h.opt.lang(f.pick)
	if err != nil || len(h.opt.Langs) == 1 || !ok {
		return reply, err
	}
	return h.hear(bot.Incoming{Kind: bot.Text, Text: l.Name, Lang: f.pick})
}

// finish hears what stands in the field, and then Done, unless something else is asked first.
func (h *hearing) finish(f *form) (bot.Reply, error) {
	reply, err := h.hear(typed(f.text))
	if err != nil || reply.Erase == bot.EraseNothing || reply.Unheard {
		return reply, err
	}
	h.took = true
	for _, o := range reply.Outs {
		for _, row := range o.Rows {
			for _, c := range row {
				if c.Word == "done" {
					next, err := h.hear(bot.Incoming{Kind: bot.Tap, Tap: c.Data})
					next.Outs = append(receipts(reply.Outs), next.Outs...)
					return next, err
				}
			}
		}
	}
	return reply, nil
}

func receipts(outs []bot.Outgoing) (out []bot.Outgoing) {
	for _, o := range outs {
		if !o.Closing.IsZero() {
			out = append(out, o)
		}
	}
	return out
}

// hear hands one message over. Where the room stays silent, as it does on a tap that changes nothing, it is asked again:
// the mark is known then, and the answer is the present question.
func (h *hearing) hear(in bot.Incoming) (bot.Reply, error) {
	ctx, done := context.WithTimeout(h.ctx, h.opt.Turn)
	defer done()
	h.address(&in, h.turn)
	reply, err := h.once(ctx, in)
	if err == nil && len(reply.Outs) == 0 && reply.Erase != bot.EraseAll && !reply.Hide {
		in.Voice = nil
		reply, err = h.once(ctx, in)
	}
	if err == nil {
		h.crowd.heard(h.word, h.turn, in.Text)
		h.turn++
		h.count.heard.Add(1)
	}
	return reply, err
}

// address says from whom a message comes. Nothing can be sent there.
func (h *hearing) address(in *bot.Incoming, turn int64) {
	in.Person, in.Was = h.opt.Names.Person(h.word)
	in.Mark, in.MarkWas = h.opt.Names.Mark(h.word, turn)
	in.Address, in.Door, in.Mute, in.Speaks = "web:", "page", true, h.opt.Voice > 0
	if in.Lang == "" {
		in.Lang = h.lang
	}
}

func (h *hearing) once(ctx context.Context, in bot.Incoming) (reply bot.Reply, err error) {
	defer func() {
		if recover() != nil { // what it says may hold what a person said
			reply, err = bot.Reply{}, errPanicked
		}
	}()
	return h.opt.Hearer.Hear(ctx, in)
}

// typed makes a message of what was written: a command if it is one word behind a slash.
func typed(text string) bot.Incoming {
	name, slash := strings.CutPrefix(text, "/")
	switch {
	case !slash || name == "" || strings.ContainsFunc(name, unicode.IsSpace):
		return bot.Incoming{Kind: bot.Text, Text: text}
	case name == "start":
		return bot.Incoming{Kind: bot.Start}
	}
	return bot.Incoming{Kind: bot.Command, Text: name}
}
