package telegram_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// outage is a stage that cannot save until its switch is off.
func outage(t *testing.T, w way, giveUp time.Duration) (s *stage, full *atomic.Bool) {
	full = &atomic.Bool{}
	full.Store(true)
	s = w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.GiveUp = giveUp })
	s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
		if full.Load() {
			return bot.Reply{}, errFull
		}
		return echo(ctx, in)
	}
	return s.open(), full
}

func TestNotSavedIsSaidOncePerOutage(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s, full := outage(t, w, time.Minute)
		u := s.user(11)
		for range 2 {
			full.Store(true)
			failed := s.door.Counts().Failed
			u.Send("one")
			u.Send("two")
			s.until("a failure", func() bool { return s.door.Counts().Failed > failed+2 })
			full.Store(false)
			s.until("both are saved", func() bool { return len(s.room.texts())%2 == 0 && len(s.room.texts()) > 0 })
			s.room.mu.Lock()
			s.room.heard = nil
			s.room.mu.Unlock()
		}
		s.until("the answers are out", func() bool { return sent(u, "you: two") == 2 })
		if n := sent(u, notSaved); n != 2 {
			t.Errorf("said %d times in two outages", n)
		}
	})
}

// Nobody is told that something is not saved while nobody knows, and it is tried until it is known: said once, heard once.
func TestWhatNobodyKnowsIsSaidSo(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		var tries atomic.Int32
		s := w.start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			switch tries.Add(1) {
			case 1, 2:
				return bot.Reply{}, fmt.Errorf("writing a turn: %w", bot.ErrPerhaps)
			case 3:
				return bot.Reply{}, errFull
			}
			return echo(ctx, in)
		})
		u := s.user(11)
		u.Send("one")
		s.shows(u, "you: one")
		if sent(u, perhaps) != 1 || sent(u, notSaved) != 0 || sent(u, isLost) != 0 {
			t.Errorf("said %d times that nobody knows, %d times that it is not saved", sent(u, perhaps), sent(u, notSaved))
		}
	})
}

// By polling, since a webhook is not brought the second before the first is through.
func TestAnUpdateThatFailsForLongIsLostAndItsPersonIsTold(t *testing.T) {
	const long = 400 * time.Millisecond
	s, full := outage(t, polling, long)
	u := s.user(11)
	began := time.Now()
	u.Send("one")
	u.Send("two")
	s.shows(u, isLost)
	if took := time.Since(began); took < long {
		t.Errorf("lost after %v", took)
	}
	s.until("the one that waited behind it had its time, too", func() bool { return s.door.Counts().Poison == 2 })
	full.Store(false)
	u.Send("three")
	s.shows(u, "you: three")
	if got := s.room.texts(); !slices.Equal(got, []string{"three"}) {
		t.Errorf("heard %q", got)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if sent(u, notSaved) != 1 || sent(u, isLost) != 1 {
		t.Errorf("said %d times that it is tried, %d times that it is lost", sent(u, notSaved), sent(u, isLost))
	}
	s.open()
	u.Send("four")
	s.shows(u, "you: four")
	if got := s.room.texts(); !slices.Equal(got, []string{"three", "four"}) {
		t.Errorf("what was given up came again: %q", got)
	}
}

func TestWhatComesLateInAnOutageHasItsTime(t *testing.T) {
	s, full := outage(t, polling, 3*time.Second)
	u := s.user(11)
	u.Send("one")
	time.Sleep(1500 * time.Millisecond) // and as long must a busy machine not stand still
	u.Send("two")
	s.until("it waits behind the first", func() bool { return s.door.Counts().Updates >= 4 }) // the first comes with each poll
	s.shows(u, isLost)
	full.Store(false)
	s.shows(u, "you: two")
	if n := s.door.Counts().Poison; n != 1 {
		t.Errorf("%d updates were given up", n)
	}
}

func TestWhatWaitedBehindASlowTurnHasItsTime(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.GiveUp = time.Second })
	var failures atomic.Int32
	s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
		switch {
		case in.Text == "slow":
			time.Sleep(1200 * time.Millisecond)
		case failures.Add(1) <= 2:
			return bot.Reply{}, errFull
		}
		return echo(ctx, in)
	}
	u := s.user(11)
	u.Send("slow")
	u.Send("after")
	s.open()
	s.shows(u, "you: after")
}

func TestWhoeverIsGivenUpAsPoisonIsTold(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			if strings.HasPrefix(in.Text, "bad") {
				panic("index out of range")
			}
			return echo(ctx, in)
		})
		u := s.user(11)
		u.Send("bad")
		s.shows(u, isLost)
	})
}

// TestACrowdThatWaitsKeepsNobodyFromBeingHeard fills the lanes with people whose turn takes long, as in the kiln.
func TestACrowdThatWaitsKeepsNobodyFromBeingHeard(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		const crowd = 95 // with the one who hides in a page of updates, beyond which Telegram shows nothing
		hold := make(chan struct{})
		var waiting atomic.Int32
		s := w.start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Text == "send" {
				waiting.Add(1)
				<-hold
			}
			return say("answer to " + in.Text), nil
		})
		defer close(hold)
		for i := range crowd {
			s.user(int64(100 + i)).Send("send")
		}
		s.until("they wait", func() bool { return waiting.Load() >= 60 })
		u := s.user(11)
		u.Send("hide")
		s.shows(u, "answer to hide")
		s.until("all of them are heard", func() bool { return waiting.Load() == crowd })
	})
}
