package casework

import (
	"sync"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// lacked remembers how many messages of a report a key does not open, for as long as its thread does not grow: an inbox of
// forty reports would otherwise open forty threads whenever somebody looks at it.
type lacked struct {
	mu   sync.Mutex
	seen map[lackedOf]lackedAt
}

type lackedOf struct {
	report ticket.ID
	key    string
}

type lackedAt struct{ length, lacks int }

// mostLacked bounds what is remembered; beyond it all is reckoned anew.
const mostLacked = 50_000

// of counts them for a report that lies under a key. What is damaged opens for nobody, and is not counted.
func (c *lacked) of(rd *store.Read, l ticket.Line, under seal.KeyID, key string) (int, error) {
	length, err := rd.ThreadLength(under, l.ID)
	if err != nil && !unreadable(err) {
		return 0, err
	}
	c.mu.Lock()
	at, known := c.seen[lackedOf{l.ID, key}]
	c.mu.Unlock()
	if known && err == nil && at.length == length {
		return at.lacks, nil
	}
	thread, err := rd.Thread(under, l.ID)
	if err != nil {
		if unreadable(err) {
			err = nil
		}
		return covered(thread).lacks(key), err
	}
	at = lackedAt{length, covered(thread).lacks(key)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil || len(c.seen) >= mostLacked {
		c.seen = map[lackedOf]lackedAt{}
	}
	c.seen[lackedOf{l.ID, key}] = at
	return at.lacks, nil
}
