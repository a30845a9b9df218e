package telegramtest

import (
	"encoding/json"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// account is a person as one bot knows them.
type account struct {
	wireUser
	deactivated bool
	met         bool // in a group of the bot
}

// chat is everything that one chat ever held. Bot.mu guards it.
type chat struct {
	wireChat
	started    bool // the person wrote first, or the bot is a member of the group
	blocked    bool // by the person; in a group: the bot was removed
	admin      bool // the bot may delete what others write
	migratedTo int64
	members    map[int64]bool
	messages   map[int]*message
	order      []int // ids of messages that are there, ascending
	keyboard   [][]string
	pinned     int
	events     []Event
	changed    chan struct{} // closed and replaced when something is to be seen
	flood      *rate.Limiter
}

// message is a message with what its sight does not tell.
type message struct {
	Message
	from    *wireUser
	origin  *wireOrigin
	markup  json.RawMessage // of an inline keyboard
	preview json.RawMessage
	contact *wireContact
	venue   *wireVenue
	fixed   bool // sent with another keyboard than an inline one: can't be edited
	service wireMessage
}

func (b *Bot) newChat(w wireChat) *chat {
	r := b.server.options.Rates
	ch := &chat{wireChat: w, messages: map[int]*message{}, members: map[int64]bool{}, changed: make(chan struct{})}
	if w.Type == "private" {
		ch.flood = limiter(r.Chat, r.ChatBurst)
	} else {
		ch.flood = limiter(r.Group, r.GroupBurst)
	}
	b.chats[w.ID] = ch
	return ch
}

// chatOf finds the chat that a call writes to, or says why the bot cannot write there.
func (b *Bot) chatOf(c *call) (*chat, *refusal) {
	ch, r := b.chatNamed(c, "chat_id")
	if r != nil {
		return nil, r
	}
	if ch.Type != "private" {
		if ch.blocked {
			return nil, forbidden("bot was kicked from the " + ch.Type + " chat")
		}
		return ch, nil
	}
	a := b.accounts[ch.ID]
	switch {
	case a.deactivated:
		return nil, forbidden("user is deactivated")
	case ch.blocked:
		return nil, forbidden("bot was blocked by the user")
	case !ch.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return ch, nil
}

// chatNamed finds a chat that the bot knows of.
func (b *Bot) chatNamed(c *call, name string) (*chat, *refusal) {
	for _, p := range []string{"business_connection_id", "direct_messages_topic_id", "suggested_post_parameters",
		"inline_message_id", "rich_message", "allow_paid_broadcast"} {
		if c.has(p) {
			return nil, wrong("not played here", "parameter %s is not played here", p)
		}
	}
	if !c.has(name) {
		return nil, wrong("chat_id is empty", "parameter %s is missing", name)
	}
	ch := b.chats[c.int(name, 0)]
	if ch == nil || (!ch.started && ch.Type == "private" && !b.accounts[ch.ID].met) {
		return nil, badRequest("chat not found")
	}
	if ch.migratedTo != 0 {
		r := badRequest("group chat was upgraded to a supergroup chat")
		r.migrateTo = ch.migratedTo
		return nil, r
	}
	if c.has("message_thread_id") {
		return nil, badRequest("message thread not found")
	}
	return ch, nil
}

// put adds a message with the next number and the present time.
func (b *Bot) put(ch *chat, m *message) *message {
	b.lastID++
	m.ID = b.lastID
	m.At = b.server.Now().Truncate(time.Second)
	m.FromBot = m.from != nil && m.from.ID == b.user.ID
	if m.from != nil {
		m.From = m.from.ID
	}
	ch.messages[m.ID] = m
	ch.order = append(ch.order, m.ID)
	kind := Heard
	if m.FromBot {
		kind = Sent
	}
	ch.note(Event{At: m.At, Kind: kind, Message: m.Message})
	return m
}

// drop takes a message out of the chat for everybody.
func (b *Bot) drop(ch *chat, m *message) {
	delete(ch.messages, m.ID)
	if i, ok := slices.BinarySearch(ch.order, m.ID); ok {
		ch.order = slices.Delete(ch.order, i, i+1)
	}
	ch.note(Event{At: b.server.Now(), Kind: Deleted, Message: m.Message})
}

// note keeps an event and wakes who waits for the chat to change.
func (ch *chat) note(e Event) {
	ch.events = append(ch.events, e)
	close(ch.changed)
	ch.changed = make(chan struct{})
}

// wire is the message as the bot is told of it.
func (ch *chat) wire(m *message) wireMessage {
	w := m.service
	w.ID, w.From, w.Chat, w.Date = m.ID, m.from, ch.wireChat, m.At.Unix()
	if !m.Edited.IsZero() {
		w.EditDate = m.Edited.Unix()
	}
	w.Origin, w.Protected, w.Markup, w.Preview = m.origin, m.Protected, m.markup, m.preview
	w.Contact, w.Venue = m.contact, m.venue
	if p := m.Place; p != nil {
		w.Location = &wirePlace{p.Lat, p.Lon}
	}
	if r := ch.messages[m.ReplyTo]; r != nil && r != m {
		to := ch.wire(r)
		to.ReplyTo = nil
		w.ReplyTo = &to
	}
	if m.File == nil {
		w.Text, w.Entities = m.Text, m.Entities
		return w
	}
	w.Caption, w.CaptionEntities = m.Text, m.Entities
	f := m.File.wire()
	switch m.File.Kind {
	case "voice":
		f.Name, f.Duration = "", new(int)
		if *f.Duration = m.File.seconds; m.File.seconds == 0 {
			*f.Duration = max(1, len(m.File.Bytes)/2000)
		}
		if m.File.announced != 0 {
			f.Size = m.File.announced
		}
		w.Voice = &f
	case "photo":
		f.Name, f.MIME, f.Width, f.Height = "", "", 1280, 960
		small := f
		small.FileID, small.UniqueID, small.Width, small.Height = f.FileID+"s", f.UniqueID+"s", 320, 240
		w.Photo = []wireFile{small, f}
	default:
		w.Document = &f
	}
	return w
}
