package telegramtest

import "time"

// Options say how strict and how slow the server is. The zero value is one bot, the real clock and no flood limits.
type Options struct {
	Bots  []BotOptions     // the bots that exist; none means one with [Token]
	Now   func() time.Time // the clock of dates and expiry; nil is the real one. Polls always wait in real time
	Seed  uint64           // seed of faults that happen by probability
	Rates Rates            // flood limits; the zero value has none

	KeepRequests int           // how many calls [Server.Requests] remembers; 0 means 10,000
	Hammer       time.Duration // forced wait for the same offset again; 0 means 3 seconds as on Telegram
	MaxPoll      time.Duration // longest wait of getUpdates; 0 means 50 seconds as on Telegram
	HookRetry    time.Duration // wait before the second repeat of a delivery, doubled up to 60 times as much; 0 means 1 second
	HookTimeout  time.Duration // how long a webhook may take to answer; 0 means 60 seconds
	Lenient      bool          // violations are kept but do not fail the test
}

// Token is the token of the bot that exists when Options name none.
const Token = "1000001:AmanaTestTokenAmanaTestTokenAmana01"

// BotOptions describe one bot.
type BotOptions struct {
	Token    string // "<number>:<letters>"; the number is the bot's id
	Username string // empty: made from the id
	Name     string // empty: "Test bot"
}

// Rates are the flood limits, in messages a second. A zero rate is no limit.
type Rates struct {
	Global, Chat, Group                float64 // messages sent or edited
	Webhook                            float64 // calls of setWebhook
	GlobalBurst, ChatBurst, GroupBurst int     // at least 1 is assumed
}

// TelegramRates are the limits that are told of Telegram: about one message a second in a chat with short bursts,
// about 30 a second overall, 20 a minute in a group; setWebhook once a second.
func TelegramRates() Rates {
	return Rates{Global: 30, GlobalBurst: 30, Chat: 1, ChatBurst: 5, Group: 20.0 / 60, GroupBurst: 20, Webhook: 1}
}

// Limits of time that Telegram keeps.
const (
	messageLife  = 24 * time.Hour    // an update about a message waits so long, from the message's date
	callbackLife = 150 * time.Second // a tap waits and can be answered so long
	deleteAge    = 48 * time.Hour    // younger messages can be deleted
	linkLife     = time.Hour         // a link from getFile works so long
	maxDownload  = 20 << 20          // bytes that a bot can fetch
	maxUpload    = 50 << 20          // bytes that a bot can send as a document
	maxPhoto     = 10 << 20          // bytes that a bot can send as a photo
)
