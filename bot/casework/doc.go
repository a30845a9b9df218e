// Package casework is what is done with a report: it is filed, its mailbox is opened, it is handed out, answered, shared,
// sealed again, escalated, and its readers are told.
//
// It brings together what no other room may know at once: bot/ticket decides who reads and what may follow, bot/seal
// closes the envelopes, bot/store writes everything of one deed in one transaction. The rooms that talk to people and
// to staff see it through small interfaces of their own and know neither keys nor reports.
//
// It does not speak: it gives facts, and others find the words. It does not read: what a person told is in its hands
// only during the call that seals it, and an answer only during the call that shows it to its reporter. It starts no
// goroutine: the outbox drives its clock.
//
// A report is shared by a signed share, and whoever lacks a message, since they joined later or have a new key, gets it
// by a signed copy that another reader makes on their own machine. Who lacks what is never written down: it is reckoned
// from the thread whenever somebody asks. Nobody here can tell whether a copy opens for those whom it names; so a copy
// takes the place of nothing, and several of them are handed out.
//
// Voice messages are sealed to the same readers in files of their own, beside the database (bot/voice). The file is on the
// disk before the record that names it is written; whatever comes between is swept. What opens one stands inside the
// message to which it hangs, so that whoever is shown that by a copy can listen. The server goes on to know how many there
// are, and their padded lengths. With a notice travels the report alone; its voice messages come when it is asked for.
//
// A reader who hands a report over to a colleague steps into the row of those who wait. If that colleague is revoked while
// nobody else holds it, those who wait are handed it at once; and if they lose their key after all rungs were made, those who
// wait and open it. A reader's note can move a report as an answer does, but for closing it: its reporter is told the new
// state and no words, and the next word stays due when it was. Whoever is said to be away is stood in for, and goes on to
// read and to count as a reader.
//
// At the desk somebody signs in with the key of their own, which the server proves by a challenge, and from a browser that
// was there when the key was made or that the coordinator allowed. It is told nobody whether a person exists, whether their
// proof is right, or whether their browser waits. Whoever is reached at the desk alone has an address that begins with
// "desk:"; their notices are taken off the shelf when they fall due, since the desk shows the same.
//
// # Promises
//
//   - A filing is either wholly there, with its receipt, its notices and its update mark, or not at all.
//   - Nothing is sealed to a key that the coordinator did not sign, nor while a restored roster is unconfirmed.
//   - For an excluded person every answer is the one that they would get if the report did not exist. Whoever is revoked
//     is told nothing more and can no longer be reached.
//   - An answer reaches a reporter only with the signature that the report's readers alone can make.
//   - Whatever a reader signed is handed out with its signature, so that other readers believe no server.
//   - Nobody is told of a report before there is something in it that they can open. A reporter sees nothing of copies.
//   - A key that the coordinator has not signed signs in to no desk of somebody whose key is signed.
//   - What a browser shows to sign in is kept as hashes only.
//   - A record that is damaged or forgotten holds up no other: inboxes, notices, clocks and steps of the roots go on.
//
// # Limits
//
// What one person may send at once, so that a flood costs nobody else their turn, their disk or their sleep (see
// StandardBudget): six reports and, counted by themselves, six urgent ones; ten further messages under one receipt and
// thirty under all; as much comes back within an hour. Beyond, bot.Later says for how many minutes; what was written
// stays in the draft. A withdrawal never waits, and a first urgent report waits for no crowd. Beyond fifty receipts in
// the queue of the slow step other reports are asked to come again (bot.ErrBusy). Three wrong receipts are free, each
// later one costs its person a wait that doubles from half a minute to half an hour. A burst of further messages is told
// to each reader by one notice, no later than the first alone would have been.
//
// # Decisions
//
// 2026-11: a budget is kept in memory and by pseudonym, and a restart begins it anew. Rejected: a record on disk, which
// would have told whoever holds the house keys how much somebody writes.
//
// 2026-11: a further message puts a notice with an id of its own in the place of the one that waits. Rejected: leaving
// that one where it is, since it may be on its way already, and the reader may have looked before the message came.
//
// 2026-11: Argon2id and the sealing are done before the transaction begins, since a closure may run twice and must
// not hold the writer for a third of a second. The transaction looks again whether the update was committed meanwhile,
// and whether the readers are still those to whom it was sealed; if not, all is prepared anew.
//
// 2026-11: the roster is checked once, when it is applied or the program starts, and held in memory as one value that
// is swapped whole. Rejected: reading and verifying it on each question of a conversation.
//
// 2026-11: searches over months, threads and invitations are done in a view, and only what was found is read again in
// the transaction, whose limit of a hundred keys no number of months or messages may reach.
//
// 2026-11: the address of a new key counts from the coordinator's signature on, like the key. Rejected: from the
// enrolment on, by which a link that was intercepted would have shown somebody's inbox before anybody had compared a
// fingerprint.
//
// 2026-11: after a reboot nobody can say whose drafts and closing records are left, since pseudonyms went with the
// roots. Whoever goes on talking within the time in which theirs could be among them, instead of opening the
// conversation, is told how it may have ended. Rejected: a lasting key for pseudonyms, under which every chat id there
// is could be tried.
//
// 2026-11: who signs the roster believes no server. The one in force counts only with the coordinator's own signature,
// and is measured against the one signed last, which lies beside the key; a file that merely lists keys was refused,
// since one key changed in it would have been signed unseen. With each roster an order is signed that names every key
// which waited, so that a refused or revoked one does not wait on, and the hold that it ends, so that no roster from
// before a restore ends it. The version in force is noted in the key directory too: a database put back by hand is
// known by its older roster.
//
// 2026-11: nothing is shared while a withdrawal stands over a report, though its readers may still be helped to read: the
// reporter asked that nothing be passed on. Rejected: to leave that to whoever shares.
//
// 2026-11: whoever handed a report over is passed over by the second rung while anybody else waits, and the last rung
// turns to them too: a deadline that ends an hour later must not hand it straight back to somebody who could not do it,
// and must not end in silence either. Who that is stands in the audit chain of the report, which is read when a deadline
// moves; whoever was handed it again since is no longer one of them. Rejected: a field of its own in the outer record,
// which would tell whoever holds the house keys what only that chain records; and a time of grace, which would have held
// up the real backups as well.
//
// 2026-11: a report is handed over only to somebody who sees it, opens all of it and is not away; otherwise it would be
// with nobody for whom it is more than ciphertext.
//
// 2026-11: absences lie under the standing key beside the signed roster, since they change by the day and decide nothing
// about who can read; the coordinator would otherwise sign a roster for every journey. A day of absence is one of the
// mission's zone, and the last one counts.
//
// 2026-11: the digits of a browser are reckoned from the browser and the person whom it names, and every refusal costs one
// commit. Rejected: drawing them, since the same browser would then be told other digits on each try exactly where there
// is nothing to wait for.
//
// 2026-11: who lacks how much is remembered in memory for as long as a thread does not grow. Rejected: a count on disk,
// which a copy that names somebody would have to change in the records of others.
package casework
