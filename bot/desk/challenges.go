package desk

import (
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"sync"
	"time"
)

// A challenge can be answered for so long, and so many lie open at once: of all, and of one person.
const (
	challengeLives   = 2 * time.Minute
	mostChallenges   = 512
	mostOfOnePersons = 4
)

// challenge is a secret that was sealed to somebody's key.
type challenge struct {
	who
	secret [32]byte
	made   time.Time
}

// who wants to sign in, or has: with which key, as its fingerprint, and from which browser.
type who struct {
	person, key string
	browser     [16]byte
	name        [32]byte // of person and browser, for the pace
}

type challenges struct {
	now  func() time.Time
	rand io.Reader

	mu sync.Mutex
	by map[string]challenge
}

func newChallenges(now func() time.Time, rand io.Reader) *challenges {
	return &challenges{now: now, rand: rand, by: map[string]challenge{}}
}

// put keeps the secret of a challenge, and gives its name. Only who proved to hold the device key gets one, so that nobody
// else can push them out.
func (c *challenges) put(w who, secret [32]byte) (id string, err error) {
	var raw [16]byte
	if _, err := io.ReadFull(c.rand, raw[:]); err != nil {
		return "", fmt.Errorf("making a challenge: %w", err)
	}
	id = hex.EncodeToString(raw[:])
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.by, func(_ string, x challenge) bool { return now.Sub(x.made) >= challengeLives })
	c.trim(mostOfOnePersons, func(x challenge) bool { return x.person == w.person })
	c.trim(mostChallenges, func(challenge) bool { return true })
	c.by[id] = challenge{w, secret, now}
	return id, nil
}

func (c *challenges) trim(most int, of func(challenge) bool) {
	oldest, n := "", 0
	for id, x := range c.by {
		if !of(x) {
			continue
		}
		if n == 0 || x.made.Before(c.by[oldest].made) {
			oldest = id
		}
		n++
	}
	if n >= most {
		delete(c.by, oldest)
	}
}

// answer uses a challenge up, and says whose it is if the answer is right.
func (c *challenges) answer(id string, answer []byte) (w who, ok bool) {
	c.mu.Lock()
	x, found := c.by[id]
	delete(c.by, id)
	c.mu.Unlock()
	defer clear(x.secret[:])
	right := subtle.ConstantTimeCompare(answer, x.secret[:]) == 1
	return x.who, found && right && c.now().Sub(x.made) < challengeLives
}
