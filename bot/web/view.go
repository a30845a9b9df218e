package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"amana/bot"
)

//go:embed page.html away.html style.css away.css page.js
var files embed.FS

var templates = template.Must(template.New("").ParseFS(files, "page.html", "away.html"))

// asset is a file of the page. Its name changes with its content, so a browser may keep it.
type asset struct {
	name, kind string
	body       []byte
}

var (
	style     = newAsset("style", "css", "text/css; charset=utf-8")
	awayStyle = newAsset("away", "css", "text/css; charset=utf-8")
	script    = newAsset("page", "js", "text/javascript; charset=utf-8")
	assets    = []asset{style, awayStyle, script}
)

func newAsset(name, end, kind string) asset {
	body, err := files.ReadFile(name + "." + end)
	if err != nil {
		panic(err) // it is part of the program
	}
	sum := sha256.Sum256(body)
	return asset{base64.RawURLEncoding.EncodeToString(sum[:9]) + "." + end, kind, body}
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", a.kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// view is one page.
type view struct {
	d          *Door
	Lang, Dir  string
	Word       string
	Turn       int64
	Shown      string // the closing records that stand on the page
	Poster     string
	Answered   string
	Notices    []string
	Erased     bool // whatever stands on the screen goes, but what is to be kept
	Says       []say
	Choices    []bot.Choice
	Words      []bot.Choice
	Pick       []Lang // languages to begin in
	Doubt      bool   // nobody knows whether what the form brought was saved
	Unread     bool   // nothing is known of the form, which a reload sends once more
	Begin      bool   // nothing is asked: one may begin anew
	Again      *again
	Takes      bot.Takes
	Field      bool
	Text       string // what stands in the field
	Long       int    // seconds that a voice message may last
	Style, Own string // names of assets
}

// say is one message.
type say struct {
	Lang, Dir string
	Paras     []para
	Rows      [][]bot.Choice
	Sound     string
	Keep      bool
	Over      bool // it stands in the place of the message before
}

// para is a paragraph: its lines, and whether it is a number alone, which somebody copies from the screen.
type para struct {
	Lines  []string
	Number bool
}

// again is a button that sends once more what could not be heard.
type again struct{ Name, Value string }

// view begins a page in the language of the form, or the likeliest one.
func (d *Door) view(r *http.Request, f *form) *view {
	lang := f.lang
	if _, ok := d.opt.lang(f.pick); ok {
		lang = f.pick
	}
	if _, ok := d.opt.lang(lang); !ok {
		lang = d.likely(r)[0].Tag
	}
	return &view{d: d, Lang: lang, Dir: d.dir(lang), Style: style.name, Own: script.name}
}

// likely gives the languages on offer, the likeliest first.
func (d *Door) likely(r *http.Request) []Lang {
	var out []Lang
	for _, tag := range d.opt.Sort(r.Header.Get("Accept-Language")) {
		if l, ok := d.opt.lang(tag); ok {
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		return d.opt.Langs
	}
	return out
}

func (d *Door) dir(lang string) string {
	if d.opt.RTL(lang) {
		return "rtl"
	}
	return "ltr"
}

func (d *Door) say(lang, key string, values map[string]string) string {
	return d.opt.Words(lang, key, values)
}

// Word is called by the page for its few texts of its own.
func (v *view) Say(key string) string { return v.d.say(v.Lang, key, nil) }

func (v *view) notice(text string) { v.Notices = append(v.Notices, text) }

// again gives a form back that could not be heard, so that it can be sent as it was.
func (v *view) again(f *form) {
	v.Word, v.Turn, v.Shown, v.Poster, v.Text, v.Doubt = f.word, f.turn, writeShown(f.shown), f.poster, f.text, f.doubt
	v.Field = f.text != "" || f.spoken
	v.Takes.Words = v.Field
	for _, one := range []again{{"lang", f.pick}, {"d", f.done}, {"t", f.tap}} {
		if one.Value != "" {
			v.Again = &one
			return
		}
	}
	v.Begin = !v.Field && !v.Unread // to begin anew would leave behind what a reload still sends
}

// reply puts what a room answers onto the page: the newest messages alone.
func (v *view) reply(r bot.Reply) {
	if r.Erase != bot.EraseAll {
		v.Answered = r.Answered
	}
	v.Erased = r.Erase == bot.EraseAll
	if r.Toast != "" {
		v.notice(r.Toast)
	}
	asks := -1 // the message whose buttons stand below everything
	for i, o := range r.Outs {
		if taps(o.Rows) {
			asks = i
		}
		if o.Lang != "" {
			if _, ok := v.d.opt.lang(o.Lang); ok && o.Sound == nil {
				v.Lang = o.Lang
			}
		}
	}
	if asks >= 0 && r.Outs[asks].Lang != "" {
		if _, ok := v.d.opt.lang(r.Outs[asks].Lang); ok {
			v.Lang = r.Outs[asks].Lang
		}
	}
	v.Dir = v.d.dir(v.Lang)
	var shown []bot.ClosingID
	for i, o := range r.Outs {
		s := say{Lang: o.Lang, Dir: v.d.dir(o.Lang), Paras: paragraphs(o.Text), Keep: o.Keep, Over: o.Replace}
		if o.Sound != nil {
			s.Sound = v.d.sounds.put(o.Sound)
		}
		if !o.Closing.IsZero() {
			shown = append(shown, o.Closing)
		}
		for _, row := range o.Rows {
			v.row(&s, row, i == asks)
		}
		v.Says = append(v.Says, s)
	}
	v.Shown = writeShown(shown)
	if asks < 0 {
		v.Begin = true
		return
	}
	v.Takes, v.Field = r.Outs[asks].Takes, true
	v.Long = int(v.d.opt.Long / time.Second)
}

// row puts buttons where they belong: those of the question below everything, numbered choices apart from words; others,
// and what copies, under their message.
func (v *view) row(s *say, row []bot.Choice, asks bool) {
	var here []bot.Choice
	for _, c := range row {
		switch {
		case c.Word == "hide": // it stands on top of every page
		case c.Copy != "" || !asks:
			here = append(here, c)
		case c.Word != "":
			v.Words = append(v.Words, c)
		default:
			v.Choices = append(v.Choices, c)
		}
	}
	if len(here) > 0 {
		s.Rows = append(s.Rows, here)
	}
}

func taps(rows [][]bot.Choice) bool {
	for _, row := range rows {
		for _, c := range row {
			if c.Copy == "" {
				return true
			}
		}
	}
	return false
}

func paragraphs(text string) (out []para) {
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Trim(p, "\n"); p != "" {
			out = append(out, para{strings.Split(p, "\n"), number(p)})
		}
	}
	return out
}

// number says that a text holds digits alone, beside spaces and marks of direction.
func number(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r != ' ' && !unicode.Is(unicode.Cf, r):
			return false
		}
	}
	return digits >= 8
}

func (d *Door) show(w http.ResponseWriter, v *view, status int) { d.write(w, "page.html", v, status) }

func (d *Door) write(w http.ResponseWriter, name string, data any, status int) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		d.opt.Log.Error("a page could not be written") // what the error says may hold what it was about
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len())) // whole for the browser, whatever is still done behind it
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
