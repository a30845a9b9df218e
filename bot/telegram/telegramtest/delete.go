package telegramtest

import "encoding/json"

// deleteMessage takes away one message, the bot's own or, in a private chat, the person's, while it is young enough.
func (b *Bot) deleteMessage(c *call) (any, *refusal) {
	ch, r := b.chatNamed(c, "chat_id")
	if r != nil {
		return nil, r
	}
	m := ch.messages[int(c.int("message_id", 0))]
	if m == nil {
		return nil, badRequest("message to delete not found")
	}
	if !b.deletable(ch, m) {
		return nil, badRequest("message can't be deleted for everyone")
	}
	b.drop(ch, m)
	return true, nil
}

// deleteMessages skips what it cannot find and still answers true, so its answer proves nothing. One message that is
// too old makes the whole call fail, and none is deleted.
func (b *Bot) deleteMessages(c *call) (any, *refusal) {
	ch, r := b.chatNamed(c, "chat_id")
	if r != nil {
		return nil, r
	}
	var found []*message
	for _, v := range c.values["message_ids"].([]any) {
		id, _ := v.(json.Number).Int64()
		m := ch.messages[int(id)]
		if m == nil {
			continue
		}
		if !b.deletable(ch, m) {
			return nil, badRequest("message can't be deleted for everyone")
		}
		found = append(found, m)
	}
	for _, m := range found {
		if ch.messages[m.ID] != nil {
			b.drop(ch, m)
		}
	}
	return true, nil
}

func (b *Bot) deletable(ch *chat, m *message) bool {
	if b.server.Now().Sub(m.At) >= deleteAge {
		return false
	}
	return m.FromBot || ch.Type == "private" || ch.admin
}
