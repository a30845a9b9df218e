package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// Door is the chat page. It is an http.Handler; every address in it is relative, so it may be served below a path that ends
// in a slash.
type Door struct {
	opt    Options
	crowd  *crowd
	mux    *http.ServeMux
	origin *http.CrossOriginProtection
	policy string // the Content-Security-Policy
	sounds sounds
	count  counts

	forms   chan struct{} // being read
	uploads chan struct{} // the same, with a voice message in them
}

type counts struct {
	heard, failed, busy atomic.Int64
}

// Counts is how often something happened since the start.
type Counts struct {
	Heard  int64 // turns that were committed
	Failed int64 // turns that could not be
	Busy   int64 // turns that were put off because too much came at once
}

// New opens a door. It is closed by whoever serves it.
func New(o Options) (*Door, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	if o.Leave != "" {
		if u, err := url.Parse(o.Leave); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, fmt.Errorf("opening the chat page: the address to leave for is none that a browser can go to")
		}
	}
	d := &Door{
		opt: o, crowd: newCrowd(o.Rates, o.Now), mux: http.NewServeMux(), origin: http.NewCrossOriginProtection(),
		forms: make(chan struct{}, 4*o.Rates.Turns), uploads: make(chan struct{}, max(1, o.Rates.Turns/2)),
	}
	frames := "'none'"
	if o.Framed {
		frames = "'self'"
	}
	d.policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; media-src 'self' blob:; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors " + frames
	d.mux.HandleFunc("GET /{$}", d.first)
	d.mux.HandleFunc("POST /{$}", d.post)
	d.mux.HandleFunc("POST /shown", d.shown)
	d.mux.HandleFunc("POST /away", d.leave)
	d.mux.HandleFunc("GET /away", d.away)
	d.mux.HandleFunc("GET /away/{lang}", d.away)
	d.mux.HandleFunc("GET /hear/{name}", d.listen)
	for _, a := range assets {
		d.mux.HandleFunc("GET /"+a.name, a.serve)
	}
	return d, nil
}

// Counts gives what was counted.
func (d *Door) Counts() Counts {
	return Counts{d.count.heard.Load(), d.count.failed.Load(), d.count.busy.Load()}
}

// ServeHTTP answers one request. Nothing of it is logged.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", d.policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "microphone=(self), geolocation=(self), camera=(), display-capture=(), clipboard-read=(), browsing-topics=()")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	if !d.opt.Framed {
		h.Set("X-Frame-Options", "DENY") // for browsers that do not know the policy
	}
	if !d.ours(r) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	d.mux.ServeHTTP(w, r)
}

// ours says that a request comes from this page, as far as its browser tells. One that tells nothing is taken, since old
// ones do not; and so is the origin "null" of one that tells no more because the page asked it to send no referrer. What
// is at stake is small: a page elsewhere does not know the word of any conversation.
func (d *Door) ours(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") == "" && strings.EqualFold(r.Header.Get("Origin"), "null") {
		return true
	}
	return d.origin.Check(r) == nil
}
