package telegram_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// TestWhoIsOverSaysNothing: what a process cannot hear any more, since another has the database or an older one came into its
// place, is brought to the next, and nobody is told that it was not saved.
func TestWhoIsOverSaysNothing(t *testing.T) {
	for _, why := range []error{bot.ErrNewer, bot.ErrOver} {
		bothWays(t, func(t *testing.T, w way) {
			var over atomic.Bool
			var refused atomic.Int64
			s := w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.GiveUp = 200 * time.Millisecond })
			s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
				if over.Load() {
					refused.Add(1)
					return bot.Reply{}, fmt.Errorf("committing: %w", why)
				}
				return echo(ctx, in)
			}
			s.open()
			over.Store(true)
			u := s.user(11)
			u.Send("one")
			s.until("it was refused", func() bool { return refused.Load() > 0 })
			time.Sleep(400 * time.Millisecond)
			if err := s.stop(); err != nil {
				t.Fatal(err)
			}
			over.Store(false)
			s.open()
			s.shows(u, "you: one")
			if sent(u, notSaved) != 0 || sent(u, isLost) != 0 {
				t.Errorf("%v: said %d times that it is tried, %d times that it is lost", why, sent(u, notSaved), sent(u, isLost))
			}
		})
	}
}
