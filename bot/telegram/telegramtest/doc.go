// Package telegramtest is a strict stand-in for the Telegram Bot API over real HTTP, with scripted people in its
// chats. The Telegram door, the crash tests and the benches talk to it as they would talk to Telegram.
//
// It promises to be no kinder than Telegram. What Telegram refuses is refused with the same code and words, and
// what Telegram silently ignores, such as an unknown parameter, is refused as well: both are kept as a [Violation],
// and a violation that nobody forgave fails the test when the server closes. Updates wait in a queue for each bot,
// are confirmed by offset alone, and expire: messages after 24 hours, taps after 150 seconds. Chats keep every
// message with its direction and its date, so that "message is not modified", the 48 hours of deletion, a blocked
// bot and a tap that was answered twice are real and not scripted. Faults are planned with [Server.Fault]; the
// choice "after processing" is the one that doubles messages in a program that repeats a call too easily.
//
// It does not play Markdown, stickers, payments, inline mode, business accounts or channels: a call that needs them
// is a violation. It is not for production: it keeps everything in memory and in clear.
//
// Where a webhook is set, getUpdates answers 409, and updates are brought there over real HTTP: those of one chat one after
// the other, as Telegram keeps their order, those of different chats side by side, as many as max_connections says. What is
// not answered 2xx in time comes again, at first at once and then ever later, honouring Retry-After, until it expires. The
// TLS in front of a bot is not played: [Server.Forward] says where a host is reached in clear.
//
// The facts of methods and types stand in table.txt (Bot API 10.1). Rules that no description holds, such as the
// forced wait of three seconds for a bot that asks for the same offset again and again, follow the published source
// of the Bot API server. Generating Go types from the description was rejected: the table is read in a millisecond,
// can be compared with a newer description line by line, and checks calls without a struct for each of them.
//
// One mutex for each bot guards its chats and its queue; nothing is held while a poll waits. [User] and [Group] may
// be used from any number of goroutines.
package telegramtest
