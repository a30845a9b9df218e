package telegramtest

import "strings"

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

// SendVoiceAs sends a voice message of so many seconds, which Telegram announces with a size of its own: the true one if
// that is 0. What getFile says is always true.
func (u *User) SendVoiceAs(data []byte, seconds int, announced int64) int {
	return u.file(File{Kind: "voice", Name: "voice.oga", MIME: "audio/ogg", Bytes: data, seconds: seconds, announced: announced}, "")
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
	b.push("message", u.chat, m.At.Add(messageLife), u.chat.wire(m))
	return m.ID
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
