package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

var errFull = errors.New("committing: no space left")

func TestOffsetWaitsForTheCommit(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 50 * time.Millisecond })
		entered := make(chan struct{}, 10)
		s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			entered <- struct{}{}
			<-ctx.Done() // the process is killed before the commit
			return bot.Reply{}, ctx.Err()
		}
		s.open()
		u := s.user(11)
		u.Send("they ask for money")
		<-entered
		time.Sleep(700 * time.Millisecond) // polls go on meanwhile
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		if len(s.room.all()) != 0 {
			t.Fatal("the room committed although it failed")
		}
		s.room.script = echo
		s.open()
		s.shows(u, "you: they ask for money")
		if got := s.room.texts(); !slices.Equal(got, []string{"they ask for money"}) {
			t.Fatalf("heard %q", got)
		}
	})
}

func TestCommittedUpdatesAreConfirmedByACleanStop(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.start(t, echo)
		u := s.user(11)
		u.Send("one")
		s.shows(u, "you: one")
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		// An answer to a webhook may still be on its way back when the door has closed.
		s.until("everything is confirmed", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
		s.open()
		u.Send("two")
		s.shows(u, "you: two")
		if n := sent(u, "you: one"); n != 1 {
			t.Errorf("%d answers to one message", n)
		}
		if got := s.room.texts(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("heard %q", got)
		}
	})
}

func TestPersonsAreHeardInOrderAndSideBySide(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		const people, each = 12, 8 // with the slow one's two they fit into one page, beyond which nothing can be seen
		blocked := make(chan struct{})
		var together, most atomic.Int32
		s := w.start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Text == "slow" {
				<-blocked
			}
			if n := together.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Millisecond)
			together.Add(-1)
			return bot.Reply{}, nil
		})
		slow := s.user(999)
		slow.Send("slow")
		slow.Send("after")
		for i := range each {
			for p := range people {
				s.user(int64(100 + p)).Send(fmt.Sprintf("%d/%d", p, i))
			}
		}
		s.until("everybody but the slow one is heard", func() bool { return len(s.room.all()) == people*each })
		close(blocked)
		s.until("the slow one too", func() bool { return len(s.room.all()) == people*each+2 })
		next := map[string]int{}
		for _, text := range s.room.texts() {
			p, i, _ := strings.Cut(text, "/")
			if text == "slow" || text == "after" {
				continue
			}
			if i != strconv.Itoa(next[p]) {
				t.Fatalf("person %s: heard %s, expected %d", p, i, next[p])
			}
			next[p]++
		}
		if got := s.room.texts(); got[len(got)-1] != "after" || got[len(got)-2] != "slow" {
			t.Error("the slow person was heard out of order")
		}
		if most.Load() < 2 {
			t.Error("nobody was heard side by side")
		}
	})
}

func TestNotSavedIsSaidOnceAndTheSameUpdateTriedAgain(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		var tries atomic.Int32
		s := w.start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Kind == bot.Text && tries.Add(1) <= 4 {
				return bot.Reply{}, errFull
			}
			return echo(ctx, in)
		})
		u := s.user(11)
		u.Send("first")
		u.Send("second")
		s.shows(u, "you: second")
		if n := sent(u, notSaved); n != 1 {
			t.Errorf("said %d times that it was not saved", n)
		}
		if got := s.room.texts(); !slices.Equal(got, []string{"first", "second"}) {
			t.Errorf("heard %q", got)
		}
		if strings.Contains(s.log.String(), "no space left") {
			t.Error("the log repeats the error of the room, which may hold words of a person")
		}
	})
}

func TestNothingIsGivenUpWhileNothingCanBeSaved(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		var full atomic.Bool
		full.Store(true)
		s := w.start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			if full.Load() {
				return bot.Reply{}, errFull
			}
			return echo(ctx, in)
		})
		a, b := s.user(11), s.user(12)
		a.Send("a")
		b.Send("b")
		s.until("many attempts", func() bool { return s.door.Counts().Failed > 16 })
		if n := s.door.Counts().Poison; n != 0 {
			t.Fatalf("%d updates given up", n)
		}
		full.Store(false)
		s.shows(a, "you: a")
		s.shows(b, "you: b")
	})
}

func TestPoisonIsGivenUpAndTheLaneGoesOn(t *testing.T) {
	for _, panics := range []bool{true, false} {
		t.Run(fmt.Sprintf("panics=%v", panics), func(t *testing.T) {
			s := start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
				if in.Text == "bad" && panics {
					panic("index out of range with a person's words")
				}
				if in.Text == "bad" {
					return bot.Reply{}, errFull
				}
				return echo(ctx, in)
			})
			u, other := s.user(11), s.user(12)
			u.Send("bad")
			u.Send("good")
			s.until("a failure", func() bool { return s.door.Counts().Failed > 0 })
			if !panics {
				other.Send("meanwhile")
				s.shows(other, "you: meanwhile")
			}
			s.shows(u, "you: good")
			c := s.door.Counts()
			if c.Poison != 1 || c.Failed < 5 {
				t.Errorf("counts %+v", c)
			}
			if strings.Contains(s.log.String(), "person's words") {
				t.Error("what a panic says reached the log")
			}
		})
	}
}

