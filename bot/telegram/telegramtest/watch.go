package telegramtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Screen is what is in the chat now.
func (u *User) Screen() Screen {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	return u.chat.screen()
}

func (ch *chat) screen() Screen {
	s := make(Screen, 0, len(ch.order))
	for _, id := range ch.order {
		s = append(s, ch.messages[id].Message)
	}
	return s
}

// Transcript is everything that ever happened in the chat.
func (u *User) Transcript() []Event {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	return slices.Clone(u.chat.events)
}

// Seen says whether the bot ever showed these words, in a message or as a toast, deleted since or not.
func (u *User) Seen(words string) bool {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	return slices.ContainsFunc(u.chat.events, func(e Event) bool {
		return e.Message.FromBot && (strings.Contains(e.Message.Text, words) || e.Kind == Toasted && strings.Contains(e.Text, words))
	})
}

// Wait waits until the screen is as wanted. The error holds the screen as it was when the context ended.
func (u *User) Wait(ctx context.Context, wanted func(Screen) bool) (Screen, error) {
	return u.bot.await(ctx, u.chat, wanted)
}

// WaitText waits until a message of the bot contains the words.
func (u *User) WaitText(ctx context.Context, words string) (Screen, error) {
	return u.Wait(ctx, func(s Screen) bool { return s.Has(words) })
}

// WaitSeen waits until the bot has shown these words at any time, as [User.Seen] says.
func (u *User) WaitSeen(ctx context.Context, words string) error {
	_, err := u.Wait(ctx, func(Screen) bool { return u.Seen(words) })
	return err
}

func (b *Bot) await(ctx context.Context, ch *chat, wanted func(Screen) bool) (Screen, error) {
	for {
		b.mu.Lock()
		s, changed := ch.screen(), ch.changed
		b.mu.Unlock()
		if wanted(s) {
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s, fmt.Errorf("waiting for the chat to change: %w; it shows:\n%s", ctx.Err(), s)
		}
	}
}

// Within is a context that ends after d, for waits in tests that have no context of their own.
func Within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	context.AfterFunc(ctx, cancel)
	return ctx
}
