// Package telegram is the door of people and of focal points: it hears updates of a Telegram bot and sends answers.
//
// It does not know what a report is, keeps nothing on disk and words nothing. What a person said goes to a Hearer,
// and only what the Hearer has committed is confirmed to Telegram. Names, user names and telephone numbers are not
// even decoded; chat ids live in memory for as long as somebody is answered, and never reach a log or an error.
//
// # Promises
//
//   - No update is lost: the offset moves past an update only after the Hearer returned nil for it (poll.go). A crash
//     before that means redelivery, and the update mark settles the repeat.
//   - One lane per person (lane.go): a person's updates are heard in order, different people's side by side. Answers
//     leave through one queue per chat (sender.go), so hearing the next message never waits for sending the last.
//   - An answer may be said twice, never skipped: a call whose outcome is unknown is repeated with the same content for
//     ten minutes. After that silence is safer than a late message on a phone that others may hold; the next message of
//     the person is answered from the state, and a closing record that was not shown comes first.
//   - A stop finishes the turns that are under way and sends what waits, for as long as the grace lasts. What could not
//     be said by then is not confirmed either: it comes again and is answered again.
//   - The token is in no error and in no log line (guard.go): errors of the transport are told in fixed phrases, and no
//     text that came from the network is repeated.
//   - What the door may still delete, it deletes when asked, and by itself before Telegram's 48 hours are over (wipe.go).
//
// # When a Hearer cannot commit
//
// The person is told "not saved", at most once a minute, and the same update is tried again after 1, 2, 4 … 30 seconds,
// while other people's lanes go on. An update is given up as poison after five attempts, when the Hearer panicked on it
// or when other updates were committed since its first failure; then it is the update and not the store. As long as
// nothing can be committed, nothing is given up. A page of updates that cannot be parsed is asked for in smaller and
// smaller parts; a single update that stays unreadable ten times is stepped over by its number.
//
// # Goroutines
//
// Run owns all of them and has ended each when it returns: the poller (its own), one for each person who is just being
// heard (at most a page of updates), one dispatcher and a fixed number of workers for outgoing calls, one for the set-up
// and one for the closing records at start, one for the sweep that wipes.
//
// # Decisions
//
//   - The library is used as wire layer only. Its own polling confirms updates when they enter a channel and prints the
//     token with each network error; its inbound types carry names and telephone numbers.
//   - Long polling. A webhook needs an open port, a certificate and a host name that can be taken away.
//   - Plain text without parse mode. Rejected: HTML, in which one missed escape loses a message; what people should copy
//     is a copy button, which needs no markup.
//   - HTTP/1.1 only. With HTTP/2 one dead connection behind a translating router would stall the poll and every answer.
//   - Every redirect is refused, also on the same host: the path carries the token.
package telegram
