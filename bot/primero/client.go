package primero

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What an exchange takes at most.
const (
	patience  = 60 * time.Second
	maxAnswer = 1 << 20
	maxToken  = 8 << 10
)

// Client speaks to one Primero as one user. It keeps the token for as long as it is taken. It is not for several goroutines
// at once.
type Client struct {
	to       *url.URL
	user     string
	password string
	token    string
	http     *http.Client
}

// NewClient makes a client for the Primero of a mapping. A nil transport is the usual one.
func NewClient(m *Mapping, password string, transport http.RoundTripper) *Client {
	return &Client{to: m.URL(), user: m.User, password: password, http: &http.Client{
		Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do asks for one thing with the token, and takes a new token once if the old one has run out.
func (c *Client) do(ctx context.Context, method, path string, body any) (answer, error) {
	fresh := c.token == ""
	if fresh {
		if err := c.sign(ctx); err != nil {
			return answer{}, err
		}
	}
	a, err := c.ask(ctx, method, path, body)
	if err == nil && a.status == http.StatusUnauthorized && !fresh {
		if err = c.sign(ctx); err == nil {
			a, err = c.ask(ctx, method, path, body)
		}
	}
	return a, err
}

// sign takes a token, which Primero gives in a header and lets run out after an hour.
func (c *Client) sign(ctx context.Context) error {
	c.token = ""
	type user struct {
		Name     string `json:"user_name"`
		Password string `json:"password"`
	}
	a, err := c.ask(ctx, http.MethodPost, "/api/v2/tokens", map[string]user{"user": {c.user, c.password}})
	switch {
	case errors.Is(err, ErrUnanswered): // of which it is known what was done: nothing
		return fmt.Errorf("signing in: %v", err)
	case err != nil:
		return fmt.Errorf("signing in: %w", err)
	}
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		return fmt.Errorf("signing in: %w", refusal(a, doSign, nil))
	}
	token, is := strings.CutPrefix(a.header.Get("Authorization"), "Bearer ")
	if !is || token == "" || len(token) > maxToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return fmt.Errorf("signing in: %w", errNoPrimero)
	}
	c.token = token
	return nil
}

// ask does one exchange. What cannot be reached, and what answers too much, is an error without a word of what was sent or of
// what came.
func (c *Client) ask(ctx context.Context, method, path string, body any) (answer, error) {
	var data []byte
	if body != nil {
		var err error
		if data, err = encode(body); err != nil {
			return answer{}, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, c.to.JoinPath(path).String(), bytes.NewReader(data))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "amana")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return answer{}, c.unreached(ctx, err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return answer{}, c.unreached(ctx, err)
	case len(got) > maxAnswer:
		return answer{}, errNoPrimero
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return answer{}, fmt.Errorf("%s sends elsewhere instead of answering; write under server: the address at which its Primero answers itself", c.to.Host)
	}
	return answer{resp.StatusCode, resp.Header, got}, nil
}

// ErrUnanswered says that nothing came back, so that it is not known what was done there.
var ErrUnanswered = errors.New("no answer came")

// unreached words why nothing came back. The errors of the library may hold an address with what a proxy wants; the host is
// enough.
func (c *Client) unreached(ctx context.Context, err error) error {
	var timeout interface{ Timeout() bool }
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("%w from %s within a minute", ErrUnanswered, c.to.Host)
	}
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return fmt.Errorf("%w from %s: %v", ErrUnanswered, c.to.Host, err)
}

// encode writes JSON as a person can read it too.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("writing a record: %w", err)
	}
	return b.Bytes(), nil
}
