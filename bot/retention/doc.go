// Package retention says what is due to be forgotten, forgets it, and keeps the proof that it was.
//
// Everything of a report stands under the key of its month and class. When a month has been kept as long as the mission's
// rules say, what in it is open or on hold is carried over to the present month, the key file is deleted, and with it every
// copy and backup of the rest becomes unreadable. Then the records are deleted, voice messages erased, and the database file
// is made anew. What stands in the way of that is a key backup that still holds the key: each is named until its holder says
// that it was destroyed.
//
// Three things end before their month: a report whose reporter withdrew it, some months after that became final; one that
// was carried over and is closed since; neither while it is on hold. Of these the records are deleted, at once and without
// being noted anywhere outside the report; a backup of the database that was made before holds them, unreadable without the
// key directory, until their month ends.
//
// It does not touch a key but through the key directory's own methods, and it never sees what anybody wrote.
//
// # Promises
//
//   - A report that is open or on hold is never forgotten: nothing is written under the month any more when the last look at
//     it is taken.
//   - A stop at any instant is made up for by the next start: a month is either there, or forgotten with its statement.
//   - Where machines share a database, only the process that keeps the house prepares, forgets and states; the others destroy
//     their own copies of what is stated. A month that was shut for all of them is opened again by nobody but the process
//     that shut it, in the same term; else the next one that keeps the house ends it, since the key may be gone. Only where
//     it was not looked at for the last time yet, so that no key is gone, and a report of it is damaged, it is opened again.
//   - A damaged report holds up no other: its month stays until it is restored, since nobody can tell whether it is open; what
//     is closed beside it is deleted when the month is due, and the other months go on. Where no backup holds it, an operator
//     says so, and it is given up: never what can be read, nor what its audit chain, which lies apart, calls on hold, and nothing
//     where it may be the key that is damaged. Until its month has gone this is noted as a number alone.
//   - The day on which a month goes is put off by a number of days that was drawn once, so that it tells nothing.
//   - What was forgotten and comes back with a key backup is forgotten again before anything is read, and is said loudly.
//   - Statements name months, classes, keys, key backups and days; never a report, its time, or how many there were, but for
//     the number of damaged ones that were given up: nobody else could ever tell what became of those.
//   - A clock that was set back, or that leapt ahead, forgets nothing by itself.
//
// # Decisions
//
// 2026-11: a month is forgotten by `amana forget`, and by the server alone only where the mission says automatic: true. Key
// backups have to be destroyed by hand in any case, and whoever does that should have looked whether something has to be
// held. What a reporter withdrew is deleted by the server without being asked: they asked for it.
//
// 2026-11: statements are a chain of signed texts in the database, and the key directory's ledger is the second witness: a
// key that the ledger has forgotten and no statement names tells of an older database, and the other way round of an older
// key directory. Rejected: the ledger alone, which comes back with the backup that it should give away.
//
// 2026-11: what is carried over and closed later is deleted a month after it grew quiet. Rejected: keeping it until the month
// that it was carried to is due, which could be years.
package retention
