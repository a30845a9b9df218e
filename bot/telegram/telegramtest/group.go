package telegramtest

import (
	"context"
	"fmt"
	"slices"
)

// Group is a group chat that a bot was added to.
type Group struct {
	bot  *Bot
	chat *chat
}

// GroupOptions describe a group.
type GroupOptions struct {
	Title      string
	Supergroup bool
	Admin      bool // the bot may delete what others write
}

// Group makes a group and adds the bot to it; by is who did so. The id is negative, as on Telegram.
func (b *Bot) Group(id int64, by *User, o GroupOptions) *Group {
	b.mu.Lock()
	defer b.mu.Unlock()
	kind := "group"
	if o.Supergroup {
		kind = "supergroup"
	}
	ch := b.newChat(wireChat{ID: id, Type: kind, Title: o.Title})
	ch.started, ch.admin = true, o.Admin
	g := &Group{b, ch}
	g.join(by)
	b.pushMember(ch, by.account, false)
	return g
}

// Group makes a group with the first bot.
func (s *Server) Group(id int64, by *User, o GroupOptions) *Group { return s.first.Group(id, by, o) }

func (g *Group) join(u *User) {
	g.chat.members[u.ID()] = true
	u.account.met = true
}

// ID is the chat's number.
func (g *Group) ID() int64 { return g.chat.ID }

// Send types a text in the group; whoever does so is a member from then on.
func (g *Group) Send(u *User, text string) int {
	b := g.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	g.join(u)
	id := 0
	for _, part := range cut(text) {
		m := b.put(g.chat, &message{Message: Message{Text: part, Entities: commandIn(part)}, from: &u.account.wireUser})
		if id = m.ID; !g.chat.blocked {
			b.push("message", g.chat, m.At.Add(messageLife), g.chat.wire(m))
		}
	}
	return id
}

// Tap taps a button in the group, found as in [User.Tap].
func (g *Group) Tap(u *User, label string) error {
	b := g.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	m, button, ok := g.chat.screen().Button(label)
	if !ok || button.Data == "" {
		return fmt.Errorf("tapping %q: %w", label, ErrNoButton)
	}
	g.join(u)
	b.tap(g.chat, u.account, g.chat.messages[m.ID], button.Data, button.Text)
	return nil
}

// Remove takes the bot out of the group.
func (g *Group) Remove(by *User) {
	g.bot.mu.Lock()
	defer g.bot.mu.Unlock()
	g.chat.blocked = true
	g.bot.pushMember(g.chat, by.account, true)
}

// Migrate makes the group a supergroup under a new number. Calls with the old number are refused with the new one,
// and both chats say so in a message.
func (g *Group) Migrate(to int64) *Group {
	b := g.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	super := b.newChat(wireChat{ID: to, Type: "supergroup", Title: g.chat.Title})
	super.started, super.admin, super.members = true, g.chat.admin, g.chat.members
	from := &wireUser{ID: 1087968824, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	for _, x := range []struct {
		ch *chat
		w  wireMessage
	}{{g.chat, wireMessage{MigrateTo: to}}, {super, wireMessage{MigrateFrom: g.chat.ID}}} {
		m := b.put(x.ch, &message{from: from, service: x.w})
		b.push("message", x.ch, m.At.Add(messageLife), x.ch.wire(m))
	}
	g.chat.migratedTo = to
	return &Group{b, super}
}

// Screen is what is in the group now.
func (g *Group) Screen() Screen {
	g.bot.mu.Lock()
	defer g.bot.mu.Unlock()
	return g.chat.screen()
}

// Transcript is everything that ever happened in the group.
func (g *Group) Transcript() []Event {
	g.bot.mu.Lock()
	defer g.bot.mu.Unlock()
	return slices.Clone(g.chat.events)
}

// Wait waits until the group's screen is as wanted.
func (g *Group) Wait(ctx context.Context, wanted func(Screen) bool) (Screen, error) {
	return g.bot.await(ctx, g.chat, wanted)
}
