// Package chat hears a person, takes a step, commits, and only then answers.
//
// It joins what is pure (bot/flow steps, bot/speech finds words, bot/guide finds help) with two rooms that it knows through interfaces of
// its own: the Keeper, who remembers and commits a turn in one transaction, and the Mailroom, who opens a mailbox with
// a receipt. It imports no door, no store, no seal and no ticket: it cannot know a key, and it cannot see a report
// after the turn in which it was sent.
//
// # Promises
//
//   - An answer goes out only after the turn is on disk; a receipt is shown until the door confirms that it arrived.
//   - An update that comes again is answered again from the state and applied once.
//   - Typed answers leave the chat once they are kept; what was not understood stays, so that nobody loses her words.
//   - A location that was shared leaves the chat whatever was asked. It is looked at in the turn in which it came, and stands
//     in no draft.
//   - A voice message is fetched only where the question takes one and there is room, is kept locked under a name that
//     stands in the draft alone, and is erased with the turn after which the draft holds it no more. None is sent without it:
//     one that is gone is told of first.
//   - Help that was looked for and is not there is counted, without anything about who asked.
//   - A near spelling counts only after the person has said yes to it.
//   - A draft that was idle for an hour is gone, and its person is greeted as if it were the first time.
//
// # Decisions
//
// 2026-11: what a filing would do is worked out before it is committed, as if it had gone well; when it has not, the
// same step is taken again with the refusal. Steps are pure, so this shows the person exactly what happened. Rejected:
// committing first and stepping afterwards, which would need a second transaction for the draft.
//
// 2026-11: a message counts as written before the question if it left the phone in the same second as the one that
// the question answers. Both times are the door's. Rejected: comparing with our own clock, which may differ from it.
package chat
