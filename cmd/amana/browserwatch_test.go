package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// sentRequest is one request of a page, as the browser sent it.
type sentRequest struct {
	Method, URL string
	Body        []byte
	Status      int64 // 0: not answered yet
	over        bool  // all of the answer is here, or none comes
	frame       cdp.FrameID
	page        cdp.LoaderID // that asked it
}

// Path gives the path of the request with its query.
func (r sentRequest) Path() string {
	u, err := url.Parse(r.URL)
	if err != nil {
		return r.URL
	}
	return u.RequestURI()
}

// watch notes what a tab asks for and what goes wrong in it. The browser calls hear in the order of what happened.
type watch struct {
	mu       sync.Mutex
	origins  map[string]bool
	order    []*sentRequest
	requests map[network.RequestID]*sentRequest
	wrong    []string
	expected []string
	dialogs  chan cdppage.EventJavascriptDialogOpening
}

func (w *watch) allow(origin string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.origins[origin] = true
}

// may announces a problem that contains a text: it was provoked.
func (b *tab) may(text string) {
	b.watch.mu.Lock()
	defer b.watch.mu.Unlock()
	b.watch.expected = append(b.watch.expected, text)
}

// sent gives every request of the tab so far.
func (b *tab) sent() (all []sentRequest) {
	b.watch.mu.Lock()
	defer b.watch.mu.Unlock()
	for _, r := range b.watch.order {
		all = append(all, *r)
	}
	return all
}

// carries says whether any request of the tab held these bytes, in its address or in its body.
func (b *tab) carries(what []byte) (where string, does bool) {
	for _, r := range b.sent() {
		if bytes.Contains(r.Body, what) || strings.Contains(r.URL, string(what)) || strings.Contains(r.URL, url.QueryEscape(string(what))) {
			return r.Method + " " + r.Path(), true
		}
	}
	return "", false
}

// rests says that no request is under way.
func (w *watch) rests() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !slices.ContainsFunc(w.order, func(r *sentRequest) bool { return !r.over })
}

// problems gives what went wrong, without what a test has announced.
func (w *watch) problems() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.wrong {
		if !slices.ContainsFunc(w.expected, func(e string) bool { return strings.Contains(p, e) }) && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// hear takes an event. It must not ask the browser anything.
func (w *watch) hear(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	say := func(format string, args ...any) { w.wrong = append(w.wrong, fmt.Sprintf(format, args...)) }
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		w.asked(ev, say)
	case *network.EventResponseReceived:
		w.answered(ev.RequestID, ev.Response, say)
	case *cdppage.EventFrameNavigated:
		for _, r := range w.order { // what the page before has asked is not waited for by anybody
			r.over = r.over || r.frame == ev.Frame.ID && r.page != ev.Frame.LoaderID
		}
	case *network.EventLoadingFinished:
		if r := w.requests[ev.RequestID]; r != nil {
			r.over = true
		}
	case *network.EventLoadingFailed:
		r := w.requests[ev.RequestID]
		if r != nil {
			r.over = true
		}
		if r != nil && (!ev.Canceled || ev.BlockedReason != "") && ev.ErrorText != "net::ERR_ABORTED" {
			say("%s %s failed: %s %s", r.Method, r.URL, ev.ErrorText, ev.BlockedReason)
		}
	case *log.EventEntryAdded:
		// That a resource answered with an error is told once, with its status, by the answer itself.
		if (ev.Entry.Level == log.EntryLevelError || ev.Entry.Level == log.EntryLevelWarning) && !strings.HasPrefix(ev.Entry.Text, "Failed to load resource") {
			say("%s: %s (%s)", ev.Entry.Level, ev.Entry.Text, ev.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if t := string(ev.Type); t == "error" || t == "warning" || t == "assert" {
			say("console.%s: %s", t, spokenBy(ev.Args))
		}
	case *runtime.EventExceptionThrown:
		what := ev.ExceptionDetails.Text
		if e := ev.ExceptionDetails.Exception; e != nil {
			what += " " + e.Description
		}
		say("uncaught: %s (%s:%d)", what, ev.ExceptionDetails.URL, ev.ExceptionDetails.LineNumber+1)
	case *inspector.EventTargetCrashed:
		say("the page crashed")
	case *cdppage.EventJavascriptDialogOpening:
		if ev.Type != cdppage.DialogTypeBeforeunload {
			say("%s: %s", ev.Type, ev.Message)
		}
		select {
		case w.dialogs <- *ev:
		default:
		}
	}
}

func (w *watch) asked(ev *network.EventRequestWillBeSent, say func(string, ...any)) {
	if ev.RedirectResponse != nil {
		w.answered(ev.RequestID, ev.RedirectResponse, say)
		if before := w.requests[ev.RequestID]; before != nil {
			before.over = true
		}
	}
	// Nobody waits for a beacon; and of the script of a worker it is told only that it was asked for.
	over := ev.Type == network.ResourceTypePing || ev.LoaderID == ""
	r := &sentRequest{Method: ev.Request.Method, URL: ev.Request.URL, frame: ev.FrameID, page: ev.LoaderID, over: over}
	for _, part := range ev.Request.PostDataEntries {
		r.Body = append(r.Body, part.Bytes...)
	}
	if ev.Request.HasPostData && len(r.Body) == 0 {
		say("%s %s: its body cannot be seen", r.Method, r.URL)
	}
	u, err := url.Parse(r.URL)
	switch {
	case err != nil:
		say("asked for an address that is none: %v", err)
	case u.Scheme == "data" || u.Scheme == "blob" || u.Scheme == "about":
		return
	case !w.origins[u.Scheme+"://"+u.Host]:
		say("asked %s, which is not its own origin", r.URL)
	}
	w.order, w.requests[ev.RequestID] = append(w.order, r), r
}

func (w *watch) answered(id network.RequestID, resp *network.Response, say func(string, ...any)) {
	r := w.requests[id]
	if r == nil {
		return
	}
	r.Status = resp.Status
	if resp.Status >= 400 {
		say("%d %s", resp.Status, r.Path())
	}
}

func spokenBy(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if a.Description != "" {
			words = append(words, a.Description)
		} else {
			words = append(words, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(words, " ")
}

// answerDialogs agrees to every dialog, which would otherwise stop the page.
func (w *watch) answerDialogs(ctx context.Context) (stop func()) {
	w.mu.Lock()
	w.dialogs = make(chan cdppage.EventJavascriptDialogOpening, 16)
	w.mu.Unlock()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-w.dialogs:
				_, _ = chromedp.Call(ctx, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}
