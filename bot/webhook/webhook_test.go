package webhook_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amana/bot"
	"amana/bot/webhook"
)

var at = time.Date(2026, 11, 20, 14, 37, 21, 0, time.UTC)

// agency is the other side: a real server on loopback, with a certificate that the door is told of.
type agency struct {
	*httptest.Server
	mu     sync.Mutex
	got    []http.Header
	bodies [][]byte
	answer func(http.ResponseWriter, *http.Request) // nil: yes
}

func newAgency(t *testing.T, answer func(http.ResponseWriter, *http.Request)) *agency {
	a := &agency{answer: answer}
	a.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		a.got, a.bodies = append(a.got, r.Header.Clone()), append(a.bodies, body)
		a.mu.Unlock()
		if a.answer != nil {
			a.answer(w, r)
		}
	}))
	a.Config.ErrorLog = nil
	t.Cleanup(a.CloseClientConnections)
	t.Cleanup(a.Close)
	return a
}

func (a *agency) ca() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate())
	return pool
}

func (a *agency) door(t *testing.T, fit func(*webhook.Options)) *webhook.Door {
	t.Helper()
	o := webhook.Options{
		Places: []webhook.Place{{Name: "agency", URL: a.URL + "/amana", Secrets: secrets(t, vectorSecret+" "+older), CA: a.ca()}},
		Now:    func() time.Time { return at },
	}
	if fit != nil {
		fit(&o)
	}
	d, err := webhook.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func notice() bot.Notice {
	return bot.Notice{
		ID: [16]byte{7}, Reader: "agency", Address: "webhook:agency", Event: "report", Code: "QRSTUV", Urgent: true,
		Deadline: at.Add(2*time.Hour + 31*time.Second),
	}
}

// What is posted is this and no more; it is signed with each secret, and a repeat is known for one.
func TestNotify(t *testing.T) {
	a := newAgency(t, nil)
	d := a.door(t, nil)
	plain, full := notice(), notice()
	full.ID[0], full.Kind, full.Area, full.Link = 8, "sea", "camp", "https://desk.example.org/#/report/QRSTUV"
	full.File = &bot.File{Name: "QRSTUV.amana", Bytes: []byte{0, 255, 1}}
	for _, n := range []bot.Notice{
		plain, plain, full, {ID: [16]byte{9}, Address: "webhook:agency", Event: "digest"},
		{ID: [16]byte{10}, Address: "webhook:agency", Event: "proof", Code: "482913"},
	} {
		if err := d.Notify(t.Context(), n, bot.Outgoing{Text: "words for people"}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		`{"type":"notice","event":"report","code":"QRSTUV","urgency":"urgent","deadline":"2026-11-20T16:37:00Z"}`,
		`{"type":"notice","event":"report","code":"QRSTUV","urgency":"urgent","deadline":"2026-11-20T16:37:00Z"}`,
		`{"type":"notice","event":"report","code":"QRSTUV","urgency":"urgent","deadline":"2026-11-20T16:37:00Z","link":"https://desk.example.org/#/report/QRSTUV","kind":"sea","area":"camp","file":"AP8B"}`,
		`{"type":"notice","event":"digest"}`,
		`{"type":"proof","digits":"482913"}`,
	}
	for n, w := range want {
		if d := cmp.Diff(w, string(a.bodies[n])); d != "" {
			t.Error(d)
		}
		for _, s := range []string{vectorSecret, older} {
			if _, err := webhook.Verify(secrets(t, s), a.got[n], a.bodies[n], at); err != nil {
				t.Errorf("message %d: %v", n, err)
			}
		}
	}
	if first, again, other := a.got[0].Get("Webhook-Id"), a.got[1].Get("Webhook-Id"), a.got[2].Get("Webhook-Id"); first != again || first == other || len(first) != 36 {
		t.Errorf("%q, again %q, another %q", first, again, other)
	}
	names := map[string]bool{}
	for name := range a.got[0] {
		names[name] = true
	}
	if d := cmp.Diff(map[string]bool{
		"Content-Type": true, "Content-Length": true, "User-Agent": true, "Accept-Encoding": true, "Webhook-Id": true,
		"Webhook-Timestamp": true, "Webhook-Signature": true, "Connection": true,
	}, names); d != "" {
		t.Error(d)
	}
	if a.got[0].Get("User-Agent") != "webhook" {
		t.Error("a header names the program")
	}
}

// Whatever the other side answers is judged by its number alone.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		after  string
		want   string
		gone   bool
		wait   time.Duration
	}{
		"gone":           {410, "", "the webhook is closed: the other side wants no more notices (410)", true, 0},
		"not found":      {404, "", "the other side of the webhook does not take the notice (404)", false, 0},
		"not allowed":    {401, "60", "the other side of the webhook does not take the notice (401)", false, 0},
		"broken":         {500, "60", "the other side of the webhook takes nothing just now (500)", false, 0},
		"too many":       {429, "90", "the other side of the webhook takes nothing just now (429)", false, 90 * time.Second},
		"not now":        {503, "Fri, 20 Nov 2026 14:47:21 GMT", "the other side of the webhook takes nothing just now (503)", false, 10 * time.Minute},
		"not this year":  {503, "31536000", "the other side of the webhook takes nothing just now (503)", false, time.Hour},
		"yesterday":      {503, "Thu, 19 Nov 2026 14:47:21 GMT", "the other side of the webhook takes nothing just now (503)", false, 0},
		"no time at all": {429, "-5", "the other side of the webhook takes nothing just now (429)", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAgency(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", c.after)
				http.Error(w, "https://cases.example.org/secret says no to ana", c.status)
			})
			err := a.door(t, nil).Notify(t.Context(), notice(), bot.Outgoing{})
			if err == nil || err.Error() != c.want || errors.Is(err, webhook.ErrGone) != c.gone {
				t.Errorf("it says %v", err)
			}
			if wait, ok := webhook.After(err); wait != c.wait || ok != (c.wait > 0) {
				t.Errorf("it waits %v", wait)
			}
		})
	}
	if _, ok := webhook.After(errors.New("another door's")); ok {
		t.Error("another error asks to wait")
	}
}

