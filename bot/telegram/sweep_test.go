package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// shelve notes one message each of some chats, the lower the number the older, all due for wiping.
func (s *stage) shelve(chats int) {
	for i := range chats {
		u := s.user(int64(1000 + i))
		id := u.Send("hello")
		at := s.server.Now().Add(-47*time.Hour + time.Duration(i)*time.Second)
		_ = s.trail.Note(context.Background(), telegram.Trace{Person: person(u), Address: bot.Address(fmt.Sprintf("telegram:%d", u.ID())), IDs: []int64{int64(id)}, At: at})
	}
}

// due gives the chats that are still to be wiped; what was heard since is young.
func (s *stage) due() (chats []bot.Address) {
	traces, _ := s.trail.Due(context.Background(), s.server.Now().Add(-46*time.Hour), 10_000)
	for _, t := range traces {
		chats = append(chats, t.Address)
	}
	return chats
}

func silent(context.Context, bot.Incoming) (bot.Reply, error) { return bot.Reply{}, nil }

// TestOnePassWipesAllThatIsDue opens a door that looks once: its next pass is hours away.
func TestOnePassWipesAllThatIsDue(t *testing.T) {
	const chats = 410
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) {
		o.Sweep = 10 * time.Hour
		o.Rates = telegram.Rates{Chat: 1000, ChatBurst: 1000, All: 10_000, AllBurst: 1000}
	})
	s.room.script = silent
	s.shelve(chats)
	s.server.Fault(telegramtest.Fault{Method: "deleteMessages", Kind: telegramtest.Flood, RetryAfter: 3600, Times: 1})
	s.open()
	s.until("all but the chat that has to wait are wiped", func() bool { return len(s.due()) == 1 })
	if s.due()[0] != "telegram:1000" {
		t.Error("the oldest was not asked for first")
	}
}

// crossTrail cannot forget, as when the disk is full.
type crossTrail struct{ *trail }

func (crossTrail) Forget(context.Context, telegram.Trace) error {
	return errors.New("writing: no space")
}

func TestAPassEndsAlsoWhenNothingCanBeForgotten(t *testing.T) {
	const chats = 210
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) {
		o.Sweep = 10 * time.Hour
		o.Rates = telegram.Rates{Chat: 1000, ChatBurst: 1000, All: 10_000, AllBurst: 1000}
	})
	s.opt.Trail = crossTrail{s.trail}
	s.room.script = silent
	s.shelve(chats)
	s.open()
	s.until("each is wiped", func() bool { return s.door.Counts().Wiped >= chats })
	time.Sleep(100 * time.Millisecond)
	if n := s.door.Counts().Wiped; n != chats {
		t.Errorf("%d messages of %d were wiped, some again and again", n, chats)
	}
}

func TestAPassIsLeftForLaterWhenNobodyAnswers(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Sweep = 2 * time.Second })
	s.room.script = silent
	s.shelve(20)
	s.server.Fault(telegramtest.Fault{Method: "deleteMessages", Kind: telegramtest.DropBefore, Times: 3})
	s.open()
	s.until("three calls were made in vain", func() bool { return count(s, "deleteMessages") >= 3 })
	time.Sleep(50 * time.Millisecond)
	if n := count(s, "deleteMessages"); n != 3 {
		t.Errorf("%d calls into the dark", n)
	}
	s.until("the next pass wipes all", func() bool { return len(s.due()) == 0 })
	if r := s.server.Requests("deleteMessages"); r[3].Params["chat_id"] != "1003" {
		t.Errorf("the next pass began with chat %s, which had failed before", r[3].Params["chat_id"])
	}
}
