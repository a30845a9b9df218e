// Package webhook tells the system of an organisation that there is something to read: it posts a notice to an address of
// the web, signed as the Standard Webhooks specification says (version 1, symmetric). It is a door: it knows an address and
// a notice, and nothing of reports. Verify is the other side, for whoever receives.
//
// # What is posted
//
// A JSON object:
//
//	type      "notice", or "proof" with the digits that prove an address
//	code      six letters, the same at each repeat; left out where the notice names no report
//	event     what happened: report, message, late, remind, answered, note, …; new ones may come
//	urgency   "urgent" or "normal"; left out where the notice names no report
//	deadline  RFC 3339 in UTC; left out where nothing is due
//	link      where the report lies at the desk, if the mission wants links in notices
//	kind,     only if the mission says so under notices:
//	area
//	digits    with "proof" alone
//	file      the report, sealed to its reader alone, if that reader wants it: base64 in the standard alphabet
//
// Nothing in it but the file holds what a person told, and only its reader's key opens that.
//
// # Promises
//
//   - An address comes from the operator's configuration, under a name; nobody else can make the server call one. It is
//     https, or plain http on this machine. No redirect is followed.
//   - A notice counts as carried only on an answer of 2xx. A repeat has the same webhook-id, and a new timestamp.
//   - Of an answer the status and Retry-After alone count. Its body is thrown away unread.
//   - No error holds the address, a secret, or words of the other side.
//
// # Decisions
//
// 2026-11: 410 is the one answer that ends a notice, as the specification has it. Any other, 404 too, may be a mistake that
// somebody mends, so it is tried again for as long as the outbox tries.
//
// 2026-11: where a notice with its file is too long for the other side (413), it goes without, at once, as a mail does: it
// still tells what to ask for. The largest has 1.4 MiB; a web server that nobody told otherwise often takes one.
//
// 2026-11: Retry-After is heard for 429 and 503 alone, up to an hour, so that nobody is left untold for a day by a wrong
// number.
package webhook
