// Package etcd is the engine of package kv for more than one machine: a cluster of etcd, where several processes serve one
// database, and the loss of a machine loses nothing.
//
// It makes the database of a mission (Create, Fill), serves it (Open), walks through it for a copy (Walk), and elects who of
// the processes does what only one may do (Campaign). It runs no cluster: members, certificates, users, quota, compaction and
// defragmentation belong to whoever does. It encrypts nothing and erases nothing: a deleted value stays in the history until
// that is compacted, in the file of each member until that is defragmented, and longer in its log, which is why every value
// that reaches this package is sealed.
//
// All of it but this page is built with the tag etcd alone. A program without the tag links nothing of etcd.
//
// # Promises
//
//   - Update returns nil only after a majority of the members has flushed what it wrote. Whatever fails, each update is whole
//     or absent, and under an id it happens once.
//   - A View or an Update that begins after an Update was acknowledged, in whatever process, sees it.
//   - A cluster that does not answer is given up after the silence of the Options, which outlasts an election: with kv.ErrAway
//     where it is certain that nothing was written and nothing will be, else with kv.ErrUnknown. One that answers, but in which
//     an update meets others each time, after their patience, with kv.ErrBusy.
//   - Once Settled has said no, no attempt of before is applied any more, however long it was on its way.
//   - An update under an office commits only while the office is held; see fence.
//   - A database that was moved away, put in place of another one, or is being filled takes no update of whoever opened it
//     before.
//   - A database that was made in another cluster, and came here in a snapshot of etcd that was restored, is not opened to be
//     served: it is older than what was acknowledged. It may be copied.
//   - Where an older database is put in the place of the one that is served, nobody hears that anything was written to it: with
//     kv.ErrBack, or kv.ErrStray where the cluster is another one, every call ends from then on. See below.
//   - No error holds a key or a value, but some hold addresses of members.
//
// # How an update commits
//
// It looks for the record of its id, which also tells the newest revision. The closure reads that one revision, and what it
// writes is gathered in a kv.Buffer. Then one transaction compares that every key which was read has the revision of its last
// change still (0 for one that was not there), that no range which was scanned holds anything newer than the snapshot, as far
// as the closure saw of it, that each pair in such a range is unchanged too, because one that was deleted leaves nothing newer
// behind, that the record of the id is as it was found, the offices are held, and the database is the one that was opened;
// and if all that is so, writes everything. There is no other write. If it is not so, the answer brings the present values,
// and the closure runs again on them at once: an update that meets another costs one more round and no question.
//
// A closure that wrote nothing, without id and office, needs no commit: what it read was so at one instant.
//
// # Lost answers
//
// A request whose answer is lost may have been applied, or may wait in the queue of a member and be applied seconds later: a
// look that finds nothing proves nothing. So whoever must know writes a bar into the place of the record (see bar): attempts
// of before compared the record as it had been and fail whenever they arrive; a later attempt compares the bar. Only behind
// that does an update run its closure again, return the closure's error, or say that nothing was written. Without an id there
// is no such place, and the caller gets kv.ErrUnknown. Forget takes bars away with the records of the same day, so forget no
// record of which a request may be on its way still: a day is plenty.
//
// # Offices
//
// Who asks for an office puts a key on a lease of three seconds into its line, and holds it when nobody's key is older. The
// holder keeps the lease alive and looks at no clock: only the cluster says that it is gone, and a cluster without a leader
// ends no lease. Whether a term lasts is compared in each commit. So a process that was killed is followed within four
// seconds (a leader looks for dead leases twice a second), one that was paused is refused, and what it had committed stays.
//
// If the leader of the cluster dies at the same instant, the next one gives every lease its full time anew, and an election
// timeout beside: that alone made six seconds and a half of it. So whoever stands in a line also gives a sign once in each
// reign, and who is behind takes away a key that is still without it a second and a half after it knew of the reign (see
// sign.go). With the election, which takes one to two seconds, that is three to four and a half. Three things cannot be
// mended: an election in which nobody wins at first takes a second or two more; a leader that dies seconds after the holder
// begins the wait anew; and a cluster whose election timeout was set higher than two seconds makes the lease as long as one
// and a half of it. A lease of two seconds, the least that a stock cluster grants, would not do: the next leader would still
// make five or six seconds of it, and a busy machine would have a second and a half for its beats always, where the sign asks
// that of it after an election alone.
//
// # A cluster that goes back
//
// A snapshot that is restored with the token and the addresses of the old cluster makes one with the same number, and one node
// that is made the whole cluster may lack the last that was acknowledged. Whoever goes on in it with what it has in memory
// mixes two pasts. Three things are held against that, none of which rests on what one member says alone:
//
//   - The revision. An answer behind which a majority stands, and a transaction, is never below a revision that was seen before
//     it was asked for. A member that lags answers such a question only when it has caught up.
//   - A witness: the record of the update that this process had acknowledged last. Every commit compares it, so that what came
//     back with a raised revision (--bump-revision) takes no write.
//   - The number of the cluster. A member that has another one is passed over, and ten seconds of nothing else are the end.
//
// What they saw is to be kept for the next process (Seen, Options.Seen), which refuses such a database at its start. Only what
// was made anew is taken again: by Create or Fill, as a restored backup is.
//
// What is not told: a process that has had no update acknowledged since the snapshot, and finds the revision raised or passed
// by others meanwhile. It lost nothing that anybody was promised by it. Until its next commit, one may read from a database
// with a raised revision. Updates without an id leave no witness. Who starts with no note of an earlier process, as after the
// power was gone, goes by the number of the cluster alone.
//
// Members that differ from each other in what they hold, which no etcd should, may look the same, and stop it too. And a process
// that signs in with a password hears of it some seconds late: see signAgain.
//
// # Decisions
//
//   - Not the STM of the client: it compares single keys and knows no ranges, so two updates that each looked whether a shelf
//     was empty would both fill it. Nor its retries: it sends a transaction again which the server has given up waiting for.
//   - Not its locks: a holder that is paused goes on writing when its lease is over, as Jepsen has shown. An office here is a
//     key that every update compares.
//   - The first question of a snapshot goes to a majority; what is asked of the same revision afterwards any one member
//     answers, because a revision never changes.
//   - No group commits. Updates that touch different keys run side by side, and the members batch them. Those of one process
//     that met at a key go one behind the other from the second attempt on (see giveWay): without that, 24 writers of three
//     processes on one key took six attempts for each update, with it two.
//   - A process stays with one member until it owes an answer or is slow (see members). The client would go round all of them,
//     and with one of three paused, every third request would wait for it.
//   - The server says that it has no room of what it refuses and of the one transaction that made it full, which it has
//     applied. So that answer is looked into before anybody hears kv.ErrFull. Where there is no room, what frees some must name
//     itself by no id: a record needs room.
//   - No sign-in for a stream: the client makes one each time, which costs a node a tenth of a second of its processor; where it
//     has none to spare that took longer than a lease lives, and no office could be kept (see signed).
//   - No leases on data: what they take away leaves no trace, and forgetting here leaves one.
//   - Nothing is sent in the clear but to this machine itself, and through no proxy of the environment.
//   - Open never creates: a mistyped address or mission must not become an empty database that hides the real one.
package etcd
