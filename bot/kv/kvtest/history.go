package kvtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"amana/bot/kv"
)

// History is what writers did, and what they were told of it.
type History struct {
	begun time.Time

	mu      sync.Mutex
	until   time.Time // when doubt may be left as it is; zero while the writers work
	begins  int       // updates
	lists   map[string]bool
	ops     []porcupine.Operation
	acked   map[string]time.Duration // by entry: when
	refused map[string]error
	doubted int
	open    int
	slowest time.Duration
}

// deed is an entry that was added to a list, or a reading of one if there is no entry.
type deed struct{ list, entry string }

// seen is the list as it was before, if that is known.
type seen struct {
	list string
	read bool
}

func newHistory() *History {
	return &History{begun: time.Now(), lists: map[string]bool{}, acked: map[string]time.Duration{}, refused: map[string]error{}}
}

func (h *History) now() int64 { return int64(time.Since(h.begun)) }

// list gives the list that is written to now: one of two, and new ones after a while.
func (h *History) list() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := fmt.Sprintf("list/%d/%d", h.begins/(2*entriesOf), h.begins%2)
	h.begins++
	h.lists[list] = true
	return list
}

func (h *History) note(who int, called int64, d deed, s seen, returned int64) {
	h.ops = append(h.ops, porcupine.Operation{ClientId: who, Input: d, Call: called, Output: s, Return: returned})
}

func (h *History) saw(who int, called int64, d deed, s seen) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(who, called, d, s, h.now())
}

func (h *History) acknowledge(who int, called int64, d deed, s seen) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(who, called, d, s, h.now())
	h.acked[d.entry] = time.Since(h.begun)
}

// leaveOpen notes what may happen at any time, or never.
func (h *History) leaveOpen(who int, called int64, d deed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(who, called, d, seen{}, math.MaxInt64)
	h.open++
}

func (h *History) refuse(entry string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused[entry] = err
}

func (h *History) doubt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.doubted++
}

func (h *History) took(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.slowest = max(h.slowest, d)
}

func (h *History) over() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.until.IsZero() && time.Now().After(h.until)
}

// Since says how long the writers have been at work.
func (h *History) Since() time.Duration { return time.Since(h.begun) }

// Acknowledged says how many updates were acknowledged between two times.
func (h *History) Acknowledged(from, to time.Duration) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.acked {
		if at >= from && at <= to {
			n++
		}
	}
	return n
}

// Gap is the longest time between two times in which nothing was acknowledged.
func (h *History) Gap(from, to time.Duration) (longest time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	times := []time.Duration{from, to}
	for _, at := range h.acked {
		if at > from && at < to {
			times = append(times, at)
		}
	}
	slices.Sort(times)
	for i, at := range times[1:] {
		longest = max(longest, at-times[i])
	}
	return longest
}

// Slowest is how long the longest single update or view took to answer.
func (h *History) Slowest() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.slowest
}

// Refused says how many updates were refused.
func (h *History) Refused() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.refused)
}

func (h *History) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprintf("%d acknowledged, %d refused, %d in doubt of which %d stayed so, slowest answer %v",
		len(h.acked), len(h.refused), h.doubted, h.open, h.slowest.Round(time.Millisecond))
}

// Check reads what is there once the writers have stopped and says what is wrong with it: an entry that was acknowledged
// and is not there, or twice; one that was refused and is there; one that is there by half; or answers that no order of
// the updates could have given.
func (h *History) Check(ctx context.Context, st Engine) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	called, there, err := h.now(), map[string][]kv.Pair{}, error(nil)
	for _, shelf := range []string{"list/", "report/", "notice/"} {
		if there[shelf], err = All(ctx, st, shelf); err != nil {
			return fmt.Errorf("reading what is there: %w", err)
		}
	}
	var wrong []error
	count, lists := map[string]int{}, map[string]string{}
	for _, p := range there["list/"] {
		lists[string(p.Key)] = string(p.Value)
		for _, entry := range entries(string(p.Value)) {
			if count[entry]++; count[entry] == 2 {
				wrong = append(wrong, fmt.Errorf("%s is there twice", entry))
			}
		}
	}
	for list := range h.lists {
		h.note(0, called, deed{list: list}, seen{lists[list], true}, h.now())
	}
	for entry := range h.acked {
		if count[entry] == 0 {
			wrong = append(wrong, fmt.Errorf("%s was acknowledged and is lost", entry))
		}
	}
	for entry, why := range h.refused {
		if count[entry] > 0 {
			wrong = append(wrong, fmt.Errorf("%s is there and was refused: %w", entry, why))
		}
		if !errors.Is(why, kv.ErrAway) && !errors.Is(why, kv.ErrBusy) && !errors.Is(why, kv.ErrDeposed) {
			wrong = append(wrong, fmt.Errorf("%s was refused for another reason than there was: %w", entry, why))
		}
	}
	for _, shelf := range []string{"report/", "notice/"} {
		n := 0
		for _, p := range there[shelf] {
			if count[strings.TrimPrefix(string(p.Key), shelf)] > 0 {
				n++
			} else {
				wrong = append(wrong, fmt.Errorf("%s is there by itself", p.Key))
			}
		}
		if n != len(count) {
			wrong = append(wrong, fmt.Errorf("%d entries have %d of %s", len(count), n, shelf))
		}
	}
	switch porcupine.CheckOperationsTimeout(listModel, h.ops, time.Minute) {
	case porcupine.Illegal:
		wrong = append(wrong, errors.New("no order of the updates explains what was answered"))
	case porcupine.Unknown:
		wrong = append(wrong, errors.New("within a minute no order of the updates was found"))
	}
	return errors.Join(wrong...)
}

// All reads every pair whose key begins so.
func All(ctx context.Context, st Engine, shelf string) (pairs []kv.Pair, err error) {
	from, to := kv.Prefix([]byte(shelf))
	for from != nil && err == nil {
		err = st.View(ctx, func(r kv.Reader) error {
			page, err := r.Scan(from, to, kv.MaxScan)
			pairs, from = append(pairs, page...), nil
			if len(page) == kv.MaxScan {
				from = kv.After(page[len(page)-1].Key)
			}
			return err
		})
	}
	return pairs, err
}

// listModel is how lists behave, each by itself: an entry goes to the end of what was there, and a reading sees all of it.
var listModel = porcupine.Model{
	Partition: func(ops []porcupine.Operation) (parts [][]porcupine.Operation) {
		by := map[string][]porcupine.Operation{}
		for _, op := range ops {
			list := op.Input.(deed).list
			by[list] = append(by[list], op)
		}
		for _, part := range by {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		list, d, s := state.(string), input.(deed), output.(seen)
		if s.read && s.list != list {
			return false, state
		}
		if d.entry != "" {
			list += d.entry + " "
		}
		return true, list
	},
}
