package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	webdesk "amana/bot/desk"
)

// What goes to a server and comes back at most, and how long it may think.
const (
	mostAsked     = 2 << 20
	mostSent      = 64 << 20
	remotePatient = 4 * time.Minute
)

// remoteDesk passes questions of the page on to a mission's server, and what it answers back: JSON or a sealed file, and
// nothing else, none of its headers either. The session lives in this program; the browser never holds it.
//
// It is no reverse proxy: that hands on early answers, trailers and upgrades, which a server that lies could use.
type remoteDesk struct {
	to     *url.URL
	client *http.Client
}

// errForeign is for whatever a server sends that is no answer to a question of the page.
var errForeign = errors.New("the server sent something that is no answer")

func newRemoteDesk(to *url.URL, transport http.RoundTripper) (*remoteDesk, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &remoteDesk{to: to, client: &http.Client{
		Transport: transport, Jar: jar, Timeout: remotePatient,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errForeign },
	}}, nil
}

// ServeHTTP passes a question on.
func (d *remoteDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost || r.URL.Path != path.Clean(r.URL.Path) {
		answerPage(w, http.StatusNotFound, wrongIs("unknown"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostAsked))
	if err != nil {
		answerPage(w, http.StatusRequestEntityTooLarge, wrongIs("bad"))
		return
	}
	to := *d.to
	to.Path, to.RawQuery = r.URL.Path, r.URL.RawQuery
	got, err := d.ask(r.Context(), r.Method, &to, r.Header.Get("Content-Type"), r.Header.Get("If-None-Match"), body)
	switch {
	case errors.Is(err, errForeign):
		answerPage(w, http.StatusBadGateway, wrongIs("foreign"))
	case err != nil:
		answerPage(w, http.StatusBadGateway, wrongIs("server")) // it cannot be reached
	default:
		if got.mark != "" {
			w.Header().Set("ETag", got.mark)
		}
		if got.status != http.StatusNotModified {
			w.Header().Set("Content-Type", got.kind)
			w.Header().Set("Content-Length", strconv.Itoa(len(got.body)))
		}
		w.WriteHeader(got.status)
		_, _ = w.Write(got.body)
	}
}

// got is what a server has answered.
type got struct {
	status     int
	kind, mark string
	body       []byte
}

// marks are those that a desk gives an answer which is asked for again and again. It is the one header that is handed on.
var marks = regexp.MustCompile(`^"[0-9a-f]{32}"$`)

// ask does one exchange with the server. It is errForeign for whatever is neither JSON nor, where that was asked for, a file,
// nor word that an answer is still the one that came with a mark.
func (d *remoteDesk) ask(ctx context.Context, method string, to *url.URL, kind, mark string, body []byte) (g got, err error) {
	r, err := http.NewRequestWithContext(ctx, method, to.String(), bytes.NewReader(body))
	if err != nil {
		return got{}, err
	}
	r.Header.Set("User-Agent", "amana")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", d.to.Scheme+"://"+d.to.Host)
	}
	if method == http.MethodGet && marks.MatchString(mark) {
		r.Header.Set("If-None-Match", mark)
	}
	resp, err := d.client.Do(r)
	if err != nil {
		return got{}, fmt.Errorf("asking the server: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, mostSent+1))
	if err != nil {
		return got{}, fmt.Errorf("asking the server: %w", err)
	}
	if resp.StatusCode == http.StatusNotModified && r.Header.Get("If-None-Match") != "" && len(answer) == 0 {
		return got{status: resp.StatusCode, mark: mark}, nil
	}
	g = got{status: resp.StatusCode, body: answer}
	if m := resp.Header.Get("ETag"); marks.MatchString(m) {
		g.mark = m
	}
	g.kind, _, err = mime.ParseMediaType(resp.Header.Get("Content-Type"))
	file := resp.StatusCode == http.StatusOK && strings.Contains(to.Path, "/voice/")
	switch {
	case err != nil, len(answer) > mostSent, resp.StatusCode < 200, resp.StatusCode >= 300 && resp.StatusCode < 400, resp.StatusCode > 599:
		return got{}, errForeign
	case file && g.kind == "application/octet-stream":
	case !file && g.kind == "application/json" && json.Valid(answer):
	default:
		return got{}, errForeign
	}
	return g, nil
}

// place asks what the server says about itself.
func (d *remoteDesk) place(ctx context.Context) (p webdesk.Here, err error) {
	return p, d.look(ctx, "/api/place", &p)
}

// words asks for the words of the server in one language.
func (d *remoteDesk) words(ctx context.Context, tag string) (w webdesk.Wording, err error) {
	return w, d.look(ctx, "/words/"+tag+".json", &w)
}

func (d *remoteDesk) look(ctx context.Context, where string, into any) error {
	ctx, done := context.WithTimeout(ctx, 10*time.Second)
	defer done()
	g, err := d.ask(ctx, http.MethodGet, d.to.JoinPath(where), "", "", nil)
	if err == nil && g.status != http.StatusOK {
		err = errForeign
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(g.body, into)
}
