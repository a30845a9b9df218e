package telegramtest

// sendMessage and its like add a message of the bot to a chat. All are called with Bot.mu held.

func (b *Bot) sendMessage(c *call) (any, *refusal) {
	text, entities, r := formatted(c, "text")
	if r != nil {
		return nil, r
	}
	return b.send(c, &message{Message: Message{Text: text, Entities: entities}})
}

func (b *Bot) sendCard(c *call) (any, *refusal) {
	m := &message{}
	switch c.method {
	case "sendLocation":
		m.Place = &Place{c.float("latitude"), c.float("longitude")}
	case "sendVenue":
		m.Place = &Place{c.float("latitude"), c.float("longitude")}
		m.venue = &wireVenue{wirePlace{m.Place.Lat, m.Place.Lon}, c.text("title"), c.text("address")}
	case "sendContact":
		m.Contact = c.text("phone_number")
		m.contact = &wireContact{Phone: m.Contact, FirstName: c.text("first_name"), LastName: c.text("last_name")}
	}
	return b.send(c, m)
}

// sendAgain forwards or copies a message.
func (b *Bot) sendAgain(c *call) (any, *refusal) {
	from, r := b.chatNamed(c, "from_chat_id")
	if r != nil {
		return nil, r
	}
	what := "forward"
	if c.method == "copyMessage" {
		what = "copy"
	}
	old := from.messages[int(c.int("message_id", 0))]
	if old == nil {
		return nil, badRequest("message to " + what + " not found")
	}
	if old.Protected {
		return nil, badRequest("message can't be " + map[string]string{"forward": "forwarded", "copy": "copied"}[what])
	}
	m := &message{Message: Message{Text: old.Text, Entities: old.Entities, File: old.File, Place: old.Place, Contact: old.Contact},
		contact: old.contact, venue: old.venue}
	if what == "forward" {
		m.origin = &wireOrigin{Type: "user", Date: old.At.Unix(), User: old.from}
		return b.send(c, m)
	}
	if c.has("caption") {
		if m.Text, m.Entities, r = formatted(c, "caption"); r != nil {
			return nil, r
		}
	}
	sent, r := b.send(c, m)
	if r != nil {
		return nil, r
	}
	return struct {
		ID int `json:"message_id"`
	}{sent.(wireMessage).ID}, nil
}

// send puts the message with what the call says of replies, keyboards and protection.
func (b *Bot) send(c *call, m *message) (any, *refusal) {
	ch, r := b.chatOf(c)
	if r != nil {
		return nil, r
	}
	k, r := readMarkup(c)
	if r != nil {
		return nil, r
	}
	if m.ReplyTo, r = replyTo(c, ch); r != nil {
		return nil, r
	}
	m.Rows, m.markup, m.fixed = k.rows, k.raw, k.fixed
	m.Protected, m.Silent = c.bool("protect_content"), c.bool("disable_notification")
	m.preview, m.NoPreview = preview(c)
	m.from = &b.user
	switch {
	case k.remove:
		ch.keyboard = nil
	case k.keyboard != nil:
		ch.keyboard = k.keyboard
	}
	return ch.wire(b.put(ch, m)), nil
}

func replyTo(c *call, ch *chat) (int, *refusal) {
	var p struct {
		ID      int  `json:"message_id"`
		Without bool `json:"allow_sending_without_reply"`
	}
	c.into("reply_parameters", &p)
	if p.ID == 0 || ch.messages[p.ID] != nil {
		return p.ID, nil
	}
	if p.Without {
		return 0, nil
	}
	return 0, badRequest("message to be replied not found")
}

// preview gives the options as they came and whether they switch previews off.
func preview(c *call) ([]byte, bool) {
	if !c.has("link_preview_options") {
		return nil, false
	}
	var p struct {
		Off bool `json:"is_disabled"`
	}
	c.into("link_preview_options", &p)
	return []byte(c.text("link_preview_options")), p.Off
}

func (b *Bot) sendChatAction(c *call) (any, *refusal) {
	if _, r := b.chatOf(c); r != nil {
		return nil, r
	}
	return true, nil
}
