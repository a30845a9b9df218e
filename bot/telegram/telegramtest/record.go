package telegramtest

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Request is one call that a bot made.
type Request struct {
	At     time.Time
	Bot    int64 // the bot's id
	Method string
	Params map[string]string // files by their name, as "file:<name>"
	Status int               // HTTP status; 0 when a fault answered instead
	Answer string            // the refusal's description, empty when it was granted
}

// Violation is a call that no correct bot makes.
type Violation struct {
	Bot    int64
	Method string
	Detail string // what was wrong, in our words
	Answer string // what the bot was told
}

// String tells a violation in one line.
func (v Violation) String() string { return fmt.Sprintf("%s: %s (%s)", v.Method, v.Detail, v.Answer) }

// Stage says when a hook is called.
type Stage int

// A hook is called before a call is processed, and after it with its answer not yet sent.
const (
	Before Stage = iota
	After
)

// record remembers calls, newest last, and violations.
type record struct {
	mu         sync.Mutex
	ring       []Request
	next       int
	full       bool
	violations []Violation
	hooks      []func(Stage, Request)
}

func newRecord(n int) *record { return &record{ring: make([]Request, n)} }

func (r *record) add(at time.Time, b *Bot, c *call, status int, answer string) {
	q := c.request(b)
	q.At, q.Status, q.Answer = at, status, answer
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ring[r.next] = q
	if r.next++; r.next == len(r.ring) {
		r.next, r.full = 0, true
	}
}

func (r *record) violate(v Violation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.violations = append(r.violations, v)
}

func (r *record) hook(stage Stage, b *Bot, c *call, refused *refusal) {
	r.mu.Lock()
	hooks := r.hooks
	r.mu.Unlock()
	if len(hooks) == 0 {
		return
	}
	q := c.request(b)
	if refused != nil {
		q.Status, q.Answer = refused.code, refused.text
	}
	for _, h := range hooks {
		h(stage, q)
	}
}

func (c *call) request(b *Bot) Request {
	q := Request{Bot: b.ID(), Method: c.method, Params: make(map[string]string, len(c.params))}
	for k, p := range c.params {
		if p.file != nil {
			q.Params[k] = "file:" + p.file.name
		} else {
			q.Params[k] = p.text
		}
	}
	return q
}

// Requests gives the calls that are remembered, oldest first: all of them, or those of the given methods.
func (s *Server) Requests(methods ...string) []Request {
	r := s.record
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.ring[:r.next]
	if r.full {
		all = append(append([]Request{}, r.ring[r.next:]...), all...)
	}
	var out []Request
	for _, q := range all {
		if len(methods) == 0 || slices.Contains(methods, q.Method) {
			out = append(out, q)
		}
	}
	return out
}

// Hook calls h before and after each call, in the goroutine of that call; a hook that waits holds the answer back.
// A test kills its child from here.
func (s *Server) Hook(h func(Stage, Request)) {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	s.record.hooks = append(s.record.hooks[:len(s.record.hooks):len(s.record.hooks)], h)
}

// Violations gives the violations that were not forgiven.
func (s *Server) Violations() []Violation {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	return append([]Violation(nil), s.record.violations...)
}

// Forgive forgets the violations so far and gives them, for a test that provokes them.
func (s *Server) Forgive() []Violation {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	v := s.record.violations
	s.record.violations = nil
	return v
}
