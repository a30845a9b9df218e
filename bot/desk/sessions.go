package desk

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"amana/bot"
)

// How many sessions there are at most, and of one person. Who signs in beyond ends the one that was idle longest.
const (
	mostSessions = 2000
	mostOfOne    = 8
)

// session is somebody who has signed in, in one browser.
type session struct {
	who         // whose key opened the challenge, and from where
	begun, seen time.Time
	pace        *rate.Limiter
	mark        [32]byte // keys the marks of answers that are asked for again

	mu     sync.Mutex
	opened []handed // the latest last
}

// handed is a report that went out in a session: its voice messages can be fetched.
type handed struct {
	code   string
	voices []bot.File
}

// mostHanded bounds the reports whose voice messages a session remembers.
const mostHanded = 4

// keep remembers the voice messages of a report.
func (s *session) keep(code string, voices []bot.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = slices.DeleteFunc(s.opened, func(h handed) bool { return h.code == code })
	s.opened = append(s.opened, handed{code, voices})
	s.opened = slices.Delete(s.opened, 0, max(0, len(s.opened)-mostHanded))
}

// voice gives what loads a voice message that was handed out.
func (s *session) voice(code, name string) (bot.File, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.opened {
		if h.code != code {
			continue
		}
		for _, v := range h.voices {
			if v.Name == name {
				return v, true
			}
		}
	}
	return bot.File{}, false
}

// sessions are found by the hash of their token, so that a picture of the memory shows no token.
type sessions struct {
	idle time.Duration
	now  func() time.Time
	rand io.Reader

	mu sync.Mutex
	by map[[32]byte]*session
}

func newSessions(idle time.Duration, now func() time.Time, rand io.Reader) *sessions {
	return &sessions{idle: idle, now: now, rand: rand, by: map[[32]byte]*session{}}
}

// begin gives the token of a new session.
func (s *sessions) begin(w who) (token string, err error) {
	var raw [32]byte
	if _, err := io.ReadFull(s.rand, raw[:]); err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	var mark [32]byte
	if _, err := io.ReadFull(s.rand, mark[:]); err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(raw[:])
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.by, func(_ [32]byte, x *session) bool { return s.over(x, now) })
	s.trim(mostOfOne, func(x *session) bool { return x.person == w.person })
	s.trim(mostSessions, func(*session) bool { return true })
	s.by[sha256.Sum256([]byte(token))] = &session{who: w, begun: now, seen: now, pace: rate.NewLimiter(10, 60), mark: mark}
	return token, nil
}

// trim makes room for one more among those for which of says yes.
func (s *sessions) trim(most int, of func(*session) bool) {
	var oldest [32]byte
	n := 0
	for k, x := range s.by {
		if !of(x) {
			continue
		}
		if n == 0 || x.seen.Before(s.by[oldest].seen) {
			oldest = k
		}
		n++
	}
	if n >= most {
		delete(s.by, oldest)
	}
}

func (s *sessions) over(x *session, now time.Time) bool {
	return now.Sub(x.seen) >= s.idle || now.Sub(x.begun) >= longest
}

// find gives the session of a token, and notes that it is in use.
func (s *sessions) find(token string) (*session, bool) {
	if token == "" {
		return nil, false
	}
	name, now := sha256.Sum256([]byte(token)), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.by[name]
	if x == nil {
		return nil, false
	}
	if s.over(x, now) {
		delete(s.by, name)
		return nil, false
	}
	x.seen = now
	return x, true
}

// has says whether a token is that of a session, and notes nothing.
func (s *sessions) has(token string) bool {
	name, now := sha256.Sum256([]byte(token)), s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.by[name]
	return x != nil && !s.over(x, now)
}

// end ends the session of a token.
func (s *sessions) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.by, sha256.Sum256([]byte(token)))
}

// endAll ends every session of a person.
func (s *sessions) endAll(person string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.by, func(_ [32]byte, x *session) bool { return x.person == person })
}

// people lists whoever has a session.
func (s *sessions) people() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.by {
		if !slices.Contains(out, x.person) {
			out = append(out, x.person)
		}
	}
	return out
}
