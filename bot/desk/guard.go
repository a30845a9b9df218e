package desk

import (
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

const (
	// mostAtOnce bounds the requests that are answered at the same time, and with it the memory that bodies take.
	mostAtOnce = 128
	// mostStrangers of them can be of whoever has not signed in: so many slow ones keep nobody from their reports.
	mostStrangers = 96
	// strangerTime is how long a question of theirs, which is short, may take on the way.
	strangerTime = 20 * time.Second
)

// policy is what a browser lets the page do: run what came with it, talk to where it came from, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; " +
	"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors "

// Protect gives every answer the headers by which a browser keeps the page to itself. What serves the same page from
// elsewhere needs them too.
func Protect(h http.Header, secure, frameSelf bool) {
	ancestors := "'none'"
	if frameSelf {
		ancestors = "'self'"
	} else {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("Content-Security-Policy", policy+ancestors)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// guard stands before everything: headers, other origins, too much at once, and what goes wrong in our own code.
func (d *Desk) guard(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	if d.Address != "" {
		_ = foreign.AddTrustedOrigin(strings.TrimSuffix(d.Address, "/")) // one that is none is refused where it is configured
	}
	places, strangers := make(chan struct{}, mostAtOnce), make(chan struct{}, mostStrangers)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Protect(w.Header(), d.Secure, d.FrameSelf)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				// Neither the request nor what it was about: the stack names functions alone.
				d.Log.Error("answering at the desk: a panic", "stack", string(debug.Stack()))
				d.counts.failed.Add(1)
				say(w, http.StatusInternalServerError, trouble("failed"))
			}
		}()
		rows := []chan struct{}{places}
		if !d.sessions.has(tokenOf(r)) {
			rows = append(rows, strangers)
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(strangerTime)) // where there is none, the server's own must do
		}
		for _, row := range rows {
			select {
			case row <- struct{}{}:
				defer func() { <-row }()
			default:
				d.counts.slowed.Add(1)
				say(w, http.StatusServiceUnavailable, trouble("slow"))
				return
			}
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			if foreign.Check(r) != nil {
				say(w, http.StatusForbidden, trouble("bad"))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
