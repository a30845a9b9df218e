package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"amana/bot/telegram"
)

// telegramConfig says how updates come. Without a webhook the bots ask for them.
type telegramConfig struct {
	Webhook string `yaml:"webhook"` // the public address, under which each bot has a path
	Listen  string `yaml:"listen"`  // where what ends TLS passes them on
}

// check says what cannot work, without repeating the address: its path may be there to be guessed by nobody.
func (c *telegramConfig) check() (bad []string) {
	if c.Webhook == "" && c.Listen == "" {
		return nil
	}
	u, err := url.Parse(c.Webhook)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		!slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()) {
		bad = append(bad, "telegram: webhook must be an address like https://bot.example.org/path, on port 443, 80, 88 or 8443, for that is all that Telegram visits; take telegram out to have the bots ask for updates")
	}
	if err := loopback(c.Listen); err != nil {
		bad = append(bad, fmt.Sprintf("telegram: %v; a web server on this machine ends TLS for the webhook and passes on there what comes", err))
	}
	return bad
}

// hook gives the webhook of one bot. Its secret lives as long as the process.
func (c *telegramConfig) hook(bot string) *telegram.Webhook {
	if c.Webhook == "" {
		return nil
	}
	return &telegram.Webhook{URL: c.address(bot), Secret: rand.Text()}
}

func (c *telegramConfig) address(bot string) string {
	return strings.TrimSuffix(c.Webhook, "/") + "/" + bot
}

// hooks serve the webhooks of the bots.
type hooks struct {
	server *http.Server
	doors  map[string]http.Handler // by path

	refuses func() bool // what comes is for another process
}

// listenHooks opens the listener of the webhooks, nil where the bots ask for updates themselves. It answers at once, and the
// doors say by themselves whether they hear.
func listenHooks(h *house, people, staff *telegram.Door) (*hooks, error) {
	c := h.config.Telegram
	if c.Webhook == "" {
		return nil, nil
	}
	s := &hooks{doors: map[string]http.Handler{}, refuses: h.refuses}
	for name, d := range botsOf(people, staff) {
		u, err := url.Parse(c.address(name))
		if err != nil {
			return nil, errors.New("opening the listener for the webhook: the address cannot be read")
		}
		s.doors[u.Path] = d
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("opening the listener for the webhook: %w", err)
	}
	s.server = &http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: stdlog.New(io.Discard, "", 0), // it would tell who came, and what they sent
	}
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

func (s *hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d := s.doors[r.URL.Path]
	if d == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if s.refuses() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	d.ServeHTTP(w, r)
}

// close ends once what the doors have settled was said to Telegram.
func (s *hooks) close() {
	if s == nil {
		return
	}
	ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	if s.server.Shutdown(ctx) != nil {
		s.server.Close()
	}
}
