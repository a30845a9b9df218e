package store

import (
	"bytes"
	"sync"
)

// mostLooked is how many notices are remembered as they were opened.
const mostLooked = 20_000

// looked remembers notices that were opened. What waits for a door that is down is looked at every two seconds, and opening
// each of a thousand every time would be most of what the program does. A notice that was changed has other bytes, and is
// opened anew.
type looked struct {
	mu sync.Mutex
	at map[string]opened
}

type opened struct {
	value  []byte
	notice Waiting
}

// notice gives a notice as it was opened before, or opens it.
func (l *looked) notice(k, value []byte, open func(k, value []byte) (Waiting, error)) (Waiting, error) {
	l.mu.Lock()
	o, found := l.at[string(k)]
	l.mu.Unlock()
	if found && bytes.Equal(o.value, value) {
		return o.notice, nil
	}
	n, err := open(k, value)
	if err != nil {
		return n, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == nil {
		l.at = map[string]opened{}
	}
	if len(l.at) >= mostLooked && !found {
		for any := range l.at { // one of chance: the next look finds most of the others still there
			delete(l.at, any)
			break
		}
	}
	l.at[string(k)] = opened{bytes.Clone(value), n}
	return n, nil
}

// drop forgets one that is taken off the shelf.
func (l *looked) drop(k []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.at, string(k))
}
