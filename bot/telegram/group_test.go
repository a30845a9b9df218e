package telegram_test

import (
	"context"
	"slices"
	"testing"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// A room that takes groups is told how one is joined, moved and left, and of what is said there only that something was,
// once a day; a sending to the old number tells the new one.
func TestAGroupOfStaff(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Groups = true })
		s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Kind == bot.Start {
				return say("joined"), nil
			}
			return bot.Reply{}, nil
		}
		s.open()
		u := s.user(21)
		g := s.server.Group(-500, u, telegramtest.GroupOptions{Title: "Night team"})
		g.Send(u, "/start@amana_test_bot s-word")
		for range 4 {
			g.Send(u, "has anybody read KQRSTV?")
		}
		s.until("joined, and once that something was said", func() bool { return len(s.room.all()) == 2 })
		super := g.Migrate(-1000000000500)
		s.until("moved", func() bool { return len(s.room.all()) == 3 })
		out := []bot.Outgoing{{Text: "the same as ever", Lang: "en"}}
		if err := s.door.Send(t.Context(), "telegram:-500", out); err == nil {
			t.Error("a sending to the old number arrived")
		}
		s.until("moved, as the sending told", func() bool { return len(s.room.all()) == 4 })
		if err := s.door.Send(t.Context(), "telegram:-1000000000500", out); err != nil {
			t.Error(err)
		}
		super.Remove(u)
		s.until("left", func() bool { return len(s.room.all()) == 5 })
		var kinds []bot.Kind
		for _, in := range s.room.all() {
			kinds = append(kinds, in.Kind)
			if !in.Group || in.Text != "" || in.Kind == bot.Moved && (in.Address != "telegram:-500" || in.Moved != "telegram:-1000000000500") {
				t.Errorf("%+v", in)
			}
		}
		if want := []bot.Kind{bot.Start, bot.Other, bot.Moved, bot.Moved, bot.Left}; !slices.Equal(kinds, want) || s.room.all()[0].Payload != "s-word" {
			t.Errorf("heard %v, want %v", kinds, want)
		}
		for _, m := range g.Screen() {
			if m.FromBot && m.Text != "joined" {
				t.Errorf("the group is told %q", m.Text)
			}
		}
	})
}
