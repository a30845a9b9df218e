// Package mail carries notices to focal points by e-mail. It is a door: it knows an address and the words of a notice, and
// nothing of reports.
//
// A mail is read by everybody on its way, lies in mailboxes of others, and shows its subject on a locked phone. So it tells
// as little as it can: the same subject in every mail of a language, no name of the program, and in the text what a notice
// may say. What a person told is in none of it, but for the file that is sealed to its reader, where the reader wants that.
//
// # Promises
//
//   - Nothing goes out but over TLS 1.2 or later, to a server whose certificate is right for its name. There is no setting
//     against that; a mission's own authority is named by a file.
//   - A mail counts as carried only when the server has taken all of it. A repeat has the same Message-ID, by which mailboxes
//     know it for the same.
//   - No header names this machine, a program or a user of it. The date is the hour of sending, rounded down: a notice goes
//     out some random minutes after its report, and the minute is nobody's business. Servers on the way write theirs.
//   - Nobody can answer: answers go to a domain that cannot exist (RFC 6761), and programs are asked for none (RFC 3834).
//   - No error holds an address, a word of the server, or the password. What went wrong is said in words of this room.
//
// # Limits
//
// An address is ASCII, in the plain form of RFC 5321 without quotes; a domain in another script is written as xn--. What
// cannot be delivered later than the server's own answer comes back to the sender's mailbox, which this room does not read:
// let that mailbox throw away what comes. An address that was mistyped gets one mail with digits and never another, since
// notices go only to an address that was proved (bot/casework).
//
// # Decisions
//
// 2026-11: one connection for each mail. A mission sends a few a day, and a connection that is kept tells whoever watches
// the line when there is something to say.
//
// 2026-11: a server that refuses a mail with a file gets it without, at once: the notice still tells what to ask for. That
// it came without is seen by its reader alone.
//
// 2026-11: a refusal for reasons of policy (5.7.x), of the sender or of the password is the operator's to mend and is tried
// again. Only what is said of the address itself ends a notice. Where a server gives no enhanced code, its words decide, and
// are kept nowhere: Exim answers 550 to an address that nobody has, and to whoever did not sign in.
//
// 2026-11: the envelope's sender is the sender of the mail. Rejected: the empty one of RFC 3834, which many servers take
// from no client that signs in.
package mail
