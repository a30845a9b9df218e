package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// User is a person with a phone in a private chat with one bot.
type User struct {
	bot     *Bot
	chat    *chat
	account *account
}

// UserOptions describe a person's account.
type UserOptions struct {
	FirstName string // empty: "Person"
	LastName  string
	Username  string
	Language  string // of the app, such as "ar"
	Premium   bool
}

// User makes a person who knows of the first bot but has not written to it.
func (s *Server) User(id int64, o UserOptions) *User { return s.first.User(id, o) }

// User makes a person who knows of this bot but has not written to it, or gives the one with this id again, with the
// account as it was.
func (b *Bot) User(id int64, o UserOptions) *User {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.accounts[id]; a != nil {
		return &User{b, b.chats[id], a}
	}
	if o.FirstName == "" {
		o.FirstName = "Person"
	}
	a := &account{wireUser: wireUser{ID: id, FirstName: o.FirstName, LastName: o.LastName, Username: o.Username,
		Language: o.Language, Premium: o.Premium}}
	b.accounts[id] = a
	ch := b.newChat(wireChat{ID: id, Type: "private", FirstName: o.FirstName, LastName: o.LastName, Username: o.Username})
	return &User{b, ch, a}
}

// ID is the person's number, which is the chat's too.
func (u *User) ID() int64 { return u.account.ID }

// maxTyped is where a phone cuts a long text into several messages, in UTF-16 units.
const maxTyped = 4096

// Send types a text. A long one leaves the phone as several messages. It gives the last message's id; 0 when nothing
// was sent, because the person blocked the bot or the text shows nothing.
func (u *User) Send(text string) int {
	id := 0
	for _, part := range cut(text) {
		id = u.put(&message{Message: Message{Text: part, Entities: commandIn(part)}})
	}
	return id
}

// Start opens the chat, through a link with a payload if it is not empty.
func (u *User) Start(payload string) int { return u.Send(strings.TrimSpace("/start " + payload)) }

// SendDocument, SendPhoto and SendVoice send a file. A photo loses its name on the way, a voice message too.
func (u *User) SendDocument(name string, data []byte) int {
	return u.file(File{Kind: "document", Name: name, Bytes: data}, "")
}

// SendPhoto sends a picture with a caption, which may be empty.
func (u *User) SendPhoto(data []byte, caption string) int {
	return u.file(File{Kind: "photo", Name: "photo.jpg", MIME: "image/jpeg", Bytes: data}, caption)
}

// SendVoice sends a voice message.
func (u *User) SendVoice(data []byte) int {
	return u.file(File{Kind: "voice", Name: "voice.oga", MIME: "audio/ogg", Bytes: data}, "")
}

func (u *User) file(f File, caption string) int {
	u.bot.mu.Lock()
	kept := u.bot.keep(f)
	u.bot.mu.Unlock()
	return u.put(&message{Message: Message{File: kept, Text: clean(caption)}})
}

// SendLocation shares a point.
func (u *User) SendLocation(lat, lon float64) int {
	return u.put(&message{Message: Message{Place: &Place{lat, lon}}})
}

// SendContact shares a contact card.
func (u *User) SendContact(phone, name string) int {
	return u.put(&message{Message: Message{Contact: phone}, contact: &wireContact{Phone: phone, FirstName: name}})
}

// Forward sends on what somebody else wrote; a hidden author has a name only.
func (u *User) Forward(author, text string) int {
	return u.put(&message{Message: Message{Text: text}, origin: &wireOrigin{Type: "hidden_user", Name: author, Date: u.bot.server.Now().Unix() - 60}})
}

// Reply answers to a message of the chat.
func (u *User) Reply(to int, text string) int {
	return u.put(&message{Message: Message{Text: clean(text), ReplyTo: to}})
}

func (u *User) put(m *message) int {
	b := u.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	if u.chat.blocked || u.account.deactivated {
		return 0
	}
	u.chat.started = true
	m.from = &u.account.wireUser
	b.put(u.chat, m)
	b.push("message", m.At.Add(messageLife), u.chat.wire(m))
	return m.ID
}

