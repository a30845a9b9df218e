// Package voice keeps the sound of voice messages in files beside the database: locked while a person still drafts, sealed
// once they have sent.
//
// A draft's sound is an age file whose one key is the name under which it is asked for. That name stands in the draft and
// nowhere else: it dies with it, and with the root in memory under which the draft is sealed. So a file that outlives its
// draft, on this disk or on a copy of it, opens for nobody. A sealed sound is an age file for the readers of the report. Both
// are padded to a power of two of 64 KiB chunks, stand under names that say nothing, and carry no time of their own.
//
// # Promises
//
//   - A file is whole under its name or not there. A sealed one is on the disk, with the folder's entry for it, before Put
//     returns: what a record in the database refers to cannot be missing after a crash.
//   - What nobody refers to any more is erased by Sweep; what is on its way between file and record is let alone.
//   - The sound stands in clear in memory only.
//   - The disk is never filled: below a reserve no sound is taken, so that there is room for what people write. What was
//     taken before can still be sent, down to half of it: the draft makes room at once.
//
// # Decisions
//
// 2026-11: files rather than values in the database, whose values end at 64 KiB and which is rewritten page by page. The
// price is that a file system knows when a file was made, to the second. Its changeable time is set to midnight; the rest
// tells whoever takes the disk that somebody spoke at that time, and not who, to whom, or with which report.
//
// 2026-11: what is in flight is remembered in memory instead of judged by the age of a file. A start has nothing in flight,
// so that whatever a crash left goes at once.
package voice
