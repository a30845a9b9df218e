package telegramtest

import (
	"fmt"
	"time"
)

// Edit changes a message that the person sent.
func (u *User) Edit(id int, text string) error {
	b := u.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	m := u.chat.messages[id]
	if m == nil || m.FromBot || u.chat.blocked {
		return fmt.Errorf("editing message %d: %w", id, ErrCannot)
	}
	m.Text, m.Entities = trim(clean(text)), nil
	m.Edited = b.server.Now().Truncate(time.Second)
	u.chat.note(Event{At: m.Edited, Kind: Corrected, Message: m.Message})
	b.push("edited_message", u.chat, m.Edited.Add(messageLife), u.chat.wire(m))
	return nil
}

// Clear deletes the whole chat on both sides, as a person can. The bot does not learn of it.
func (u *User) Clear() {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	clear(u.chat.messages)
	u.chat.order = nil
}

// Block stops the bot: it learns so, and its calls to the chat are refused from now on.
func (u *User) Block() { u.setBlocked(true) }

// Unblock lets the bot write again.
func (u *User) Unblock() { u.setBlocked(false) }

func (u *User) setBlocked(blocked bool) {
	b := u.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	if u.chat.blocked == blocked {
		return
	}
	u.chat.blocked = blocked
	b.pushMember(u.chat, u.account, blocked)
}

// pushMember tells the bot that it was let in or out.
func (b *Bot) pushMember(ch *chat, by *account, out bool) {
	zero, now := int64(0), b.server.Now()
	in := wireMember{Status: "member", User: b.user}
	gone := wireMember{Status: "kicked", User: b.user, Until: &zero}
	change := wireMemberChange{ch.wireChat, by.wireUser, now.Unix(), gone, in}
	if out {
		change.Old, change.New = in, gone
	}
	b.push("my_chat_member", ch, now.Add(messageLife), change)
}

// Deactivate deletes the person's account.
func (u *User) Deactivate() {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	u.account.deactivated = true
}
