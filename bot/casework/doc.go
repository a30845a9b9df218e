// Package casework is what is done with a report: it is filed, its mailbox is opened, it is handed out, answered,
// escalated, and its readers are told.
//
// It brings together what no other room may know at once: bot/ticket decides who reads and what may follow, bot/seal
// closes the envelopes, bot/store writes everything of one deed in one transaction. The rooms that talk to people and
// to staff see it through small interfaces of their own and know neither keys nor reports.
//
// It does not speak: it gives facts, and others find the words. It does not read: what a person told is in its hands
// only during the call that seals it, and an answer only during the call that shows it to its reporter. It starts no
// goroutine: the outbox drives its clock.
//
// # Promises
//
//   - A filing is either wholly there, with its receipt, its notices and its update mark, or not at all.
//   - Nothing is sealed to a key that the coordinator did not sign, nor while a restored roster is unconfirmed.
//   - For an excluded person every answer is the one that they would get if the report did not exist.
//   - An answer reaches a reporter only with the signature that the report's readers alone can make.
//
// # Decisions
//
// 2026-11: Argon2id and the sealing are done before the transaction begins, since a closure may run twice and must
// not hold the writer for a third of a second. The transaction looks again whether the update was committed meanwhile.
//
// 2026-11: the roster is checked once, when it is applied or the program starts, and held in memory as one value that
// is swapped whole. Rejected: reading and verifying it on each question of a conversation.
package casework
