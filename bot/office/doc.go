// Package office hears a member of staff in a chat: somebody who follows an invitation, brings a key, looks at their
// inbox, acknowledges, asks for a sealed file, steps back from a report, or brings a signed answer, a share, or messages
// sealed again.
//
// It never carries what anybody wrote: reports leave as files sealed to the asking reader, answers come as files that
// only the report's readers can have signed, and whatever is typed here goes nowhere. For what somebody may not see it
// says the same as for what does not exist.
//
// It is a conversation without flows: each message stands for itself, so nothing is remembered between two of them,
// and an update that comes again does again what does no harm twice.
//
// A group of staff is the one of a team once its word was said in it. Nothing else that is said there arrives here, and
// nothing is answered.
//
// # Limits
//
// An inbox of up to eight reports has a row for each; a longer one has three codes in a row, at most ninety, so that it
// stays usable on a small phone and within what a door takes. The text names them all.
//
// # Decisions
//
// 2026-11: a room of its own beside bot/chat. Rejected: flows for staff, whose steps would each have been an exception.
package office
