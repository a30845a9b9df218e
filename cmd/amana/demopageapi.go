package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"amana/bot/desk/ui"
)

//go:embed demopage
var demoPages embed.FS

// demoPolicy is what a browser lets the page of the demonstration do. The two pages within it have policies of their own.
const demoPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// handler brings what a browser asks for to the page itself, to the phone or to the desk. All of it is one origin: the
// page may then write a number into the phone, and sign in at the desk.
func (s *stage) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.file("index.html"))
	for _, name := range []string{"page.js", "page.css"} {
		mux.HandleFunc("GET /demo/"+name, s.file(name))
	}
	mux.HandleFunc("GET /demo/state", s.asked(s.state))
	mux.HandleFunc("GET /demo/words", s.asked(s.words))
	mux.HandleFunc("GET /demo/moments", s.asked(s.moments))
	mux.HandleFunc("POST /demo/sit", s.asked(s.sit))
	mux.HandleFunc("POST /demo/wait", s.alone(s.wait))
	mux.HandleFunc("POST /demo/anew", s.alone(s.anew))
	mux.HandleFunc("/phone/", s.phone)
	desk := http.HandlerFunc(s.desk)
	for _, at := range []string{"/desk/{$}", "/app/", "/api/", "/words/"} {
		mux.Handle(at, desk)
	}
	foreign := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Another name for this machine is none of ours: it may be that of a page elsewhere, which must not look in.
		if r.Host != s.host || foreign.Check(r) != nil {
			http.Error(w, "this is not the address of the demonstration", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *stage) file(name string) http.HandlerFunc {
	pages, err := fs.Sub(demoPages, "demopage")
	if err != nil {
		panic(err) // it is part of the program
	}
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", demoPolicy)
		h.Set("Permissions-Policy", "microphone=(self), geolocation=(self), camera=()")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		body, err := fs.ReadFile(pages, name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}
}

// deed answers a question of the page.
type pageDeed func(ctx context.Context, r *http.Request) (any, error)

// asked answers a question beside others; alone answers one while nothing else is answered.
func (s *stage) asked(do pageDeed) http.HandlerFunc {
	return answering(s.mu.RLocker().Lock, s.mu.RUnlock, do)
}
func (s *stage) alone(do pageDeed) http.HandlerFunc { return answering(s.mu.Lock, s.mu.Unlock, do) }

func answering(lock, unlock func(), do pageDeed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lock()
		defer unlock()
		out, err := do(r.Context(), r)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			out = map[string]string{"error": err.Error()}
		}
		_ = json.NewEncoder(w).Encode(out)
	}
}

// tongueOf is a language that can be chosen.
type tongueOf struct {
	Tag  string `json:"tag"`
	Name string `json:"name"`
}

// stageState is what the page shows around the two others.
type stageState struct {
	Profile   string     `json:"profile"`
	Built     bool       `json:"built"`
	Now       string     `json:"now"`
	Languages []tongueOf `json:"languages"`
	Lang      string     `json:"lang"` // in which both begin
	Receipt   string     `json:"receipt"`
	Told      []notice   `json:"told"`
	Moments   int        `json:"moments"` // changes when there is one more
}

// notice is what somebody was told by the staff bot.
type notice struct {
	To   string `json:"to"`
	Text string `json:"text"`
}

func (s *stage) state(context.Context, *http.Request) (any, error) {
	p := s.play
	p.mu.Lock()
	defer p.mu.Unlock()
	out := stageState{
		Profile: p.profile.Profile, Built: ui.Built(), Now: p.clock(), Lang: p.lang, Receipt: p.receipt, Told: []notice{}, Moments: p.witness.kept,
	}
	for _, tag := range p.offered {
		if l, ok := p.book.Language(tag); ok {
			out.Languages = append(out.Languages, tongueOf{l.Tag, l.Name})
		}
	}
	for _, t := range p.told {
		out.Told = append(out.Told, notice{t.id, plainWords(t.out)})
	}
	return out, nil
}

func (s *stage) moments(context.Context, *http.Request) (any, error) {
	p := s.play
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]moment{}, p.witness.moments...), nil // a list also before the first
}

// wait lets hours pass.
func (s *stage) wait(ctx context.Context, r *http.Request) (any, error) {
	var in struct {
		Hours int `json:"hours"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1024)).Decode(&in); err != nil || in.Hours < 1 || in.Hours > 30*24 {
		return nil, usagef("from an hour to 30 days")
	}
	lines, err := s.play.pass(ctx, time.Duration(in.Hours)*time.Hour)
	return map[string]any{"lines": lines}, err
}

func (s *stage) anew(ctx context.Context, _ *http.Request) (any, error) {
	return struct{}{}, s.begin(context.WithoutCancel(ctx))
}

// phone passes a request on to the chat page.
func (s *stage) phone(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	http.StripPrefix("/phone", s.play.sides.phone).ServeHTTP(w, r)
	if r.Method == http.MethodPost {
		s.after(r.Context())
	}
}

// desk passes a request on to the desk. What it hands out is looked at on its way.
func (s *stage) desk(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r.URL.Path == "/desk/" {
		r = r.Clone(r.Context())
		r.URL.Path = "/"
	}
	if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/api/report/") && !strings.HasPrefix(r.URL.Path, "/api/answer") && !strings.HasPrefix(r.URL.Path, "/api/grant") {
		s.play.sides.desk.ServeHTTP(w, r)
		return
	}
	kept := &keptBody{ResponseWriter: w}
	s.play.sides.desk.ServeHTTP(kept, r)
	var handed []record
	if strings.HasSuffix(r.URL.Path, "/open") {
		handed = handedOut(kept.body.Bytes())
	}
	s.after(r.Context(), handed...)
}

// after looks what came of a request, also when nobody waits for its answer any more.
func (s *stage) after(ctx context.Context, handed ...record) {
	if err := s.play.came(context.WithoutCancel(ctx), handed...); err != nil {
		_, _ = s.stderr.Write([]byte("the demonstration: " + err.Error() + "\n"))
	}
}

// keptBody passes an answer on and keeps it.
type keptBody struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (k *keptBody) Write(p []byte) (int, error) {
	k.body.Write(p)
	return k.ResponseWriter.Write(p)
}

// Unwrap lets a handler flush.
func (k *keptBody) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// handedOut looks at the sealed files in the answer of the desk.
func handedOut(answer []byte) (out []record) {
	var in struct {
		Files []struct {
			Name  string
			Bytes []byte
		}
	}
	if json.Unmarshal(answer, &in) != nil {
		return nil
	}
	for _, f := range in.Files {
		out = append(out, record{Shelf: "handed out: " + f.Name, Under: "the reader's own key", Size: len(f.Bytes), Stored: dump(f.Bytes), Sealed: fromOutside(f.Bytes)})
	}
	return out
}
