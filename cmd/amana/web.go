package main

import (
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/voice"
	"amana/bot/web"
)

// pageOptions is the chat page of a house, which whoever serves it may change.
func (h *house) pageOptions(log *slog.Logger) web.Options {
	o := web.Options{
		Hearer: h.room, Closer: h.room, Names: pageNames{h.roots}, Words: h.pageWords, Sort: h.accepted,
		RTL: func(lang string) bool { return speech.Direction(lang) == "rtl" },
		Now: h.now, Log: log.With("door", "page"), Leave: h.config.Web.Leave, Voice: seal.MaxVoice, Long: voice.Longest,
	}
	for _, tag := range h.offered {
		l, _ := h.book.Language(tag)
		o.Langs = append(o.Langs, web.Lang{Tag: tag, Name: l.Name, RTL: l.RTL()})
	}
	return o
}

// pageWords says a text of the page itself.
func (h *house) pageWords(lang, key string, values map[string]string) string {
	text, err := h.book.Text(lang, key, values)
	if err != nil {
		text, _ = h.book.Text(speech.Base, key, values) // a mission's own wording is checked for what it lacks
	}
	return speech.Paragraph(lang, text)
}

// longestAccept bounds what is read of a header that sorts a list.
const longestAccept = 200

// accepted sorts the languages on offer by what a browser accepts, in its order. The header is looked at and forgotten.
func (h *house) accepted(header string) []string {
	langs := h.offered
	tags, _, err := language.ParseAcceptLanguage(header[:min(len(header), longestAccept)])
	if err != nil {
		return langs
	}
	for _, tag := range slices.Backward(tags) {
		langs = h.book.Sort(tag.String(), langs)
	}
	return langs
}

// pageNames gives the chat page keyed names for the words of its conversations.
type pageNames struct{ roots *seal.Roots }

// Person gives the pseudonym of a conversation under the present root, and under the one before.
func (n pageNames) Person(word string) (now, was bot.Person) {
	cur, old := n.roots.Person("web", "page", word)
	return bot.Person(cur), bot.Person(old)
}

// Mark gives the keyed number of a turn in the same two ways. Each stands in a block of its own: else it could be seen in
// the database which turns belong to one conversation.
func (n pageNames) Mark(word string, turn int64) (now, was bot.Mark) {
	cur, old := n.roots.Mark("web", word+" "+strconv.FormatInt(turn, 10), 0)
	return bot.Mark(cur), bot.Mark(old)
}

// chatPage is the page and what serves it.
type chatPage struct {
	browserSide
	door *web.Door
}

// listenPage opens the listener of the chat page, nil where there is none.
func listenPage(h *house, log *slog.Logger) (*chatPage, error) {
	c := h.config.Web
	if c.Listen == "" {
		return nil, nil
	}
	door, err := web.New(h.pageOptions(log))
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, errConfig{fmt.Sprintf("%s: web: nothing can listen on %s: %v; name another address under listen:", h.config.at("web.listen"), c.Listen, errors.Unwrap(err))}
	}
	p := &chatPage{door: door}
	p.server, p.last = pageServer(door), 5*time.Second
	if c.TLS.Cert != "" {
		if err := p.keyed(c.TLS.Cert, c.TLS.Key); err != nil {
			l.Close()
			return nil, errConfig{fmt.Sprintf("%s: web: %v", h.config.at("web.tls"), err)}
		}
	}
	go p.serve(l)
	return p, nil
}

// pageServer bounds what a request may take. A voice message over a slow network takes minutes; the page itself gives a
// form less.
func pageServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 7 * time.Minute,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: stdlog.New(io.Discard, "", 0), // it would tell who came
	}
}

// close ends it; there may be none.
func (p *chatPage) close() {
	if p != nil {
		p.browserSide.close()
	}
}
