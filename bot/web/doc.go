// Package web is the door for people without Telegram: a chat page that works in any browser, without JavaScript too.
//
// It shows what a room answers and hands over what was tapped, typed or said. It keeps nothing on disk, sets no cookie,
// puts nothing into the browser's storage, logs no address and no word, and knows no report.
//
// # Promises
//
//   - The page is plain HTML: one form, sent by POST, answered by the whole page with the newest messages alone. With
//     JavaScript the same answer is fetched and what is new is put below what stands there. Both ways are the same turns.
//   - A conversation is known by a random word of 128 bits that stands in the form and nowhere else: not in an address, so
//     not in a history, a log or a header; not in storage. Whoever closes the page has left the conversation.
//   - Each form carries the number of its turn, and with the word that is its update mark: a double tap, a reload and a
//     repeat after an error are answered from the state and applied once.
//   - Hide leaves at once: the harmless page is sent before anything else is done, whatever the limits say, and a form of
//     a hidden conversation, however it comes again, is answered with the harmless page alone. With JavaScript the page
//     replaces itself, so that the history holds no entry of it; without, each page is the answer to a POST and may not be
//     stored, so the browser has nothing to show when one goes back, and asks before it sends again.
//   - A receipt is confirmed only when the form under it comes back, or when the page says that it stands on the screen.
//   - Nothing that was written is lost: what cannot be taken now stands in the field again, and the same form can be sent
//     again; where nobody knows whether it was saved, the page says so, and sending it again finds that out, since its turn is the
//     same. So does what somebody wrote on into the form of a turn that was heard though its answer was lost, also where another
//     process hears it. Of a form that
//     could not even be read nothing can be given back: its page offers nothing else, so that it is sent once more by a reload.
//   - Nothing is known of who writes, so limits count conversations and turns, never people (crowd.go).
//
// # What it cannot hide
//
// The network sees that this address was visited, and the browser may list it. While a turn lasts its words are in the
// memory of this computer. Whoever runs it could serve another page. The texts of the page say so where others speak of
// what Telegram can see (bot.Incoming.Door); and as nothing can be brought here later, nothing is offered that would
// (bot.Incoming.Mute).
//
// # Voice messages
//
// Only with JavaScript, where the browser records Opus and the question takes a voice message. Firefox records Ogg, Chromium
// WebM; both are taken apart into packets of Opus and put together anew (ogg.go, webm.go), so that every voice message has the
// same form and none names the browser that recorded it. Nothing is transcoded. Safari records in a form of its own: there the
// control does not appear.
//
// # Goroutines
//
// None of its own: a request runs on the goroutine of whoever serves it. One conversation's turns are heard in order.
//
// # Decisions
//
//   - A reader of WebM of our own, 100 lines: of the format we need a list of elements and their bodies, from hostile input,
//     in memory. The libraries for it decode into structures by reflection, with an allocation a block, and read everything.
//   - The script asks for the same page and takes the new parts out of it. Rejected: an interface of its own in JSON, which
//     would have to be kept the same as the page for ever.
//   - One form for everything. With one for the field and one for the buttons, whoever has written and taps Done loses it.
//   - No list of words that were given out, and none that is signed: after a restart a conversation must go on, and a word that
//     nobody gave out finds nothing but an empty conversation. It costs a token of those for new ones.
//   - Sounds are not kept in the cache of the phone, although they are the same for all: it would tell what was listened to.
package web