// What is too long for the other side goes without its file, at once, as the same notice.
func TestWithoutTheFile(t *testing.T) {
	most := int64(1 << 20) // as stock web servers have it
	a := newAgency(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > most {
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		}
	})
	n := notice()
	n.File = &bot.File{Name: "QRSTUV.amana", Load: func() ([]byte, error) { return make([]byte, 1<<20), nil }}
	if err := a.door(t, nil).Notify(t.Context(), n, bot.Outgoing{}); err != nil {
		t.Fatal(err)
	}
	if want := `{"type":"notice","event":"report","code":"QRSTUV","urgency":"urgent","deadline":"2026-11-20T16:37:00Z"}`; len(a.bodies) != 2 || string(a.bodies[1]) != want {
		t.Errorf("%d messages, the last %.200s", len(a.bodies), a.bodies[len(a.bodies)-1])
	}
	if a.got[0].Get("Webhook-Id") != a.got[1].Get("Webhook-Id") {
		t.Error("without its file it is another notice")
	}
	most = 10
	err := a.door(t, nil).Notify(t.Context(), n, bot.Outgoing{})
	if err == nil || !strings.Contains(err.Error(), "let it, and the web server before it, take 2 MiB (413)") || errors.Is(err, webhook.ErrGone) || len(a.bodies) != 4 {
		t.Errorf("after %d messages it says %v", len(a.bodies), err)
	}
}

// A redirect is not followed, to wherever it leads.
func TestRedirect(t *testing.T) {
	var reached atomic.Bool
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(inner.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		a := newAgency(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inner.URL, status) })
		err := a.door(t, nil).Notify(t.Context(), notice(), bot.Outgoing{})
		if err == nil || !strings.HasPrefix(err.Error(), "the webhook leads elsewhere") || errors.Is(err, webhook.ErrGone) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if reached.Load() {
		t.Error("a redirect was followed")
	}
}

// A body that never ends is not read: only the status counts.
func TestHugeAnswer(t *testing.T) {
	var written atomic.Int64
	ended := make(chan struct{})
	a := newAgency(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		piece := bytes.Repeat([]byte("x"), 1<<16)
		for r.Context().Err() == nil {
			n, err := w.Write(piece)
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	})
	if err := a.door(t, nil).Notify(t.Context(), notice(), bot.Outgoing{}); err != nil {
		t.Error(err)
	}
	<-ended
	if n := written.Load(); n > 64<<20 {
		t.Errorf("%d bytes went out to be thrown away", n)
	}
}

