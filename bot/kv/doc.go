// Package kv is the contract between Amana and what keeps its bytes: ordered keys, snapshots to read and one
// atomic step to write.
//
// The contract is cut to the weakest engine that it must fit: a file beside the bot (kv/bolt), memory for tests and
// the demo (kv/mem), and a cluster that compares and commits. Hence it is small: Get, Scan, Put, Delete, no nested
// buckets, no counters (a counter tells how many reports exist), no expiry (what is to be forgotten is forgotten by
// us, and noted). The suite in kv/kvtest holds every engine to it.
//
// # Promises
//
//   - When Update returns nil, its writes are on disk, all of them. When it returns an error that is not ErrUnknown,
//     none of them are and none will be.
//   - Updates have an order, and each sees all that came before it, itself included.
//   - ErrUnknown is settled by asking again with the same ID: either nothing had happened and it happens now, or it
//     had happened and nothing more is done.
//   - The limits below hold on every engine, memory included, so that what passes in a test passes in a cluster.
//   - No error of this package holds a key or a value.
//
// # Closures
//
// The closure of Update must be pure: what it writes depends on what it reads through its Tx and on values fixed
// before Update was called (ids, times, random bytes are drawn outside). An engine may run it several times, or find
// that it lost a race and run it again; the memory engine runs each twice and compares. A closure never calls the
// store that runs it, waits for nothing (others wait for it), and does not keep its Tx. The closure of View runs once at most, on one snapshot.
//
// A View may see an update that is on its way to the disk and has not been acknowledged yet. What the world must hear
// only once it is durable hangs on the return of Update or Settled, never on a View.
//
// # Copies
//
// What a database holds goes from one engine to another as a Walk, and is compared by its Sum. The records of settled updates
// come along: an update that was committed here and whose answer was lost is asked for again there. A State keeps one
// database from being served in two places, and half a copy from being served at all.
//
// # Decisions
//
//   - A thin contract of bytes under concrete shelves (package store), rather than a repository for each engine: the
//     invariants that bind a report to its notices are written and proven once.
//   - Limits are counted here, in Buffer, and not in the engines: an engine cannot forget one.
//   - A Scan in an update costs one key, and one for each pair that it returns: an engine that compares and commits
//     must compare the range for newcomers and each pair for change.
//   - Errors of Get, Scan, Put and Delete stick: an update that met one fails, even where its closure looked away.
package kv
