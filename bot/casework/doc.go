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
// nobody else holds it, those who wait are handed it at once. Where keys were replaced, or readers left, so that nobody who
// sees a report opens it, it comes with the next tick to those who wait and do, the backups first, and they are asked to seal
// it again; where nobody does, to the coordinators who wait, or those who see it are told where no coordinator may know of it,
// since only the holder of a recovery key can help, and the check says so. A closed report is seen to when its reporter writes
// again. After the last rung of a deadline whoever takes a report over alone has one fresh term. A reader's note can move a
// report as an answer does, but for closing it: its reporter is told the new state and no words, and the next word stays due
// when it was. Whoever is said to be away is stood in for, and goes on to read and to count as a reader.
//
// At the desk somebody signs in with the key of their own, which the server proves by a challenge, and from a browser that
// was there when the key was made or that the coordinator allowed. It is told nobody whether a person exists, whether their
// proof is right, or whether their browser waits. Whoever is reached at the desk alone has an address that begins with
// "desk:"; their notices are taken off the shelf when they fall due, since the desk shows the same.
//
// Notices go to where somebody writes from, or to one other place, a mail address or a webhook, that the operator names. Digits
// go there first, and nothing else before that person has brought them back; so an address that was mistyped gets digits
// once and never hears of a report.
//
// A report can be put on hold by whoever sees it, for one of a few reasons: then it outlives its month although it is closed or
// withdrawn. Setting and lifting a hold are unsigned like an acknowledgement: a stolen account could lift one, and the
// report's own chain shows it to all its readers, months before it takes effect. A report that was carried to a later month
// is found by its receipt with the pepper that came along; its return address does not, so its nudges have ended.
//
// A mission may choose digests: at fixed times everybody of the roster, and the group of each team, is sent the same,
// whatever has happened, and no notice tells of an ordinary report. They are laid on the shelf before their time, so that
// nothing done at that moment shows in when they go out; a mark says how far that has come, so that a crash repeats none.
// Requests to seal again are told by no notice either: each inbox, which somebody opens when they choose, says for which
// reports its reader can help another one.
//
// # The audit chain, and whoever holds the house keys
//
// A line that is changed, left out or put in breaks the chain. Whoever holds the house keys can cut off its end and write a
// head that fits; so the end is seen by others. With every hand-out goes how many lines there are and the last links. Each
// reader's program remembers of each report the longest end that it saw, by hashes that name nothing, and every answer and
// note carries, under its seal, the end that its writer saw. Later programs of any reader hold the end that they are handed
// against both, and say that the record was changed. The server cannot read which ends were seen by whom.
//
// What remains: lines that came after the last look of any reader, the last handing out above all, can be cut unseen; so can
// those that only programs saw whose memory is gone, if the messages written since are cut with them; beyond 256 lines only
// their number is compared; a server that never writes a line is caught by nobody. A reader who lies can make others believe
// in a cut. The mission's own chain is watched by what is noted beside the keys (Registry.NoteChain), not by readers.
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
// What comes at once, so that a flood costs nobody else their turn, their disk or their sleep (see StandardBudget). Of one
// person six reports and, counted by themselves, six urgent ones lie with the others; ten further messages under one receipt
// and thirty under all are told of as they come; as much comes back within an hour. What is beyond is taken all the same:
// reports lie in the low tray (ticket.TrayLow) until a reader acknowledges them, further messages are told of at the end of
// the hour. Of the tray each reader is told by one notice an hour that names no report, and its missed deadlines hand
// reports on as ever and are told by the same notice. Only what is ten times a budget waits: bot.Later says for how many
// minutes, and what was written stays in the draft. A withdrawal never waits.
//
// When everybody together sends more than sixty reports an hour, or sixty urgent ones, a person's first within an hour still
// lies with the others, and readers are told of all of them by one notice every ten minutes, of urgent ones every two; what
// the same person sends after it lies in the tray. Whoever forges ever new accounts can so bury others among their equals,
// and cannot keep readers from hearing of them.
//
// Twenty thousand reports a day are filed beyond one of these budgets, which at 12 kB each, and at 70 kB for the longest, is
// 240 MB to 1.4 GB of the disk; then they wait as well, but for somebody's first urgent one. Beyond fifty receipts in the
// queue of the slow step, twenty-five for the tray, reports are asked to come again (bot.ErrBusy), but for a first urgent
// one. Three wrong receipts are free, each later one costs its person a wait that doubles from half a minute to half an hour.
// A burst of further messages is told to each reader by one notice, no later than the first alone would have been.
//
// # Decisions
//
// 2026-11: a budget is kept in memory and by pseudonym, and a restart begins it anew. Rejected: a record on disk, which
// would have told whoever holds the house keys how much somebody writes.
//
// 2026-11: a flood is put aside, not refused: what one person sends too fast may be true, and to be refused at night may be
// the end of telling. The tray stands in the outer record, so that it tells whoever holds the house keys that a report came
// with many others of its sender; they cannot tell which. Rejected: to ask for a puzzle or a wait, which cost somebody who
// is frightened more than somebody who is paid for it.
//
// 2026-11: the notice of many reports has an id that is reckoned from its reader and the end of its hour, so that whoever
// writes it next writes the same; none is due before what it tells of can be seen. Rejected: a record of when somebody was
// told last.
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
// 2026-11: everybody is told in one way. Rejected: a second one where the first fails, since whoever has taken over the
// first would then choose when the second is used; the desk shows everything anyway, and the check shows what is broken.
//
// 2026-11: the digits are brought back by whoever has signed in, not by a link: programs follow links, and so would a
// stranger. The operator may bring them too, for whoever has no desk: they name the address in the first place.
//
// 2026-11: who lacks how much is remembered in memory for as long as a thread does not grow. Rejected: a count on disk,
// which a copy that names somebody would have to change in the records of others.
package casework