// Nothing goes to whoever cannot show that they are who is meant; and whoever is slow costs the time-out alone.
func TestNobodyElse(t *testing.T) {
	for name, c := range map[string]struct {
		fit  func(*testing.T, *webhook.Options)
		want string
	}{
		"an unknown authority": {func(_ *testing.T, o *webhook.Options) { o.Places[0].CA = x509.NewCertPool() }, "the certificate of the webhook is not trusted: it must be valid, for the host of its address, and of a known authority or that of its ca: in the configuration"},
		"another name": {func(_ *testing.T, o *webhook.Options) {
			o.Places[0].URL = strings.Replace(o.Places[0].URL, "127.0.0.1", "localhost", 1)
		}, "the certificate of the webhook is not trusted: it must be valid, for the host of its address, and of a known authority or that of its ca: in the configuration"},
		"no TLS there": {func(t *testing.T, o *webhook.Options) {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			o.Places[0].URL = "https://" + s.Listener.Addr().String()
		}, "no TLS came about with the webhook"},
		"nobody listens": {func(_ *testing.T, o *webhook.Options) { o.Places[0].URL = "https://127.0.0.1:1/" }, "the other side of the webhook cannot be reached"},
		"it never answers": {func(t *testing.T, o *webhook.Options) {
			o.Timeout, o.Places[0].URL = 200*time.Millisecond, "http://"+silent(t, nil)
		}, "the other side of the webhook does not answer in time"},
		"it answers by letters": {func(t *testing.T, o *webhook.Options) {
			o.Timeout, o.Places[0].URL = 300*time.Millisecond, "http://"+silent(t, []byte("HTTP/1.1 200 OK\r\nX: xxxxxxxxxxxxxxxxxxxxxxxx"))
		}, "the other side of the webhook does not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAgency(t, nil)
			began := time.Now()
			err := a.door(t, func(o *webhook.Options) { c.fit(t, o) }).Notify(t.Context(), notice(), bot.Outgoing{})
			if err == nil || err.Error() != c.want || len(a.got) > 0 {
				t.Errorf("it says %v", err)
			}
			if time.Since(began) > time.Minute {
				t.Errorf("it took %v", time.Since(began))
			}
		})
	}
}

// silent accepts connections and says what it says a letter at a time, or nothing.
func silent(t *testing.T, words []byte) string {
	t.Helper()
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
			go func() {
				for _, b := range words {
					time.Sleep(30 * time.Millisecond)
					if _, err := c.Write([]byte{b}); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// Whoever stops the program waits for nobody, and it counts as not sent.
func TestStopped(t *testing.T) {
	a := newAgency(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	if err := a.door(t, nil).Notify(ctx, notice(), bot.Outgoing{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// A file gets the time that it takes on a slow line.
func TestFileGetsTime(t *testing.T) {
	a := newAgency(t, func(http.ResponseWriter, *http.Request) { time.Sleep(2500 * time.Millisecond) })
	d := a.door(t, func(o *webhook.Options) { o.Timeout = time.Second }) // which a handshake has for itself, too
	n := notice()
	if err := d.Notify(t.Context(), n, bot.Outgoing{}); err == nil {
		t.Error("a notice without a file waited longer than it may")
	}
	n.File = &bot.File{Bytes: make([]byte, 128<<10)}
	if err := d.Notify(t.Context(), n, bot.Outgoing{}); err != nil {
		t.Error(err)
	}
}

func TestPlaces(t *testing.T) {
	a := newAgency(t, nil)
	for _, address := range []bot.Address{"webhook:other", "webhook:", "agency", "mail:agency"} {
		n := notice()
		n.Address = address
		if err := a.door(t, nil).Notify(t.Context(), n, bot.Outgoing{}); err == nil || errors.Is(err, webhook.ErrGone) || len(a.got) > 0 {
			t.Errorf("%q: %v", address.Reveal(), err)
		}
	}
	for _, u := range []string{"https://cases.example.org/a?b=c", "https://10.0.0.1:8443/", "http://127.0.0.1:9/x", "http://[::1]/", "http://localhost:8"} {
		if err := webhook.CheckURL(u); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
	for _, u := range []string{
		"", "cases.example.org", "http://cases.example.org", "http://127.0.0.1.example.org/", "http://10.0.0.1/", "ftp://cases.example.org", "https://",
		"https://u:p@cases.example.org", "https://cases.example.org/#x", "file:///etc/passwd", "https:cases.example.org", "http://localhost.example.org/",
	} {
		if err := webhook.CheckURL(u); err == nil {
			t.Errorf("%s may be posted to", u)
		}
		if _, err := webhook.New(webhook.Options{Places: []webhook.Place{{Name: "x", URL: u, Secrets: secrets(t, older)}}}); err == nil {
			t.Errorf("%s makes a door", u)
		}
	}
	if _, err := webhook.New(webhook.Options{Places: []webhook.Place{{Name: "x", URL: "https://cases.example.org"}}}); err == nil {
		t.Error("a place without a secret makes a door")
	}
	if out, err := json.Marshal(secrets(t, older)); err != nil || string(out) != "[{}]" {
		t.Errorf("a secret writes itself: %s, %v", out, err)
	}
}
