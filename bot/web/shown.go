package web

import (
	"context"
	"net/http"

	"amana/bot"
)

// shown notes that a page with a receipt stands on the screen.
func (d *Door) shown(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(r, 0)
	if err != nil || f.word == "" || len(f.shown) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	leave, err := d.crowd.enter(r.Context(), f.word)
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable) // the next turn says it
		return
	}
	defer leave()
	d.delivered(context.WithoutCancel(r.Context()), f.word, f.shown)
	w.WriteHeader(http.StatusNoContent)
}

// delivered confirms closing records. One that cannot be confirmed now is shown once more, which harms nobody.
func (d *Door) delivered(ctx context.Context, word string, ids []bot.ClosingID) {
	if d.opt.Closer == nil {
		return
	}
	now, was := d.opt.Names.Person(word)
	for _, id := range ids {
		for _, p := range []bot.Person{now, was} {
			if p.IsZero() {
				continue
			}
			if err := d.opt.Closer.Delivered(ctx, p, id); err != nil {
				d.opt.Log.Warn("a receipt was shown on the chat page, but this could not be noted", "error", err)
			}
		}
	}
}
