// Package store keeps the shelves of the house over ordered bytes: drafts, reports, threads, mailboxes, the outbox,
// the roster, the service directory, and what finds them again.
//
// Every value is encrypted before it reaches the engine. What belongs to a report stands under the key of the
// report's month and class, so that forgetting the month forgets all of it; what belongs to the mission stands under
// the standing key; drafts, closing records, message ids and waiting nudges stand under roots that live in memory
// only. A database key is one byte for the shelf, a prefix to scan over (a day, a keyed name of the owner, or none)
// and sixteen bytes that say nothing. No time finer than a day stands in a key.
//
// Of a voice message, which lies in a file beside the database, it keeps which report it belongs to, under the key of that
// report's month: once that is forgotten, the file belongs to nobody and is swept.
//
// It does not know what a report may do next, who may read it, or what anybody wrote: bot/casework decides, and what
// people write arrives here as sealed age files. It starts no goroutine and knows no clock.
//
// [Read.Verify] walks everything and says what does not hold together.
//
// A report that outlives its month is carried to a later one ([Store.Carry]), in many updates each of which leaves it whole,
// with the pepper to which its receipt belongs; the rest of a month is deleted once its key is forgotten ([Store.DropMonth]).
//
// It keeps the promise of hop six: what one message changes is written in one transaction, through [Store.Update].
//
// # Decisions
//
// 2026-11: one Write that offers all shelves inside a transaction. Rejected: a repository for each shelf with a
// transaction of its own, since draft, report, notices and update mark could then be written apart.
//
// 2026-11: a value sealed once in an update is reused when the engine runs the closure again, so that closures stay
// re-runnable although every seal draws a fresh nonce. Rejected: nonces derived from the content, which would show
// when a value has not changed.
//
// 2026-11: keyed names of codes, readers and owners come from the month's own key. Rejected: the installation secret,
// under which the number of reports of each reader could still be counted after their month was forgotten.
//
// 2026-11: a service directory is opaque pages of a generation, and one record says which generation is in force. A new
// one is written beside it over many updates, which no single update could hold, and one small update switches. Rejected:
// a record for each service, which an import would have to change one by one under the eyes of whoever looks up.
//
// 2026-11: what carries a report over copies what hangs on it beside the old, and one update switches. Rejected: moving it a
// page at a time, between which its readers would have found half a thread.
//
// 2026-11: records of a forgotten month are deleted by the name of the key in front of them, for the months that are named.
// Rejected: deleting whatever does not open, which would have made a key file that was mislaid into a forgotten one.
package store
