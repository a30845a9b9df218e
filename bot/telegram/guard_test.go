package telegram_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

const secret = "AmanaTestTokenAmanaTestTokenAmana01"

// hostile are servers that fail in every way that a network knows. Some of them repeat what they were asked, as proxies do.
func hostile(t *testing.T) map[string]http.RoundTripper {
	to := func(url string) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.URL.Host = strings.TrimPrefix(strings.TrimPrefix(url, "http://"), "https://")
			r.URL.Scheme, _, _ = strings.Cut(url, ":")
			return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		})
	}
	serve := func(h http.HandlerFunc) http.RoundTripper {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return to(s.URL)
	}
	echo := func(r *http.Request) string { b, _ := io.ReadAll(r.Body); return r.URL.String() + string(b) }
	refused, _ := net.Listen("tcp", "127.0.0.1:0")
	refused.Close()
	tlsServer := httptest.NewUnstartedServer(http.NotFoundHandler())
	tlsServer.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	tlsServer.StartTLS()
	t.Cleanup(tlsServer.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	raw := func(answer string) http.RoundTripper {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				head := make([]byte, 200)
				n, _ := c.Read(head)
				fmt.Fprintf(c, answer, head[:n])
				if answer == "" {
					_ = c.(*net.TCPConn).SetLinger(0)
				}
				c.Close()
			}
		}()
		return to("http://" + l.Addr().String())
	}
	return map[string]http.RoundTripper{
		"refused":     to("http://" + refused.Addr().String()),
		"no name":     to("http://no-such-host.invalid"),
		"reset":       raw(""),
		"not http":    raw("%s is what you asked"),
		"cut off":     raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"result\":\"%s"),
		"bad chunk":   raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz%s\r\n"),
		"certificate": to(tlsServer.URL),
		"not tls":     to(strings.Replace(plain.URL, "http:", "https:", 1)),
		"tls alert": transport(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("proxy said %s: %w", r.URL, tls.AlertError(40))
		}),
		"plain error": transport(func(r *http.Request) (*http.Response, error) { return nil, errors.New("asking " + r.URL.String()) }),
		"redirect": serve(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1"+r.URL.Path, http.StatusTemporaryRedirect)
		}),
		"moved here": serve(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere"+r.URL.Path, http.StatusFound)
		}),
		"html": serve(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprint(w, "<html>", echo(r))
		}),
		"page":  serve(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>please sign in to ", echo(r)) }),
		"array": serve(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "[%q]", echo(r)) }),
		"wrong types": serve(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"ok":true,"result":%q,"parameters":%q}`, echo(r), echo(r))
		}),
		"echo": serve(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"ok":false,"error_code":400,"description":%q}`, "Bad Request: "+echo(r))
		}),
		"empty":   serve(func(http.ResponseWriter, *http.Request) {}),
		"endless": serve(func(w http.ResponseWriter, r *http.Request) { endless(w) }),
		"slow": serve(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}),
	}
}

func endless(w io.Writer) {
	b := bytes.Repeat([]byte("spam "), 1<<16)
	for {
		if _, err := w.Write(b); err != nil {
			return
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNoErrorOfTheNetworkTellsTheToken(t *testing.T) {
	const words = "the words of a person"
	for name, rt := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			var log notes
			d, err := telegram.New(telegram.Options{
				Token: telegramtest.Token, Transport: rt, Hearer: &room{}, Names: names{},
				Log:   slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				Words: sentences,
				Retry: 2 * time.Millisecond, Grace: 20 * time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- d.Run(ctx) }()
			limit := time.Minute
			if name == "slow" {
				limit = 200 * time.Millisecond
			}
			wait, release := context.WithTimeout(ctx, limit)
			defer release()
			var all []string
			for _, out := range []bot.Outgoing{{Text: words}, {Text: words, File: &bot.File{Name: "x.age", Bytes: []byte(words)}}} {
				err := d.Send(wait, "telegram:4711", []bot.Outgoing{out})
				if err == nil && name != "wrong types" {
					t.Error("a message was sent through a dead network")
				}
				all = append(all, fmt.Sprintf("%v %+v %#v %q", err, err, err, err))
				for ; err != nil; err = errors.Unwrap(err) {
					all = append(all, err.Error())
				}
				if name == "slow" {
					break
				}
			}
			cancel()
			all = append(all, fmt.Sprint(<-done), log.String())
			text := strings.Join(all, "\n")
			for _, never := range []string{secret, "1000001:", words, "words+of", "4711", "please sign in"} {
				if strings.Contains(text, never) {
					t.Errorf("%q was told:\n%s", never, text)
				}
			}
			t.Log(all[0])
		})
	}
}

// TestNothingAboutPersonsIsLogged walks a conversation with everything that can go wrong and looks at each line.
func TestNothingAboutPersonsIsLogged(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Fetch = func(bot.Address) bool { return true } })
	s.trail.broken = true
	s.closer.failures = 1
	s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
		switch in.Text {
		case "marker-panic":
			panic("marker-panic")
		case "marker-error":
			return bot.Reply{}, errors.New("committing marker-error of telegram:555000111")
		}
		return bot.Reply{Toast: "marker-toast", Answered: "marker-answered", Outs: []bot.Outgoing{
			ask("marker-question "+strings.Repeat("x", 5000), "marker-label"), {Text: "marker-receipt", Closing: bot.ClosingID{1}}, {}}}, nil
	}
	for _, f := range []telegramtest.Fault{
		{Method: "sendMessage", Kind: telegramtest.BadGateway, Every: 3, Times: 3}, {Method: "sendMessage", Kind: telegramtest.Truncated, Every: 4, Times: 2},
		{Method: "getUpdates", Kind: telegramtest.Truncated, Every: 3, Times: 2}, {Method: "getFile", Kind: telegramtest.DropAfter, Times: 1},
		{Method: "editMessageText", Kind: telegramtest.Flood, Times: 1}, {Method: "getUpdates", Kind: telegramtest.Conflict, Every: 2, Times: 2},
	} {
		s.server.Fault(f)
	}
	s.open()
	u := s.server.User(555000111, telegramtest.UserOptions{FirstName: "marker-first", LastName: "marker-last", Username: "marker_user", Language: "en"})
	u.Start("marker-payload")
	s.shows(u, "marker-question")
	for _, text := range []string{"marker-panic", "marker-error", "marker-story"} {
		u.Send(text)
	}
	_ = u.Tap("marker-label")
	u.SendDocument("marker-file.pdf", []byte("marker-bytes"))
	u.SendContact("+21190marker", "marker-contact")
	s.until("all is heard", func() bool {
		s.server.User(555000222, telegramtest.UserOptions{}).Send("marker-more") // others go on
		time.Sleep(20 * time.Millisecond)
		return s.door.Counts().Poison >= 2 && s.door.Counts().Heard >= 8
	})
	u.Block()
	s.until("it is noticed", func() bool { return s.door.Counts().Heard >= 9 })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	log := s.log.String()
	for _, never := range []string{"marker", "555000", secret, "%!"} {
		if strings.Contains(log, never) {
			t.Errorf("%q is in the log:\n%s", never, log)
		}
	}
	if len(log) == 0 {
		t.Error("nothing was logged, so nothing was proven")
	}
	for _, in := range s.room.all() {
		if strings.Contains(fmt.Sprintf("%+v", in), "marker-first") || strings.Contains(in.Text, "marker-contact") || strings.Contains(in.Text, "+2119") {
			t.Error("a name or a number went further than the door")
		}
	}
}
