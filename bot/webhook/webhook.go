package webhook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"amana/bot"
)

// Scheme begins an address of this door; the name of a place follows.
const Scheme = "webhook:"

// Is says that an address is one of this door.
func Is(a bot.Address) bool { return strings.HasPrefix(a.Reveal(), Scheme) }

// Place is where notices are posted to.
type Place struct {
	Name    string
	URL     string
	Secrets []Secret
	CA      *x509.CertPool // nil: the authorities that this machine trusts
}

// CheckURL says whether notices may be posted to an address: https, or http on this machine; no user and no fragment.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return errors.New("it is not an address like https://cases.example.org/amana")
	case u.User != nil || u.Fragment != "":
		return errors.New("it holds a user, a password or a #, which belong in no address")
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return errors.New("it is not https")
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("it is plain http to another machine; only https is safe there")
	}
	return nil
}

// Options is what a door needs.
type Options struct {
	Places  []Place
	Timeout time.Duration // for one notice, and more for a file by its size; 20 s if zero
	Now     func() time.Time
}

const (
	usualTimeout = 20 * time.Second
	mostHeaders  = 16 << 10
	slowest      = 12 << 10 // bytes of a file a second
)

// Door posts notices. It is safe for use by many goroutines.
type Door struct {
	now    func() time.Time
	wait   time.Duration
	places map[string]place
}

type place struct {
	Place
	client *http.Client
}

// New makes a door. It connects to nothing. An address is checked by CheckURL before.
func New(o Options) (*Door, error) {
	if o.Timeout == 0 {
		o.Timeout = usualTimeout
	}
	d := &Door{now: o.Now, wait: o.Timeout, places: map[string]place{}}
	for _, p := range o.Places {
		if err := CheckURL(p.URL); err != nil || len(p.Secrets) == 0 {
			return nil, fmt.Errorf("opening the webhook %s: it has no usable address, or no secret", p.Name)
		}
		transport := &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: p.CA},
			TLSHandshakeTimeout: o.Timeout, MaxResponseHeaderBytes: mostHeaders, ForceAttemptHTTP2: true,
			DisableKeepAlives: true, // as with mails: a line that is kept tells when there is something to say
		}
		d.places[p.Name] = place{p, &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}}
	}
	return d, nil
}

// message is the body, as the package comment tells it.
type message struct {
	Type     string     `json:"type"`
	Event    string     `json:"event,omitempty"`
	Code     string     `json:"code,omitempty"`
	Urgency  string     `json:"urgency,omitempty"`
	Deadline *time.Time `json:"deadline,omitempty"`
	Link     string     `json:"link,omitempty"`
	Kind     string     `json:"kind,omitempty"`
	Area     string     `json:"area,omitempty"`
	Digits   string     `json:"digits,omitempty"`
	File     []byte     `json:"file,omitempty"`
}

func encode(n bot.Notice) ([]byte, error) {
	if n.Event == "proof" {
		return json.Marshal(message{Type: "proof", Digits: n.Code})
	}
	m := message{Type: "notice", Event: n.Event, Code: n.Code, Link: n.Link, Kind: n.Kind, Area: n.Area}
	if n.Code != "" {
		m.Urgency = map[bool]string{true: "urgent", false: "normal"}[n.Urgent]
	}
	if !n.Deadline.IsZero() {
		at := n.Deadline.UTC().Truncate(time.Minute)
		m.Deadline = &at
	}
	if n.File != nil {
		m.File = n.File.Bytes
		if n.File.Load != nil {
			m.File, _ = n.File.Load() // without the file the notice still tells what to ask for
		}
	}
	return json.Marshal(m)
}

// messageID gives the same notice the same name at every try, and tells nothing of the record that it stands in.
func messageID(id [16]byte) string {
	sum := sha256.Sum256(append([]byte("amana/1 webhook "), id[:]...))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// Notify posts one notice, and gives nil only when the other side says that it has it. Errors are those of this room:
// ErrGone says that no later try can succeed, After how long to wait. The words are for people and stay here.
func (d *Door) Notify(ctx context.Context, n bot.Notice, _ bot.Outgoing) error {
	p, ok := d.places[strings.TrimPrefix(n.Address.Reveal(), Scheme)]
	if !ok || !Is(n.Address) {
		return errUnknown
	}
	err := d.post(ctx, p, n)
	if errors.Is(err, errTooLong) && n.File != nil {
		n.File = nil
		err = d.post(ctx, p, n)
	}
	return err
}

// post sends one message and hears what becomes of it.
func (d *Door) post(ctx context.Context, p place, n bot.Notice) error {
	body, err := encode(n)
	if err != nil {
		return errors.New("writing a notice for a webhook: it cannot be written as JSON")
	}
	patience, done := context.WithTimeout(ctx, d.wait+time.Duration(len(body))*time.Second/slowest)
	defer done()
	r, err := http.NewRequestWithContext(patience, http.MethodPost, p.URL, bytes.NewReader(body))
	if err != nil {
		return errUnknown
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "webhook")
	sign(r.Header, p.Secrets, messageID(n.ID), d.now(), body)
	if err := ctx.Err(); err != nil { // a process that was paused since it began finds its notice with another one
		return err
	}
	answer, err := p.client.Do(r)
	if err != nil {
		return broken(ctx, err)
	}
	defer answer.Body.Close() // unread: nothing that the other side says is wanted
	return judge(answer, d.now())
}
