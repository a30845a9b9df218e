package web

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"amana/bot"
)

// harmless is the page that one leaves for: how much water a household needs. It has nothing of the chat page in it.
type harmless struct {
	d         *Door
	Lang, Dir string
	Leave     string
	Root      string // from where the page is, to where the styles are
	Rows      [][3]string
	Style     string
}

// Say gives a text of the harmless page.
func (a harmless) Say(key string) string { return a.d.say(a.Lang, key, nil) }

// perDay is how much water a person needs a day, in litres: for drinking, cooking and washing (Sphere Handbook 2018, water
// supply standard 2.1).
const perDay = 15

func (d *Door) away(w http.ResponseWriter, r *http.Request) {
	lang, root := r.PathValue("lang"), ""
	if lang != "" {
		root = "../"
	}
	if _, ok := d.opt.lang(lang); !ok {
		lang = d.likely(r)[0].Tag
	}
	d.writeAway(w, lang, root)
}

func (d *Door) showAway(w http.ResponseWriter, lang string) { d.writeAway(w, lang, "") }

func (d *Door) writeAway(w http.ResponseWriter, lang, root string) {
	a := harmless{d: d, Root: root, Lang: lang, Dir: d.dir(lang), Leave: d.opt.Leave, Style: awayStyle.name}
	for people := range 10 {
		n := people + 1
		a.Rows = append(a.Rows, [3]string{strconv.Itoa(n), strconv.Itoa(n * perDay), strconv.Itoa((n*perDay + 19) / 20)})
	}
	w.Header().Set("X-Away", "1") // the script leaves too
	d.write(w, "away.html", a, http.StatusOK)
}

// How long the form under Hide is waited for, and how much of it is read: it holds a few short fields.
const (
	leaveTime = 5 * time.Second
	maxLeave  = 4 << 10
)

// leave sends the harmless page first, and only then has the conversation wiped: nobody waits for a disk while somebody
// looks over the shoulder. It has an address of its own, so that no limit keeps anybody here, not even that of reading forms.
func (d *Door) leave(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(leaveTime))
	f, err := readPlain(io.LimitReader(r.Body, maxLeave))
	if err != nil {
		f = &form{} // whatever came, somebody wants to leave
	}
	lang := d.view(r, f).Lang
	already := d.crowd.hide(f.word)
	w.Header().Set("Connection", "close") // else what the harmless page looks like would wait on it for what is done below
	d.showAway(w, lang)
	_ = http.NewResponseController(w).Flush()
	if f.word == "" || already {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	done, err := d.crowd.last(ctx, f.word)
	if err != nil {
		return // a word that is not known here, in a crowd: it is forgotten within an hour
	}
	defer done()
	d.delivered(ctx, f.word, f.shown)
	h := &hearing{Door: d, ctx: ctx, word: f.word, turn: hiding(f.turn), lang: lang}
	if _, err := h.hear(bot.Incoming{Kind: bot.Command, Text: "hide"}); err != nil {
		d.count.failed.Add(1)
		d.opt.Log.Warn("a conversation was left, but could not be wiped; it is forgotten within an hour", "error", err)
	}
}
