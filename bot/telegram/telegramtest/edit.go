package telegramtest

import (
	"reflect"
	"slices"
	"time"
)

// edit plays the editMessage methods. A new text without a keyboard takes the old keyboard away, as on Telegram.
func (b *Bot) edit(c *call) (any, *refusal) {
	ch, r := b.chatOf(c)
	if r != nil {
		return nil, r
	}
	if !c.has("message_id") {
		return nil, wrong("message identifier is not specified", "parameter message_id is missing")
	}
	k, r := readMarkup(c)
	if r != nil {
		return nil, r
	}
	next := Message{Rows: k.rows}
	body := map[string]string{"editMessageText": "text", "editMessageCaption": "caption"}[c.method]
	if body != "" {
		if next.Text, next.Entities, r = formatted(c, body); r != nil {
			return nil, r
		}
	}
	m := ch.messages[int(c.int("message_id", 0))]
	switch {
	case m == nil:
		return nil, badRequest("message to edit not found")
	case !m.FromBot || m.fixed || m.origin != nil:
		return nil, badRequest("message can't be edited")
	case body == "text" && (m.File != nil || m.Place != nil || m.contact != nil):
		return nil, badRequest("there is no text in the message to edit")
	case body == "caption" && m.File == nil:
		return nil, badRequest("there is no caption in the message to edit")
	case body == "":
		next.Text, next.Entities = m.Text, m.Entities
	}
	if next.Text == m.Text && slices.Equal(next.Entities, m.Entities) && reflect.DeepEqual(next.Rows, m.Rows) {
		return nil, badRequest(notModified)
	}
	m.Text, m.Entities, m.Rows, m.markup = next.Text, next.Entities, next.Rows, k.raw
	if body == "text" {
		m.preview, m.NoPreview = preview(c)
	}
	m.Edited = b.server.Now().Truncate(time.Second)
	ch.note(Event{At: m.Edited, Kind: Rewritten, Message: m.Message})
	return ch.wire(m), nil
}
