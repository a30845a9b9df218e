package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Bot is one bot's side of the server: its queue, its chats, its name. Nothing is shared between two bots.
type Bot struct {
	server *Server
	token  string
	user   wireUser

	mu           sync.Mutex
	queue        queue
	chats        map[int64]*chat
	accounts     map[int64]*account
	callbacks    map[string]*callback
	files        fileShelf
	profile      profile
	webhook      webhook
	pusher       *pusher // while there is a webhook
	most         int     // deliveries at the same time
	lastID       int     // of messages: one row of numbers over all private chats and groups of a bot
	lastCallback int
	flood        *rate.Limiter
	hooking      *rate.Limiter // of setWebhook
}

func newBot(s *Server, o BotOptions) *Bot {
	id, err := strconv.ParseInt(strings.SplitN(o.Token, ":", 2)[0], 10, 64)
	if err != nil {
		panic("telegramtest: a token must begin with the bot's number and a colon")
	}
	if o.Username == "" {
		o.Username = fmt.Sprintf("test_%d_bot", id)
	}
	if o.Name == "" {
		o.Name = "Test bot"
	}
	b := &Bot{server: s, token: o.Token, user: wireUser{ID: id, IsBot: true, FirstName: o.Name, Username: o.Username},
		chats: map[int64]*chat{}, accounts: map[int64]*account{}, callbacks: map[string]*callback{}}
	b.queue = newQueue(id)
	b.files = newFileShelf()
	b.profile = newProfile()
	b.flood = limiter(s.options.Rates.Global, s.options.Rates.GlobalBurst)
	b.hooking = limiter(s.options.Rates.Webhook, 1)
	return b
}

// ID is the number in the bot's token.
func (b *Bot) ID() int64 { return b.user.ID }

// Token is the bot's token.
func (b *Bot) Token() string { return b.token }

// Username is the bot's name without the @.
func (b *Bot) Username() string { return b.user.Username }

// play does what a checked call asks for.
func (b *Bot) play(ctx context.Context, c *call) (any, *refusal) {
	if c.method == "getUpdates" {
		return b.getUpdates(ctx, c)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.throttle(c); r != nil {
		return nil, r
	}
	switch c.method {
	case "getMe":
		return wireMe{wireUser: b.user, CanJoinGroups: true}, nil
	case "sendMessage":
		return b.sendMessage(c)
	case "sendDocument", "sendPhoto", "sendVoice":
		return b.sendFile(c)
	case "sendLocation", "sendVenue", "sendContact":
		return b.sendCard(c)
	case "forwardMessage", "copyMessage":
		return b.sendAgain(c)
	case "sendChatAction":
		return b.sendChatAction(c)
	case "editMessageText", "editMessageCaption", "editMessageReplyMarkup":
		return b.edit(c)
	case "deleteMessage":
		return b.deleteMessage(c)
	case "deleteMessages":
		return b.deleteMessages(c)
	case "answerCallbackQuery":
		return b.answerCallback(c)
	case "getFile":
		return b.getFile(c)
	case "setWebhook", "deleteWebhook", "getWebhookInfo":
		return b.playWebhook(c)
	case "getChat", "getChatMember", "getChatMemberCount", "leaveChat", "pinChatMessage", "unpinChatMessage",
		"unpinAllChatMessages", "setMessageReaction", "getUserProfilePhotos":
		return b.playChat(c)
	}
	return b.playProfile(c)
}

func sends(method string) bool {
	return method != "sendChatAction" && (strings.HasPrefix(method, "send") || strings.HasPrefix(method, "edit") ||
		method == "forwardMessage" || method == "copyMessage")
}

// throttle spends one message of the flood limits, or one setWebhook of its own.
func (b *Bot) throttle(c *call) *refusal {
	now := b.server.Now()
	var limits []*rate.Limiter
	switch {
	case c.method == "setWebhook":
		limits = append(limits, b.hooking)
	case sends(c.method):
		limits = append(limits, b.flood)
		if ch := b.chats[c.int("chat_id", 0)]; ch != nil {
			limits = append(limits, ch.flood)
		}
	}
	for _, l := range limits {
		if l == nil {
			continue
		}
		r := l.ReserveN(now, 1)
		if d := r.DelayFrom(now); d > 0 {
			r.CancelAt(now)
			return tooMany(int((d + time.Second - 1) / time.Second))
		}
	}
	return nil
}

// limiter is nil where there is no limit.
func limiter(perSecond float64, burst int) *rate.Limiter {
	if perSecond <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(burst, 1))
}

// push queues an update of this kind from a chat; b.mu is held.
func (b *Bot) push(kind string, from *chat, expires time.Time, v any) int {
	if !b.queue.wants(kind) {
		return 0
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic("telegramtest: marshalling an update: " + err.Error())
	}
	defer b.wakePusher()
	return b.queue.add(from.ID, expires, func(id int) []byte {
		return fmt.Appendf(nil, `{"update_id":%d,"%s":%s}`, id, kind, raw)
	})
}

// Inject queues an update in raw JSON, malformed as it may be. An object without "update_id" gets one; anything else
// goes out as it is, under a number of the queue that [Bot.Inject] returns. It expires after 24 hours.
func (b *Bot) Inject(raw string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.wakePusher()
	return b.queue.add(0, b.server.Now().Add(messageLife), func(id int) []byte {
		body := strings.TrimSpace(raw)
		if !strings.HasPrefix(body, "{") || strings.Contains(body, `"update_id"`) {
			return []byte(raw)
		}
		rest := strings.TrimSpace(body[1:])
		if !strings.HasPrefix(rest, "}") {
			rest = "," + rest
		}
		return fmt.Appendf(nil, `{"update_id":%d%s`, id, rest)
	})
}

// Inject queues a raw update for the first bot.
func (s *Server) Inject(raw string) int { return s.first.Inject(raw) }
