package telegramtest

import (
	"fmt"
	"time"
)

// callback is a tap that the bot has not answered yet.
type callback struct {
	chat *chat
	at   time.Time
	on   Message
}

// tap queues a callback query for a button; Bot.mu is held.
func (b *Bot) tap(ch *chat, who *account, m *message, data, label string) string {
	b.lastCallback++
	id := fmt.Sprintf("%d%06d", b.user.ID, b.lastCallback)
	now := b.server.Now()
	b.callbacks[id] = &callback{ch, now, m.Message}
	ch.note(Event{At: now, Kind: Tapped, Message: m.Message, Text: label})
	b.push("callback_query", ch, now.Add(callbackLife), wireCallback{id, who.wireUser, ch.wire(m), fmt.Sprint(ch.ID), data})
	return id
}

// answerCallback ends the waiting of a tap. Only once, and only for 150 seconds.
func (b *Bot) answerCallback(c *call) (any, *refusal) {
	if c.has("url") {
		return nil, wrong("URL_INVALID", "parameter url is not played here")
	}
	id := c.text("callback_query_id")
	q := b.callbacks[id]
	if q == nil || b.server.Now().Sub(q.at) >= callbackLife {
		return nil, badRequest(queryTooOld)
	}
	delete(b.callbacks, id)
	q.chat.note(Event{At: b.server.Now(), Kind: Toasted, Message: q.on, Text: clean(c.text("text")), Alert: c.bool("show_alert")})
	return true, nil
}

// Unanswered counts the taps that the bot could still answer and has not: on the person's phone they spin.
func (b *Bot) Unanswered() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, q := range b.callbacks {
		if b.server.Now().Sub(q.at) < callbackLife {
			n++
		}
	}
	return n
}
