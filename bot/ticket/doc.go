// Package ticket is the world of one report: its receipt, its code, its kind and state, who reads it, who is told
// when nobody does, and who may see what.
//
// It is pure. Times and random bytes are passed in; nothing here stores, sends, seals or signs. What is decided here
// is written down by other rooms in one transaction.
//
// Promises kept here, each with a test that would fail:
//
//   - A mistyped receipt is noticed before any costly work: every wrong digit and every swap of neighbours.
//   - What the server can read of a report is the list of fields in [Report], and nothing else.
//   - No reader, no report: [Mission.Route] answers "none" unless two confirmed keys, one of them outside the accused
//     organisation, or the oversight desk can read.
//   - Excluded means unseen: [Inbox] and [MaySee] give an excluded or waiting person the same view with and without
//     the report.
//   - A missed deadline never passes in silence: [Clock.Due] reminds, then hands to the backups, then to the
//     coordinator, then to the oversight desk, each once a step; where a rung is empty the next one is taken. While a
//     report is open and somebody can read it, a rung of a deadline is to come, or all were made and it shows as late.
//   - Whoever is away changes who is handed a report first, and never who can read it or whether enough can.
//
// # Decisions
//
// What is not known counts against the readers. While the accused organisation is unknown, the readers must come from
// two organisations; "yes, somebody who handles reports is involved" without an organisation counts as "not sure who".
// So an early "enough" stays true whatever organisation, area, age or matter is named later; only the answers about
// involvement and about armed forces can still take readers away. Rejected: to count an unknown organisation in favour of
// the readers, which would let a report about an organisation be read by that organisation alone.
//
// Routing widens before it gives up: the rules of the mission, then everyone whose areas and kinds match, then everyone,
// then the oversight desk. Rejected: to send what no rule foresaw to the oversight desk at once, since the desk would
// then read most of the reports of a small mission.
//
// A withdrawal lies over the state where the report stood ("withdrawn:referred"), so that taking it back within seven
// days needs no second field in the outer record. Rejected: to return to "received", which would tell the reporter that
// nobody had read.
//
// The way to reach a person stands outside the signed roster, in the store: it changes often, and nothing is sealed to it.
//
// The oversight desk waits behind the readers of every report that it may read, since a clock can only turn to those to
// whom the report is sealed. It makes nothing "enough". Rejected: to seal the report to it when that rung comes, which the
// server cannot.
//
// Whoever takes a report over alone after the last rung gets one fresh term with all its rungs ([Clock.Fresh]). Rejected: to
// refuse the handing over, which would keep it with somebody who cannot act; and to leave it without a clock.
//
// Working hours of one person take them for away at night from urgent reports alone. Rejected: from all, by which every
// night would hand ordinary reports to more people.
//
// Absence stands outside it too. The one who stands in is handed the report beside the absent reader and not in their
// place: whoever comes back early misses nothing, and routing stays the same for everybody else.
//
// A note that names a state moves every clock but the one of the next word: the reporter is told a state and no words.
// Rejected: to count it as an answer, by which a reporter could wait for ever while readers write to one another.
package ticket
