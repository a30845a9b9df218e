// Package outbox carries notices to focal points, and one neutral line to those reporters who asked for it.
//
// It knows codes, deadlines and addresses of staff, and nothing of what a report is made of: it cannot import the
// room that does. It owns one goroutine, which also drives the clock of the reports, since a missed deadline is
// nothing but a notice that falls due; beside it one for each notice that is on its way.
//
// It keeps the promise that a notice arrives at least once: it is taken off its shelf only after the door has said
// that it was sent. A repeat carries the same code. What cannot be carried waits longer each time, and is at last put
// among the dead, where the check shows it; the deadline runs on meanwhile, and hands the report to somebody else.
//
// A digest is a notice about no report, the same for everybody; groups of staff are sent nothing else.
//
// # Limits
//
// Something is on its way to at most eight focal points at once (Lanes), and to as many people beside them; to one of
// them one thing at a time, in the order in which it was due. A chat that hangs holds up its own notices and one lane.
//
// # Decisions
//
// 2026-11: a door that is no chat gets the notice itself and its words (Notifier), chosen by the address. Rejected: to hang
// the notice on the words, which would have shown it to chats as well.
//
// 2026-11: a notice is looked up when its lane is free, and not a page of them ahead: in the minutes that a slow chat
// takes, its reader may have withdrawn from the report of the next one. The price is a look at the shelf for each.
//
// 2026-11: what has become of a notice is written also after the process was told to stop. Rejected: leaving that to the
// next start, which would send again what was sent.
//
// 2026-11: the loop wakes at a fixed short interval and asks the shelf what is due. Rejected: a timer for each notice,
// which a restart would have to build again and a change of deadline would have to find.
//
// 2026-11: a notice that was sent, but that the shelf does not give up since the disk is full, is remembered in memory
// and not sent again by this process. Rejected: sending it at every look, which would tell somebody the same every two
// seconds.
//
// 2026-11: where several processes share the shelf, a notice is taken each second while it is carried, and one that was not
// taken for some seconds counts as another's (keep.go). Rejected: a lease of the process itself, whose end would be known in
// four seconds instead of nine; it ties the shelf to the elections of one engine, and says nothing of what a process that
// lives has let fall. And the clocks of machines, which two of them need not share.
//
// 2026-11: a nudge is taken off its shelf before it is sent. A person would rather miss one neutral line than get it
// twice, and a lost one is told to nobody.
package outbox
