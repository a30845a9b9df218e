package telegram_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// ours gives the stacks of goroutines of this room.
func ours() (stacks []string) {
	buf := make([]byte, 1<<20)
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if (strings.Contains(g, "amana/bot/telegram.(*") || strings.Contains(g, "net/http.(*persistConn)")) && !strings.Contains(g, "telegram_test.ours") {
			stacks = append(stacks, g)
		}
	}
	return stacks
}

// TestRunEndsEveryGoroutine runs alone, so that every goroutine of the room is its own.
func TestRunEndsEveryGoroutine(t *testing.T) {
	s := buildAlone(t, telegramtest.Options{}, func(o *telegram.Options) {
		o.Faces = faces
		o.Grace = 200 * time.Millisecond
		o.Rates = telegram.Rates{Chat: 1, ChatBurst: 1}
	})
	s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
		switch in.Text {
		case "hang":
			<-ctx.Done()
			return bot.Reply{}, ctx.Err()
		case "fail":
			return bot.Reply{}, errFull
		}
		return say("1", "2", "3"), nil
	}
	s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Slow, Delay: 10 * time.Second, Every: 5})
	s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.DropAfter, Every: 3})
	s.open()
	for i, text := range []string{"hang", "fail", "talk", "talk", "talk"} {
		s.user(int64(11 + i)).Send(text)
	}
	s.until("all is under way", func() bool { return s.door.Counts().Heard >= 3 && s.door.Counts().Failed > 0 })
	began := time.Now()
	if err := s.stop(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("closing took %v", took)
	}
	var left []string
	for range 3000 {
		if left = ours(); len(left) == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if len(left) > 0 {
		t.Errorf("%d goroutines are left, such as\n%s", len(left), left[0])
	}
	if err := s.door.Send(t.Context(), "telegram:11", []bot.Outgoing{{Text: "late"}}); !errors.Is(err, telegram.ErrStopped) {
		t.Errorf("sending through a closed door: %v", err)
	}
	if s.door.Run(t.Context()) == nil {
		t.Error("a door runs once")
	}
}

func TestACleanStopSaysWhatWaits(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, nil)
		heard, hold := make(chan struct{}, 2), make(chan struct{})
		s.room.script = func(context.Context, bot.Incoming) (bot.Reply, error) {
			heard <- struct{}{}
			<-hold
			return say("one", "two", "three"), nil
		}
		s.open()
		u := s.user(11)
		u.Send("hello")
		<-heard
		ended := make(chan error)
		go func() { ended <- s.stop() }()
		time.Sleep(50 * time.Millisecond)
		close(hold)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if sent(u, "three") != 1 {
			t.Error("the last words were not said")
		}
		// An answer to a webhook may still be on its way back when the door has closed.
		s.until("everything is confirmed", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
		s.open()
		u.Send("again")
		s.until("it is answered", func() bool { return sent(u, "three") >= 2 })
		if c := s.door.Counts(); c.Heard != 1 || sent(u, "one") != 2 {
			t.Errorf("what was answered before the stop came again: %d answers, counts %+v", sent(u, "one"), c)
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	good := telegram.Options{Token: telegramtest.Token, Hearer: &room{}, Names: names{}, Words: sentences}
	for name, change := range map[string]func(*telegram.Options){
		"token":    func(o *telegram.Options) { o.Token = "a secret that is no token" },
		"path":     func(o *telegram.Options) { o.API = "not a url" },
		"password": func(o *telegram.Options) { o.API = "https://user:secret@example.org" },
		"percent":  func(o *telegram.Options) { o.API = "https://example.org/%s" },
		"hearer":   func(o *telegram.Options) { o.Hearer = nil },
		"names":    func(o *telegram.Options) { o.Names = nil },
		"words":    func(o *telegram.Options) { o.Words.Group = nil },
		"perhaps":  func(o *telegram.Options) { o.Words.Perhaps = nil },
		"lost":     func(o *telegram.Options) { o.Words.Lost = nil },
	} {
		o := good
		change(&o)
		if _, err := telegram.New(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := telegram.New(good); err != nil {
		t.Error(err)
	}
	if id, err := telegram.BotID(telegramtest.Token); id != "1000001" || err != nil {
		t.Errorf("bot %q, %v", id, err)
	}
}
