// Package telegram is the door of people and of focal points: it hears updates of a Telegram bot and sends answers.
//
// It does not know what a report is, keeps nothing on disk and words nothing. What a person said goes to a Hearer,
// and only what the Hearer has committed is confirmed to Telegram. Names, user names and telephone numbers are not
// even decoded; chat ids live in memory for as long as somebody is answered, and never reach a log or an error.
//
// # Promises
//
//   - No update is lost, and no answer: the offset moves past an update only after the Hearer returned nil for it and what
//     it answered was sent, or never can be (window.go, debt.go). A crash before that means redelivery; the update mark
//     settles the repeat, and the person is asked again without having to write. Bounds stand under "What is owed".
//   - One lane per person (lane.go): a person's updates are heard in order, different people's side by side. Answers
//     leave through one queue per chat (queue.go), so hearing the next message never waits for sending the last.
//   - An answer may be said twice, never skipped: a call whose outcome is unknown is repeated with the same content for
//     ten minutes. After that silence is safer than a late message on a phone that others may hold; the next message of
//     the person is answered from the state, and a closing record that was not shown comes first. A receipt leaves before
//     the chat around it is wiped, and for what stays in a queue the ten minutes begin when it is first tried: neither a
//     deletion nor another message that Telegram keeps waiting takes a receipt's time away.
//   - A stop finishes the turns that are under way and sends what waits, for as long as the grace lasts. What could not
//     be said by then is not confirmed either: it comes again and is answered again, with what came after it. Where all
//     was said, nothing is repeated.
//   - The token is in no error and in no log line (guard.go): errors of the transport are told in fixed phrases, and no
//     text that came from the network is repeated.
//   - What the door may still delete, it deletes when asked (wipe.go), and by itself before Telegram's 48 hours are over
//     (sweep.go). What did not go at once is noted at once. A pass takes all that is due, oldest first, and passes over
//     the chat that cannot be wiped now.
//   - Few people cannot silence the bot for the others (flood.go): everything that a person can cause, edits and deletions
//     too, counts against the limit of their own chat, and a 429 is taken for the whole bot's only when five chats get one
//     within two seconds. Then all but deletions waits, half a minute at most, and one call is tried before the rest goes.
//
// # When a Hearer cannot commit
//
// The person is told "not saved yet", or that nobody knows it yet, once until something of theirs is saved, and the same update
// is tried again after 1, 2, 4 … 30 seconds, while other people's lanes go on. Until then it is not confirmed, and neither is
// what came after.
//
// An update is given up after ten minutes of failing; earlier, after five attempts, when the Hearer panicked on it or when
// other updates were committed since its first failure, as then it is the update and not the store. Its person is told
// that it is lost and may be said again, and what they say after that is promised and tried anew. What waited those ten
// minutes behind it is tried once more and given up with it. A stop gives nothing up: what was not committed comes again.
//
// The door cannot know whether a Hearer that ran out of time committed after all. It says "lost" then as well: saying
// something twice can be mended, believing that it was heard cannot. Rejected: trying for as long as nothing can be saved
// at all; who was told to wait for hours does not come back, and may have somebody else look at the phone by then.
//
// A page of updates that cannot be parsed is asked for in smaller and smaller parts; a single update that stays unreadable
// ten times is stepped over by its number.
//
// # What is owed
//
// An update whose answer waits, as for a chat that Telegram told to be silent, is not confirmed for a minute at most; time
// in which Telegram cannot be asked for updates does not count. It is confirmed earlier, the oldest first, when a full page
// of updates holds fewer than ten new ones, since others may wait behind it. After that a crash costs its person the answer
// until they write again; a receipt has its closing record even then. An answer that is taken back, refused for good,
// given up after ten minutes, or for somebody who left, is owed no longer.
//
// The price is that a crash may repeat what others were told meanwhile: Telegram confirms up to a number, and what was
// answered behind an update that is not confirmed comes again with it.
//
// # By webhook
//
// Where Options name one, Telegram brings updates and the door is the http.Handler that takes them (hook.go); what ends TLS
// stands in front of it. Everything above holds there as well, with a 2xx in place of the offset: it is said once an update
// is settled. Telegram brings a person's next update only after that, and it may be the wish to hide, so an answer that
// cannot be sent keeps one for five seconds at most, and less when three quarters of the connections wait. What cannot be saved is tried on while Telegram
// is asked to come again, and a thousand such updates are the most that are taken. What cannot be read is refused five
// times and then stepped over. Whoever does not know the secret is told nothing; the address, its path and the secret are
// in no log.
//
// A stop leaves the webhook in place, and what comes meanwhile waits at Telegram. A start in either way takes over from the
// other without losing what waits. Once a minute Telegram is asked whether the webhook is still ours and within its reach.
//
// # What an operator is told
//
// Troubles (pulse.go) names what has kept the door from its work for some minutes: a token that is refused, another program
// that takes the updates, Telegram out of reach for asking or for sending. It looks at methods and outcomes of calls alone.
// Conflicts count over those minutes, not in a row: two programs that push each other away both succeed now and then.
//
// # Groups
//
// A group is refused, once a day, and nothing that is said there is kept. Where Options say so its room is told how it is
// joined (/start with a word), moved and left, and once a day that something was said there, but not what: a group of staff
// is spoken to by others than those who type in it. A number that changed is learnt from the message of the group or from
// a sending that it refuses, whichever comes first.
//
// # How many are heard at once
//
// A page: Telegram shows no more than the 100 oldest updates that are not confirmed. Lanes are more than that by default,
// so that a crowd whose turns take long, as a filing does, never keeps somebody in the same page from being heard.
//
// # Voice messages
//
// A voice message (Ogg, nothing else that sounds) is brought as something that can be fetched; whether it is, the room
// decides. It is fetched from the server that this door talks to, within 25 seconds and a mebibyte, and is taken only as
// it was announced: size, form, all of it. Its number, its path and the token in its address are in no error and no log.
// What a room hands out may be loaded when its turn to be sent comes, so that many files never lie in memory at once.
//
// # Goroutines
//
// Run owns all of them and has ended each when it returns: the poller (its own), one for each person who is just being
// heard (at most a page of updates; by webhook a thousand), one dispatcher and a fixed number of workers for outgoing calls,
// one for the set-up and one for the closing records at start, one for the sweep that wipes. Requests to the webhook run on
// the goroutines of whoever serves them, and end soon after Run.
//
// # Several processes
//
// Where several have one bot, the number of the question that was asked last goes with those that are noted for deletion, at
// no writing more. So what is typed to one of them, or after another one has taken over, takes the buttons off that question
// too; the answer is not put below it, since its words are known where it was asked alone. An answer that is typed before
// the number was noted finds the buttons standing.
//
// # Decisions
//
//   - The library is used as wire layer only. Its own polling confirms updates when they enter a channel and prints the
//     token with each network error; its inbound types carry names and telephone numbers.
//   - Long polling is the usual way. A webhook needs an open port, a certificate and a host name that can be taken away.
//   - The secret of a webhook decides, compared in constant time, not its path: paths stand in the logs of what is in front.
//   - Plain text without parse mode. Rejected: HTML, in which one missed escape loses a message; what people should copy
//     is a copy button, which needs no markup.
//   - HTTP/1.1 only. With HTTP/2 one dead connection behind a translating router would stall the poll and every answer.
//   - Every redirect is refused, also on the same host: the path carries the token.
package telegram
