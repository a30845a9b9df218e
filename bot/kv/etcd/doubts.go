//go:build etcd

package etcd

import (
	"sync"
	"time"

	"amana/bot/kv"
)

// doubts are the ids of updates of this process whose callers heard kv.ErrUnknown. Whoever asks again under one must not
// hear that nothing was written before that is certain of the earlier attempt as well, so such a call begins with a bar.
type doubts struct {
	mu    sync.Mutex
	since map[kv.ID]time.Time
}

// inFlight is how long a request may be on its way, by far.
const inFlight = time.Hour

func (d *doubts) add(id kv.ID) {
	if id.IsZero() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	for id, at := range d.since {
		if now.Sub(at) > inFlight {
			delete(d.since, id)
		}
	}
	if d.since == nil {
		d.since = map[kv.ID]time.Time{}
	}
	d.since[id] = now
}

func (d *doubts) has(id kv.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, has := d.since[id]
	return has
}

func (d *doubts) settle(id kv.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.since, id)
}
