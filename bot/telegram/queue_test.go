package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// office opens a post office in the bubble of the test; its hours pass in no time.
func office(t *testing.T, r Rates) (*post, *counts, *[]int64) {
	c := &counts{}
	var gone []int64
	if r.Chat == 0 {
		r = Rates{Chat: 1000, ChatBurst: 1000, All: 1000, AllBurst: 1000}
	}
	p := newPost(r, time.Second, c, func(chat int64) { gone = append(gone, chat) })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { p.run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return p, c, &gone
}

var (
	down    = &Fault{Method: "sendMessage", Code: 502, kind: temporary, what: "down"}
	blocked = &Fault{Method: "sendMessage", Code: 403, kind: gone, what: "blocked"}
)

func TestAnswersAreRepeatedForTenMinutesAndNotLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _ := office(t, Rates{})
		var tries atomic.Int32
		began := time.Now()
		var last time.Duration
		_ = p.add(lineKey{chat: 1}, &errand{run: func(context.Context) error {
			tries.Add(1)
			last = time.Since(began)
			return down
		}})
		p.drained(t.Context())
		if last < keepTrying || last > keepTrying+time.Minute || c.Lost.Load() != 1 {
			t.Errorf("given up after %v", last)
		}
		if n := tries.Load(); n < 15 || n > 40 {
			t.Errorf("%d attempts in %v", n, last)
		}
	})
}

func TestOrderHoldsThroughFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{})
		var said [4][]int
		for chat := range int64(4) {
			for i := range 20 {
				failures := (i * int(chat+1)) % 3
				_ = p.add(lineKey{chat: chat}, &errand{paced: i%2 == 0, run: func(context.Context) error {
					if failures--; failures >= 0 {
						return down
					}
					said[chat] = append(said[chat], i)
					return nil
				}})
			}
		}
		p.drained(t.Context())
		for chat, got := range said {
			if len(got) != 20 || !slices.IsSorted(got) {
				t.Errorf("chat %d: %v", chat, got)
			}
		}
	})
}

func TestRatesBoundWhatIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{Chat: 1, ChatBurst: 4, All: 30, AllBurst: 30})
		sent := make([]atomic.Int32, 100)
		for chat := range sent {
			for range 10 {
				_ = p.add(lineKey{chat: int64(chat + 1)}, &errand{paced: true, run: func(context.Context) error { sent[chat].Add(1); return nil }})
			}
		}
		total := func() (n int32) {
			for i := range sent {
				n += sent[i].Load()
			}
			return n
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if n := total(); n > 31 {
			t.Errorf("%d at once", n)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := total(); n < 320 || n > 335 {
			t.Errorf("%d after ten seconds", n)
		}
		p.drained(t.Context())
		if total() != 1000 {
			t.Errorf("%d in all", total())
		}
	})
}

func TestOneChatAloneIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{Chat: 1, ChatBurst: 3, All: 30, AllBurst: 30})
		var at []time.Duration
		began := time.Now()
		for range 6 {
			_ = p.add(lineKey{chat: 1}, &errand{paced: true, run: func(context.Context) error { at = append(at, time.Since(began)); return nil }})
		}
		acked := time.Duration(-1)
		_ = p.add(lineKey{chat: 1, ack: true}, &errand{run: func(context.Context) error { acked = time.Since(began); return nil }})
		p.drained(t.Context())
		if acked > 100*time.Millisecond || at[2] > 100*time.Millisecond || at[3] < 900*time.Millisecond || at[5] < 2900*time.Millisecond || at[5] > 3200*time.Millisecond {
			t.Errorf("acknowledged after %v, sent at %v", acked, at)
		}
	})
}

func TestAClosedChatIsEmptiedAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, gone := office(t, Rates{})
		var told, ran atomic.Int32
		done := make(chan error, 1)
		_ = p.add(lineKey{chat: 7},
			&errand{run: func(context.Context) error { time.Sleep(time.Second); return blocked }},
			&errand{run: func(context.Context) error { ran.Add(1); return nil }, left: func() { told.Add(1) }},
			&errand{run: func(context.Context) error { ran.Add(1); return nil }, ctx: t.Context(), done: done})
		p.drained(t.Context())
		synctest.Wait()
		if err := <-done; !errors.Is(err, ErrGone) || told.Load() != 1 || ran.Load() != 0 || !slices.Equal(*gone, []int64{7}) || c.Blocked.Load() != 1 {
			t.Errorf("err %v, told %d, ran %d, gone %v", err, told.Load(), ran.Load(), *gone)
		}
	})
}

func TestAFloodedQueueDropsTheOldestWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _ := office(t, Rates{Chat: 1, ChatBurst: 1, All: 30, AllBurst: 30})
		var said []int
		stayed := false
		_ = p.add(lineKey{chat: 1}, &errand{stay: true, paced: true, run: func(context.Context) error { stayed = true; return nil }})
		for i := range 3 * queueLimit {
			_ = p.add(lineKey{chat: 1}, &errand{paced: true, run: func(context.Context) error { said = append(said, i); return nil }})
		}
		p.drained(t.Context())
		if !stayed || said[len(said)-1] != 3*queueLimit-1 || len(said) > queueLimit+1 || c.Dropped.Load() < 2*queueLimit-2 {
			t.Errorf("said %d, the last %d; dropped %d", len(said), said[len(said)-1], c.Dropped.Load())
		}
	})
}

func TestIdleLinesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, _ := office(t, Rates{})
		for chat := range int64(1000) {
			_ = p.add(lineKey{chat: chat + 1}, &errand{run: func(context.Context) error { return nil }})
		}
		p.drained(t.Context())
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.lines) > 0 {
			t.Errorf("%d lines are kept", len(p.lines))
		}
	})
}

func TestWhatIsLeftAtTheEndIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(Rates{Chat: 1, ChatBurst: 1, All: 1, AllBurst: 1}, time.Second, &counts{}, func(int64) {})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 3)
		for range 3 {
			_ = p.add(lineKey{chat: 1}, &errand{paced: true, done: done, ctx: t.Context(), run: func(context.Context) error { return nil }})
		}
		ended := make(chan struct{})
		go func() { p.run(ctx); close(ended) }()
		time.Sleep(100 * time.Millisecond)
		cancel()
		<-ended
		got := fmt.Sprint(<-done, <-done, <-done)
		if got != fmt.Sprint(nil, ErrStopped, ErrStopped) || !errors.Is(p.add(lineKey{chat: 1}, &errand{}), ErrStopped) {
			t.Errorf("told %s", got)
		}
	})
}