func TestConflictIsWaitedOut(t *testing.T) {
	s := build(t, telegramtest.Options{}, nil)
	s.room.script = echo
	s.server.Fault(telegramtest.Fault{Method: "getUpdates", Kind: telegramtest.Conflict, Times: 7})
	s.open()
	u := s.user(11)
	u.Send("here")
	s.shows(u, "you: here")
	if n := s.door.Counts().Conflicts; n != 7 {
		t.Errorf("%d conflicts counted", n)
	}
	if !strings.Contains(s.log.String(), "level=ERROR") {
		t.Error("no alarm after many conflicts in a row")
	}
}

func TestWebhookIsRemovedWithoutDroppingWhatWaits(t *testing.T) {
	s := build(t, telegramtest.Options{}, nil)
	s.room.script = echo
	u := s.user(11)
	hook(t, s.server)
	u.Send("sent while the webhook was set")
	s.open()
	s.shows(u, "you: sent while the webhook was set")
	if r := s.server.Requests("deleteWebhook"); len(r) != 1 || r[0].Params["drop_pending_updates"] == "true" {
		t.Errorf("deleteWebhook: %v", r)
	}
}

func TestRevokedTokenStopsTheDoor(t *testing.T) {
	s := start(t, echo)
	u := s.user(11)
	u.Send("hello")
	s.shows(u, "you: hello")
	s.server.Revoke(telegramtest.Token)
	u.Send("again")
	err := make(chan error, 1)
	go func() {
		for s.door.Counts().PollErrors == 0 {
			time.Sleep(time.Millisecond)
		}
		err <- s.stop()
	}()
	select {
	case e := <-err:
		if !errors.Is(e, telegram.ErrToken) {
			t.Errorf("the door closed with %v", e)
		}
	case <-time.After(time.Minute):
		t.Fatal("the door stays open without a token")
	}
}

func TestANetworkThatComesLateIsWaitedFor(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, nil)
		s.room.script = echo
		s.server.Fault(telegramtest.Fault{Method: "getMe", Kind: telegramtest.DropBefore, Times: 3})
		s.server.Fault(telegramtest.Fault{Method: "getUpdates", Kind: telegramtest.BadGateway, Times: 3})
		s.open()
		u := s.user(11)
		u.Send("hello")
		s.shows(u, "you: hello")
	})
}

func TestStrangeUpdatesBlockNobody(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.start(t, echo)
		before, after := s.user(11), s.user(12)
		before.Send("before")
		for _, raw := range strange {
			s.server.Inject(raw)
		}
		after.Send("after")
		s.shows(after, "you: after")
		s.shows(before, "you: before")
		if c := s.door.Counts(); c.Poison != 0 {
			t.Errorf("counts %+v", c)
		}
	})
}

func TestAnUnreadableUpdateIsSteppedOver(t *testing.T) {
	for name, raw := range map[string]string{
		"numbered":       `{"update_id":%d,"message":{"message_id":1,"text":"` + "\u0000" + `"}}`,
		"not numbered":   `{"message":{`,
		"never numbered": `{"update_id":"one","message":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, echo)
			before, after := s.user(11), s.user(12)
			before.Send("before")
			s.shows(before, "you: before")
			first := s.server.Inject(`{}`)
			s.server.Inject(strings.Replace(raw, "%d", strconv.Itoa(first+1), 1) + " ")
			s.server.Inject(`{}`)
			after.Send("after")
			s.shows(after, "you: after")
			if c := s.door.Counts(); c.Poison > 1 {
				t.Errorf("counts %+v", c)
			}
		})
	}
}

func TestFaultsOfThePollLoseNothing(t *testing.T) {
	for _, kind := range []telegramtest.FaultKind{telegramtest.DropAfter, telegramtest.Truncated, telegramtest.BadGatewayAfter, telegramtest.ServerError, telegramtest.Flood, telegramtest.Slow} {
		t.Run(kind.String(), func(t *testing.T) {
			s := build(t, telegramtest.Options{}, nil)
			s.room.script = echo
			s.server.Fault(telegramtest.Fault{Method: "getUpdates", Kind: kind, Every: 2, Times: 4, Delay: 100 * time.Millisecond})
			s.open()
			u := s.user(11)
			var want []string
			for i := range 10 {
				text := fmt.Sprint("message ", i)
				u.Send(text)
				want = append(want, text)
				time.Sleep(5 * time.Millisecond)
			}
			s.until("all are heard", func() bool { return len(s.room.texts()) >= len(want) })
			if got := s.room.texts(); !slices.Equal(got, want) {
				t.Errorf("heard %q", got)
			}
		})
	}
}
