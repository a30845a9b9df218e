package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	answerLimit  = 1 << 20  // bytes of an answer to any call
	updatesLimit = 16 << 20 // bytes of a page of updates
	callTime     = 30 * time.Second
	uploadTime   = 2 * time.Minute
)

// wire makes calls to one bot's API and nothing else: no retries, no limits, no meaning.
type wire struct {
	token  string
	base   string // without a trailing slash
	client *http.Client
	own    *http.Transport // made by us and closed by us, or nil
	pulse  pulse
}

var (
	tokenShape = regexp.MustCompile(`^([0-9]{1,20}):[A-Za-z0-9_-]{1,128}$`)
	errShape   = errors.New("the token does not look like one: digits, a colon, letters and digits")
	errBase    = errors.New("the address of the Bot API server must be like https://host or http://host:port")
)

// BotID gives the number of the bot from its token, which needs no network.
func BotID(token string) (string, error) {
	m := tokenShape.FindStringSubmatch(token)
	if m == nil {
		return "", errShape
	}
	return m[1], nil
}

func newWire(token, base string, transport http.RoundTripper) (*wire, error) {
	if !tokenShape.MatchString(token) {
		return nil, errShape
	}
	base = strings.TrimSuffix(base, "/")
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		u.RawQuery != "" || u.Fragment != "" || strings.Contains(base, "%") {
		return nil, errBase
	}
	w := &wire{token: token, base: base}
	if transport == nil {
		w.own = newTransport()
		transport = w.own
	}
	w.client = &http.Client{
		Transport: transport,
		// The path carries the token, so no redirect is followed; the 3xx answer itself becomes the fault.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w, nil
}

func newTransport() *http.Transport {
	one := new(http.Protocols)
	one.SetHTTP1(true)
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 15 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		Protocols:           one,
		TLSHandshakeTimeout: 15 * time.Second,
		MaxIdleConnsPerHost: workers + 4,
		IdleConnTimeout:     90 * time.Second,
	}
}

func (w *wire) close() {
	if w.own != nil {
		w.own.CloseIdleConnections()
	}
}

// call makes one call and gives its result. Every error is a *Fault.
func (w *wire) call(ctx context.Context, method string, params tg.Params, files ...tg.RequestFile) (json.RawMessage, error) {
	raw, err := w.make(ctx, method, params, files...)
	w.pulse.felt(method, err, time.Now())
	return raw, err
}

func (w *wire) make(ctx context.Context, method string, params tg.Params, files ...tg.RequestFile) (json.RawMessage, error) {
	limit := int64(answerLimit)
	if method == "getUpdates" {
		limit = updatesLimit
	} else {
		t := callTime
		if len(files) > 0 {
			t = uploadTime
		}
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, t)
		defer done()
	}
	g := &guard{ctx: ctx, client: w.client, method: method, limit: limit}
	// A literal BotAPI: its constructor would call getMe, and each call gets a client with a context of its own.
	api := &tg.BotAPI{Token: w.token, Client: g}
	api.SetAPIEndpoint(w.base + "/bot%s/%s")
	var resp *tg.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = api.UploadFiles(method, params, files)
	} else {
		resp, err = api.MakeRequest(method, params)
	}
	if err == nil {
		return resp.Result, nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return nil, f
	}
	if resp == nil || resp.Ok { // the shape was checked before, so only a field of the wrong type comes here
		return nil, g.garbled("answer not understood", nil)
	}
	// Code and wait from the answer itself: the library's error of an upload carries no code.
	code, after := resp.ErrorCode, g.after
	if code == 0 {
		code = g.status
	}
	if resp.Parameters != nil && resp.Parameters.RetryAfter > 0 {
		after = min(time.Duration(resp.Parameters.RetryAfter)*time.Second, 24*time.Hour)
	}
	f = judge(method, code, resp.Description, after)
	if resp.Parameters != nil {
		f.movedTo = resp.Parameters.MigrateToChatID
	}
	return nil, f
}

// into makes a call and decodes its result.
func (w *wire) into(ctx context.Context, to any, method string, params tg.Params, files ...tg.RequestFile) error {
	raw, err := w.call(ctx, method, params, files...)
	if err != nil {
		return err
	}
	if json.Unmarshal(raw, to) != nil {
		return &Fault{Method: method, kind: garbled, what: "answer not understood"}
	}
	return nil
}
