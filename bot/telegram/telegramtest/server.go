package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server is a Bot API for some bots. Make it with [New], open it with [Server.Start] or [Server.Listen].
type Server struct {
	options Options
	table   *table
	faults  *faults
	record  *record

	mu    sync.RWMutex
	bots  map[string]*Bot // by token
	first *Bot
	shift time.Duration // see Advance

	forwards map[string]string // see Forward

	http *http.Server
	url  string
	quit chan struct{}
	once sync.Once
}

// TB is as much of testing.TB as the server needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// New makes a server that does not listen yet. It panics when the embedded table cannot be read.
func New(o Options) *Server {
	t, err := readTable(tableText)
	if err != nil {
		panic("telegramtest: " + err.Error())
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Hammer == 0 {
		o.Hammer = 3 * time.Second
	}
	if o.MaxPoll == 0 {
		o.MaxPoll = 50 * time.Second
	}
	if o.KeepRequests == 0 {
		o.KeepRequests = 10_000
	}
	if o.HookRetry == 0 {
		o.HookRetry = time.Second
	}
	if o.HookTimeout == 0 {
		o.HookTimeout = time.Minute
	}
	if len(o.Bots) == 0 {
		o.Bots = []BotOptions{{Token: Token}}
	}
	s := &Server{options: o, table: t, faults: newFaults(o.Seed), record: newRecord(o.KeepRequests),
		bots: map[string]*Bot{}, forwards: map[string]string{}, quit: make(chan struct{})}
	for _, b := range o.Bots {
		s.bots[b.Token] = newBot(s, b)
	}
	s.first = s.bots[o.Bots[0].Token]
	return s
}

// Start opens the server for the length of a test. When the test ends it is closed, and every violation that was
// not forgiven is an error of the test.
func (s *Server) Start(t TB) *Server {
	t.Helper()
	if err := s.Listen(); err != nil {
		t.Fatalf("starting the Bot API: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		s.Close()
		if s.options.Lenient {
			return
		}
		for _, v := range s.Violations() {
			t.Errorf("the bot broke a rule of the Bot API: %s", v)
		}
	})
	return s
}

// Listen opens the server on a free port of the loopback interface.
func (s *Server) Listen() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	s.url = "http://" + l.Addr().String()
	s.http = &http.Server{Handler: s}
	go s.http.Serve(l) //nolint:errcheck // it ends with Close
	return nil
}

// URL is the server's address without a trailing slash, for this program or for a child of it.
func (s *Server) URL() string { return s.url }

// Close ends all polls and all connections.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.quit)
		if s.http != nil {
			s.http.Close()
		}
	})
}

// Bot gives the bot with this token, nil if there is none.
func (s *Server) Bot(token string) *Bot {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.bots[token]
}

// Revoke makes a token unknown, as BotFather does: its calls are answered 401 from now on.
func (s *Server) Revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.bots, token)
}

// Advance moves the server's clock forward, on top of Options.Now.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	s.shift += d
	s.mu.Unlock()
}

// Now is the server's time.
func (s *Server) Now() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.options.Now().Add(s.shift)
}

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
		token, path, _ := strings.Cut(rest, "/")
		s.serveFile(w, s.Bot(token), path)
		return
	}
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		s.write(w, nil, &refusal{code: 404, text: "Not Found"}, nil)
		return
	}
	b := s.Bot(token)
	if b == nil {
		s.write(w, nil, &refusal{code: 401, text: "Unauthorized"}, nil)
		return
	}
	s.serveCall(w, r, b, method)
}

// serveCall reads, checks and plays one call, with the faults that are planned for it.
func (s *Server) serveCall(w http.ResponseWriter, r *http.Request, b *Bot, method string) {
	body := &watched{ReadCloser: r.Body}
	r.Body = body
	c, err := readCall(method, r)
	if body.cut {
		return // whoever was calling is dead, and broke no rule
	}
	if o := s.table.methods[strings.ToLower(method)]; o != nil {
		c.method = o.name
	}
	switch {
	case errors.Is(err, errTooLarge):
		s.finish(w, b, c, nil, &refusal{code: 413, text: "Request Entity Too Large"}, nil)
		return
	case err != nil:
		s.finish(w, b, c, nil, wrong("can't parse request", "%v", err), nil)
		return
	}
	s.record.hook(Before, b, c, nil)
	f := s.faults.next(b.token, c.method)
	if f != nil && f.early() {
		s.record.add(s.Now(), b, c, 0, "fault: "+f.Kind.String())
		s.record.hook(After, b, c, nil)
		f.instead(w)
		return
	}
	result, refused := s.play(r.Context(), b, c)
	s.finish(w, b, c, result, refused, f)
}

func (s *Server) play(ctx context.Context, b *Bot, c *call) (any, *refusal) {
	name := strings.ToLower(c.method)
	o := s.table.methods[name]
	if o == nil {
		r := &refusal{code: 404, text: "Not Found: method not found", violation: "unknown method " + c.method}
		if s.table.foreign[name] {
			r.violation = "method " + c.method + " is not played here"
		}
		return nil, r
	}
	if r := s.table.check(o, c); r != nil {
		return nil, r
	}
	return b.play(ctx, c)
}

// finish records the call and writes its answer.
func (s *Server) finish(w http.ResponseWriter, b *Bot, c *call, result any, refused *refusal, f *Fault) {
	status, text := 200, ""
	if refused != nil {
		status, text = refused.code, refused.text
		if refused.violation != "" {
			s.record.violate(Violation{Bot: b.ID(), Method: c.method, Detail: refused.violation, Answer: refused.text})
		}
	}
	s.record.add(s.Now(), b, c, status, text)
	s.record.hook(After, b, c, refused)
	s.write(w, result, refused, f)
}

// write sends an answer in the form of the Bot API, spoilt by the fault if there is one.
func (s *Server) write(w http.ResponseWriter, result any, refused *refusal, f *Fault) {
	var body []byte
	status := 200
	if refused == nil {
		body = answerOK(result)
	} else {
		status = refused.code
		body = answerRefused(refused)
		if refused.retryAfter > 0 {
			w.Header().Set("Retry-After", fmt.Sprint(refused.retryAfter))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if f != nil {
		f.after(w, status, body, s.quit)
		return
	}
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the bot went away
}

// answerOK avoids marshalling the updates twice: their JSON may be broken on purpose.
func answerOK(result any) []byte {
	body := []byte(`{"ok":true,"result":`)
	switch r := result.(type) {
	case json.RawMessage:
		body = append(body, r...)
	default:
		b, err := json.Marshal(r)
		if err != nil {
			panic("telegramtest: marshalling an answer: " + err.Error())
		}
		body = append(body, b...)
	}
	return append(body, '}')
}

func answerRefused(r *refusal) []byte {
	type parameters struct {
		RetryAfter int   `json:"retry_after,omitempty"`
		MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	}
	a := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: r.code, Description: r.text}
	if r.retryAfter != 0 || r.migrateTo != 0 {
		a.Parameters = &parameters{r.retryAfter, r.migrateTo}
	}
	b, _ := json.Marshal(a) // plain fields
	return b
}
