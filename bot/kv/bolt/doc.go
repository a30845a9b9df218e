// Package bolt is the engine of package kv for one machine: a single file, kept by bbolt.
//
// It makes the file (Create), serves it (Open), copies what is alive in it (Compact) and puts such a copy back
// (Restore), and makes the file anew without what was deleted (Renew). It gives all of it to another engine (Walk), and takes
// from one (Fill, Copy); a file that went elsewhere is marked (SetState) and opened for nobody who would serve it. It encrypts nothing and erases nothing: deleted values stay readable in the file until their pages are
// used again, which is why every value that reaches this package is sealed, and why a backup is made by Compact, which
// copies pair by pair, and never page by page.
//
// # Promises
//
//   - Update returns nil only after bbolt has flushed the data and then the page that points to it. A kill at any
//     instant leaves each update whole or absent. The full check reads every live byte of the file.
//   - An update that fails spoils no other: not the one that ran in the same commit before it, nor the one after.
//   - A full disk, or one that takes no writes, is said as such; nothing is half written, and the store works again as
//     soon as the disk does.
//   - A file that cannot be trusted is not served: the error names the file and the remedy.
//   - Nothing here replaces a file that exists, but for Renew, which puts a copy of what is alive in the place of the file that
//     it serves. A file appears under its name when it is complete and flushed.
//
// # Goroutines
//
// The store has none of its own. Whoever updates while nobody commits takes the lead: it begins a transaction, runs its
// closure, then gives a turn to each update that queues, and commits for all. A closure runs in the goroutine of its own
// caller, while the leader waits, so that a panic or runtime.Goexit in it is the caller's own. Its writes are gathered
// in a kv.Buffer and reach the transaction only if all went well. There is no timer: whatever queued during one commit
// shares the next, led by one of them, and a lone writer waits for nobody and hands nothing over. Views run beside all
// this, on snapshots.
//
// # Decisions
//
//   - bbolt's own Batch is not used: it waits 10 ms for company, and runs a failing batch again from the start.
//   - Outcome of a failed commit: if the file does not show the new transaction, nothing happened and the store goes
//     on. If it shows it although the flush failed, or cannot tell, the outcome is unknown: every caller gets
//     kv.ErrUnknown, and before anything else is answered the file is closed, opened, checked and committed to once
//     more, which makes durable what is visible. Answering from memory in between might promise what a power cut takes.
//   - The full check is our own reader of the file format and not bbolt's Tx.Check, which shares the free list with the
//     writer and may not run beside one, and which can fault on a damaged file. Tests hold the two against each other.
//   - A mark in the file says that it is being served. If a start finds it, the last stop was not clean, and the full
//     check runs before serving; otherwise the caller runs Check in the background.
//   - While the file is served, the list of its free pages is kept in memory alone: that is a page less in every commit, and
//     one that grows with the file. The list is written until the full check has held it against the tree, because one that
//     gives away a page in use can be found out only while it is there; and again by a clean stop, so that the next start is
//     quick and the file an ordinary one. etcd serves its files without a list, too. The price: after a stop that was not
//     clean bbolt walks the whole tree once more, behind our check; and so it does after a commit that the disk refused,
//     half a second each time where there are 100,000 reports, the first time with as long a check. An update that is
//     refused by its closure, a limit or its context walks nothing.
//   - bbolt walks the tree in a goroutine of its own, where damage would end the process. So our check goes first: in Open,
//     under the lock and before bbolt has the file, and in a commit that fails, before bbolt takes it back (see alarm).
//   - There is no limit of our own to the size of the file: one that has reached it could not even delete, because a
//     deletion is written to new pages too. The limits of file systems say the same, and can be raised.
//   - All pairs stand at the root of the file, in none of the buckets that bbolt means it for: see layout.go.
//   - Open never creates: a mistyped path must not become an empty database that hides the real one.
package bolt