// ErrNoButton says that there is no such button on the screen any more.
var ErrNoButton = errors.New("no such button on the screen")

// ErrCannot says that this person or this message does not allow it.
var ErrCannot = errors.New("the person cannot do this")

// Tap taps the newest button with this label, or else the newest whose label contains it. A button that copies or
// opens a page sends nothing to the bot and is an error here: see [User.Copy].
func (u *User) Tap(label string) error {
	return u.tap(func(s Screen) (Message, Button, bool) { return s.Button(label) }, label)
}

// TapData taps the button with this data. If it has gone from the screen, the tap comes from a phone that has not
// seen the change yet: it is sent with the message as it is now, or with the bot's newest one.
func (u *User) TapData(data string) error {
	return u.tap(func(s Screen) (Message, Button, bool) {
		if m, b, ok := s.find(func(b Button) bool { return b.Data == data }); ok {
			return m, b, ok
		}
		m, ok := u.lastWith(data)
		if !ok {
			m, ok = s.Last()
		}
		return m, Button{Text: data, Data: data}, ok
	}, data)
}

// lastWith finds a message that once had a button with this data and is still there; Bot.mu is held.
func (u *User) lastWith(data string) (Message, bool) {
	for _, e := range slices.Backward(u.chat.events) {
		if _, _, ok := (Screen{e.Message}).find(func(b Button) bool { return b.Data == data }); ok {
			if m := u.chat.messages[e.Message.ID]; m != nil {
				return m.Message, true
			}
		}
	}
	return Message{}, false
}

func (u *User) tap(find func(Screen) (Message, Button, bool), label string) error {
	b := u.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	m, button, ok := find(u.chat.screen())
	switch {
	case !ok:
		return fmt.Errorf("tapping %q: %w", label, ErrNoButton)
	case u.chat.blocked || u.account.deactivated || button.Data == "":
		return fmt.Errorf("tapping %q: %w", label, ErrCannot)
	}
	b.tap(u.chat, u.account, u.chat.messages[m.ID], button.Data, button.Text)
	return nil
}

// Copy taps a button that copies and gives what is on the clipboard then.
func (u *User) Copy(label string) (string, error) {
	_, button, ok := u.Screen().Button(label)
	switch {
	case !ok:
		return "", fmt.Errorf("copying %q: %w", label, ErrNoButton)
	case button.Copy == "":
		return "", fmt.Errorf("copying %q: %w", label, ErrCannot)
	}
	return button.Copy, nil
}

// Press presses a key of the keyboard that stands in place of the letters: its label is sent as a text.
func (u *User) Press(label string) error {
	for _, row := range u.Keyboard() {
		if slices.Contains(row, label) {
			u.Send(label)
			return nil
		}
	}
	return fmt.Errorf("pressing %q: %w", label, ErrNoButton)
}

// Keyboard is the keyboard that stands in place of the letters, row by row.
func (u *User) Keyboard() [][]string {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	return u.chat.keyboard
}

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
	b.push("edited_message", m.Edited.Add(messageLife), u.chat.wire(m))
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
	b.push("my_chat_member", now.Add(messageLife), change)
}

// Deactivate deletes the person's account.
func (u *User) Deactivate() {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	u.account.deactivated = true
}

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

// cut cleans a text and cuts it where a phone does.
func cut(text string) []string {
	text = trim(clean(strings.ToValidUTF8(text, "\uFFFD")))
	var parts []string
	for !blank(text) {
		n, end := 0, len(text)
		for i, r := range text {
			if n += width(string(r)); n > maxTyped {
				end = i
				break
			}
		}
		parts = append(parts, trim(text[:end]))
		text = trim(text[end:])
	}
	return parts
}

// commandIn marks a slash command at the beginning of a text, as Telegram does.
func commandIn(text string) []Entity {
	if !strings.HasPrefix(text, "/") || len(text) < 2 {
		return nil
	}
	word, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", " "), " ")
	for _, r := range word[1:] {
		if !(r == '_' || r == '@' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return nil
		}
	}
	return []Entity{{Type: "bot_command", Length: len(word)}}
}
