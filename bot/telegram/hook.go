package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	hookBody  = 1 << 20          // bytes of an update
	hookTime  = 25 * time.Second // how long Telegram waits for an update to be saved before it is asked to come again
	hookOwed  = 5 * time.Second  // how long it waits for the answer of one that was saved: its person may want to hide
	hookKnown = 10 * time.Minute // how long it is remembered that an update was taken over
	hookCrowd = 1000             // updates that are not settled, beyond which no more are taken
)

// hook is the door's side of a webhook: the requests that wait for their updates to be settled.
type hook struct {
	secret string
	most   int // requests at the same time

	mu      sync.Mutex
	open    bool // the door hears
	visits  []*visit
	strikes map[uint64]int // of what could not be read
	brought time.Time      // when Telegram came last, by the clock that tells ages
	ended   chan struct{}  // closed when nothing will be settled any more
}

// visit is one request that waits.
type visit struct {
	update int64
	leave  chan struct{} // closed when it has to make room
}

func newHook(w Webhook) *hook {
	return &hook{secret: w.Secret, most: w.Connections, strikes: map[uint64]int{}, ended: make(chan struct{})}
}

// ServeHTTP takes an update that Telegram brings to the webhook, and says 2xx once that is settled: saved and answered, or
// given up. Anything else makes Telegram bring it again, and whatever else its person says only after it; so an answer that
// cannot be sent keeps an update for some seconds only, and one that cannot be saved is tried on meanwhile. The path is
// nobody's business here: whoever knows the secret is Telegram.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := d.hook
	if h == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	given := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	if r.Method != http.MethodPost || subtle.ConstantTimeCompare([]byte(given), []byte(h.secret)) != 1 {
		d.count.Strangers.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if !h.come(d.opt.Now()) || d.window.unsettled() >= hookCrowd {
		later(w, time.Second)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hookBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		d.unreadable(w, body, http.StatusRequestEntityTooLarge)
		return
	case err != nil: // cut off on the way
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	id, _ := d.receive(body)
	if id == 0 {
		d.unreadable(w, body, http.StatusBadRequest)
		return
	}
	if !d.attend(r.Context(), id) {
		later(w, time.Second)
	}
}

// later asks Telegram to come again.
func later(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(after/time.Second)))
	w.WriteHeader(http.StatusServiceUnavailable)
}

// attend waits until an update is settled, and says whether it is. Of the updates that are owed an answer only, the oldest
// make room when most of Telegram's connections wait; where there are none of these, the oldest request does, and its
// update goes on being heard until Telegram comes again.
func (d *Door) attend(ctx context.Context, id int64) bool {
	settled := d.window.settlement(id)
	v := d.hook.enter(id, func(id int64) bool { return d.window.release(id, time.Now(), 0) })
	defer d.hook.exit(v)
	tick := time.NewTicker(hookOwed / 10)
	defer tick.Stop()
	for begun := time.Now(); ; {
		select {
		case <-settled:
			d.window.trim(time.Now())
			return true
		case <-v.leave:
			return false
		case <-ctx.Done():
			return false
		case <-d.hook.ended:
			select {
			case <-settled:
				return true
			default:
				return false
			}
		case now := <-tick.C:
			if !d.window.release(id, now, hookOwed) && now.Sub(begun) >= hookTime {
				return false
			}
		}
	}
}

// come notes that Telegram came, and says whether it may stay.
func (h *hook) come(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.brought = now
	return h.open
}

func (h *hook) came() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.brought
}

func (h *hook) set(open bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = open
}

func (h *hook) enter(id int64, release func(int64) bool) *visit {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := &visit{update: id, leave: make(chan struct{})}
	h.visits = append(h.visits, v)
	if len(h.visits) <= max(1, h.most*3/4) {
		return v
	}
	if !slices.ContainsFunc(h.visits, func(o *visit) bool { return release(o.update) }) {
		close(h.visits[0].leave)
		h.visits = h.visits[1:]
	}
	return v
}

func (h *hook) exit(v *visit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.visits = slices.DeleteFunc(h.visits, func(o *visit) bool { return o == v })
}

// unreadable refuses what cannot be read, and steps over it when it has come often enough: it would keep its person from
// being heard for a day.
func (d *Door) unreadable(w http.ResponseWriter, body []byte, status int) {
	d.opt.Log.Warn("an update that was brought could not be read")
	if d.hook.strike(body) < patience {
		w.WriteHeader(status)
		return
	}
	d.count.Poison.Add(1)
	d.opt.Log.Error("an update that cannot be read was stepped over")
}

// strike counts how often the same unreadable thing has come.
func (h *hook) strike(body []byte) int {
	sum := fnv.New64a()
	_, _ = sum.Write(body)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.strikes) >= 1000 {
		clear(h.strikes)
	}
	name := sum.Sum64()
	h.strikes[name]++
	n := h.strikes[name]
	if n >= patience {
		delete(h.strikes, name)
	}
	return n
}

// beBrought tells Telegram where to bring updates, and looks from time to time whether it still does, until ctx ends or the
// token turns out to be no longer valid.
func (d *Door) beBrought(ctx context.Context) error {
	d.hook.set(true) // Telegram may come before it has said that it will
	defer d.hook.set(false)
	for ctx.Err() == nil {
		if err := d.setHook(ctx); err != nil {
			return err
		}
		for {
			if !sleep(ctx, d.opt.Watch) {
				return nil
			}
			ours, err := d.watch(ctx)
			if errors.Is(err, ErrToken) {
				return fmt.Errorf("asking Telegram about the webhook: %w", err)
			}
			if err == nil && !ours {
				d.wire.pulse.taken(time.Now())
				d.count.Conflicts.Add(1)
				d.opt.Log.Warn("somebody else changed where this bot's updates go; setting the webhook again")
				break
			}
		}
	}
	return nil
}
