package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// cable is the way to Telegram. Once it is cut, the door is as good as killed: nothing leaves it, and what it still knows
// is of no use to anybody.
type cable struct {
	http.RoundTripper
	cut atomic.Bool
}

func (c *cable) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.cut.Load() {
		return nil, errors.New("cut")
	}
	return c.RoundTripper.RoundTrip(r)
}

// killable makes a stage whose door can be killed.
func killable(t *testing.T, w way) (s *stage, kill func()) {
	s = w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 10 * time.Millisecond })
	s.room.script = echo
	kill = func() {
		s.opt.Transport.(*cable).cut.Store(true)
		_ = s.stop()
		s.plug()
	}
	s.plug()
	return s, kill
}

// plug gives the next door a way to Telegram of its own.
func (s *stage) plug() {
	own := &http.Transport{}
	s.t.Cleanup(own.CloseIdleConnections)
	s.opt.Transport = &cable{RoundTripper: own}
}

// waits lets so much time pass that Telegram hears of what was settled. One update is not.
func (s *stage) waits() {
	if s.way == webhook {
		time.Sleep(200 * time.Millisecond)
		s.until("what was settled is confirmed", func() bool { return s.server.Bot(telegramtest.Token).Pending() <= 1 })
		return
	}
	polls := s.door.Counts().Polls
	s.until("polls go on", func() bool { return s.door.Counts().Polls > polls+1 })
}

// TestAQuestionThatWasCutOffComesAfterTheStart lets the door go on for a while between the commit and the kill, as Telegram
// would hear then of what is already settled.
func TestAQuestionThatWasCutOffComesAfterTheStart(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s, kill := killable(t, w)
		s.server.Inject(`{}`)
		s.open()
		u := s.user(11)
		heal := s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.BadGateway})
		u.Send("they ask for money")
		s.until("it is committed", func() bool { return s.door.Counts().Heard == 1 })
		s.waits()
		kill()
		if n := s.server.Bot(telegramtest.Token).Pending(); n != 1 {
			t.Errorf("%d updates wait at Telegram: those that were answered, or were nothing to be heard, are confirmed", n)
		}
		heal()
		s.open()
		s.shows(u, "you: they ask for money")
		if got := s.room.texts(); len(got) != 1 {
			t.Errorf("applied: %q", got)
		}
	})
}

// TestWhatWasSaidIsConfirmedWithTheNextPoll holds that a kill repeats no answer that has left.
func TestWhatWasSaidIsConfirmedWithTheNextPoll(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s, kill := killable(t, w)
		s.open()
		u := s.user(11)
		u.Send("one")
		s.shows(u, "you: one")
		s.until("it is confirmed", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
		kill()
		s.open()
		u.Send("two")
		s.shows(u, "you: two")
		if n := sent(u, "you: one"); n != 1 {
			t.Errorf("said %d times", n)
		}
	})
}

func TestWhoeverLeftOrGetsNoAnswerIsOwedNothing(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Text == "hush" {
				return bot.Reply{}, nil
			}
			return echo(ctx, in)
		})
		a, b := s.user(11), s.user(12)
		a.Send("hush")
		s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Flood, RetryAfter: 1, Times: 1})
		b.Send("hello")
		s.until("the answer has to wait", func() bool { return s.door.Counts().Floods == 1 })
		b.Block()
		s.until("all is confirmed", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
	})
}

// TestAnswersThatCannotBeSentKeepNobodyFromBeingHeard holds back the answers of one chat for ten minutes, and then those
// of everybody, while more people write than Telegram shows at once.
func TestAnswersThatCannotBeSentKeepNobodyFromBeingHeard(t *testing.T) {
	const crowd = 250
	for name, fault := range map[string]telegramtest.Fault{
		"one chat has to wait": {Method: "sendMessage", Kind: telegramtest.Flood, RetryAfter: 600, Times: 1},
		"nothing can be sent":  {Method: "sendMessage", Kind: telegramtest.DropBefore},
	} {
		t.Run(name, func(t *testing.T) {
			s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 10 * time.Millisecond })
			s.room.script = echo
			heal := s.server.Fault(fault)
			s.open()
			first := s.user(11)
			first.Send("first")
			s.until("it is heard", func() bool { return s.door.Counts().Heard == 1 })
			for i := range crowd {
				s.user(int64(100 + i)).Send(fmt.Sprint(i))
			}
			s.until("everybody is heard", func() bool { return s.door.Counts().Heard == 1+crowd })
			heal()
			for i := range crowd {
				s.shows(s.user(int64(100+i)), fmt.Sprint("you: ", i))
			}
		})
	}
}

// TestAnUpdateThatWasGivenUpIsTriedAgainUnlessItsPersonWasTold kills the door between giving up and saying so.
func TestAnUpdateThatWasGivenUpIsTriedAgainUnlessItsPersonWasTold(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s, kill := killable(t, w)
		s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Text == "bad" {
				panic("index out of range")
			}
			return echo(ctx, in)
		}
		s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.BadGateway, Times: 40})
		s.open()
		u := s.user(11)
		u.Send("bad")
		s.until("it is given up", func() bool { return s.door.Counts().Poison == 1 })
		s.waits()
		kill()
		s.room.script = echo
		s.open()
		s.shows(u, "you: bad")
	})
}
