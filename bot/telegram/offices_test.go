package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/kv/mem"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// officeOf gives the office of a door over a store that several processes share.
func officeOf(s *mem.Store, terms *atomic.Int32) func(context.Context, func(context.Context) error) error {
	return func(ctx context.Context, work func(context.Context) error) error {
		for ctx.Err() == nil {
			term, err := s.Campaign(ctx, "hear")
			if err != nil {
				continue
			}
			terms.Add(1)
			bound, stop := context.WithCancel(term.Bind(ctx))
			go func() {
				select {
				case <-term.Done():
				case <-bound.Done():
				}
				stop()
			}()
			err = work(bound)
			lost := ctx.Err() == nil
			stop()
			_ = term.Resign(context.WithoutCancel(ctx))
			if err != nil || !lost {
				return err
			}
		}
		return nil
	}
}

// A process that lost the office while it slept writes nothing more. Another one is brought what that had not settled, and
// answers it once; and the first hears again, by the same door, when its turn comes.
func TestOfficeGoesToAnotherDoor(t *testing.T) {
	first := mem.New(nil)
	second := first.Join(nil)
	var paused atomic.Bool
	release, reached := make(chan struct{}), make(chan struct{}, 1)
	var refused atomic.Int32
	commits := func(s *mem.Store, sleeps bool) func(context.Context, bot.Incoming) (bot.Reply, error) {
		return func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			if sleeps && paused.CompareAndSwap(true, false) {
				reached <- struct{}{}
				<-release
			}
			err := s.Update(ctx, kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("heard "+in.Text), nil) })
			if errors.Is(err, kv.ErrDeposed) {
				refused.Add(1)
			}
			if err != nil {
				return bot.Reply{}, err
			}
			return say("you: " + in.Text), nil
		}
	}
	var termsA, termsB atomic.Int32
	a := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Office = officeOf(first, &termsA) })
	a.room.script = commits(first, true)
	a.open()
	u := a.user(11)
	u.Send("one")
	a.shows(u, "you: one")

	b := &stage{t: t, server: a.server, room: &room{script: commits(second, false)}, trail: &trail{}, closer: &closer{}, log: &notes{}, way: polling, opt: a.opt}
	b.opt.Hearer, b.opt.Closer, b.opt.Trail, b.opt.Office = b.room, b.closer, b.trail, officeOf(second, &termsB)
	b.open()
	b.until("another process waits for the office", func() bool { return first.Asking("hear") == 2 })

	paused.Store(true)
	u.Send("two")
	<-reached
	first.Depose("hear")
	b.shows(u, "you: two")
	close(release)
	b.until("the first one was refused and asks again", func() bool { return refused.Load() > 0 && first.Asking("hear") == 2 })
	u.Send("three")
	b.shows(u, "you: three")
	time.Sleep(50 * time.Millisecond)
	for _, words := range []string{"you: one", "you: two", "you: three"} {
		if n := sent(u, words); n != 1 {
			t.Errorf("%q was said %d times", words, n)
		}
	}
	if got := a.room.texts(); len(got) != 1 {
		t.Errorf("who lost the office has heard %q", got)
	}
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	u.Send("four")
	a.shows(u, "you: four")
	if termsA.Load() != 2 || termsB.Load() != 1 {
		t.Errorf("%d and %d terms", termsA.Load(), termsB.Load())
	}
}

// Where updates are brought now to one process and now to another, none writes over a question that another one may have
// followed up: it would change far above what the person looks at, who would wait below it.
func TestBroughtToTwoDoors(t *testing.T) {
	both := func(ctx context.Context, work func(context.Context) error) error { return work(ctx) }
	script := func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		out := ask("after "+in.Text+in.Tap, "yes")
		out.Replace = true
		return bot.Reply{Outs: []bot.Outgoing{out}}, nil
	}
	a := webhook.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Office = both })
	a.room.script = script
	a.open()
	b := &stage{t: t, server: a.server, room: &room{script: script}, trail: &trail{}, closer: &closer{}, log: &notes{}, way: webhook, opt: a.opt}
	b.opt.Hearer, b.opt.Closer, b.opt.Trail = b.room, b.closer, b.trail
	bring := func(s *stage) { a.server.Forward(hookHost, s.front) }
	front := a.front
	b.open()
	a.front = front
	u := a.user(11)
	for n, s := range []*stage{a, b, a, a} {
		bring(s)
		words := fmt.Sprint("word ", n)
		u.Send(words)
		a.shows(u, "after "+words)
		if last, _ := u.Screen().Last(); last.Text != "after "+words {
			t.Errorf("what is shown last is %q", last.Text)
		}
	}
	bring(b)
	if err := u.Tap("yes"); err != nil {
		t.Fatal(err)
	}
	screen := a.shows(u, "after t:yes")
	if last, _ := screen.Last(); last.Text != "after t:yes" || screen.Has("after word 3") {
		t.Errorf("the question that was tapped is not written over:\n%s", screen)
	}
}

// What is typed to one process takes the buttons off the question that another one has asked, by webhook and after an office
// has moved: they share the trail.
func TestTypedToAnotherDoor(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		both := func(ctx context.Context, work func(context.Context) error) error { return work(ctx) }
		script := func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			return bot.Reply{Answered: in.Text, Outs: []bot.Outgoing{ask("after "+in.Text, "yes")}}, nil
		}
		a := w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Office = both })
		a.room.script = script
		a.open()
		u := a.user(11)
		buttons := func() (with []string) {
			for _, m := range u.Screen() {
				if len(m.Rows) > 0 {
					with = append(with, m.Text)
				}
			}
			return with
		}
		u.Send("one")
		a.shows(u, "after one")
		a.until("it is noted what was asked", func() bool { return a.trail.size() == 2 })
		if err := a.stop(); err != nil {
			t.Fatal(err)
		}
		b := &stage{t: t, server: a.server, room: &room{script: script}, trail: a.trail, closer: &closer{}, log: &notes{}, way: w, opt: a.opt}
		b.opt.Hearer, b.opt.Closer = b.room, b.closer
		b.open()
		for n, words := range []string{"two", "three"} {
			u.Send(words)
			b.shows(u, "after "+words)
			b.until("it is noted", func() bool { return b.trail.size() == 4+2*n })
			if got := buttons(); !slices.Equal(got, []string{"after " + words}) {
				t.Errorf("buttons stand below %q", got)
			}
		}
		if calls := len(a.server.Requests("editMessageReplyMarkup")); calls == 0 {
			t.Error("nothing was edited without its words")
		}
	})
}
