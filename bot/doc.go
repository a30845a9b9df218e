// Package bot holds the words that the rooms of Amana share, and no deeds. This page is the plan of the house.
//
// # What Amana is
//
// One program through which people in a crisis find help and report wrongs in a chat, in their own language and
// without a name, and through which focal points receive those reports sealed, answer them and close them.
//
// # The rooms
//
//	cmd/amana      the only main: one file a command, the configuration, the wiring; nothing imports it
//	bot            words only: Incoming, Outgoing, Choice, Person, Turn, Notice
//	bot/sheet      YAML as operators and authors write it: read strictly, mistakes told in their words     pure
//	bot/flow       the flow language: read, check, step                                   pure
//	bot/speech     catalogs, choosing a language, numbers, plurals, folding of typed input pure
//	bot/ticket     report, receipt, kinds, states, routing, who may see what              pure
//	bot/directory  services, organisations, areas: check, compare, look up                 pure
//	               hours knows when a door is open, table turns files into rows, intake rows into records,
//	               inspect looks for what misleads people, tell says in a person's language what a record holds,
//	               export writes records for others, pathway lays them out on paper
//	bot/guide      the directory as somebody sees it who looks for help: areas, spellings, what is shown to whom  pure
//	bot/tally      counts with small numbers suppressed, and bars of them                 pure
//	bot/translate  sheets for translators out of the catalogs and back, held to every rule    pure
//	bot/seal       keys, envelopes, grants; the only room that touches cryptography
//	bot/kv         ordered bytes: the contract; mem and bolt are engines, kvtest the suite that each passes
//	bot/store      shelves over kv: drafts, reports, mailboxes, outbox, roster, audit
//	bot/voice      the sound of voice messages, in files beside the database: locked while drafted, sealed once sent
//	bot/casework   what is done with a report: file it, open its mailbox, hand it out, take an answer, share it
//	bot/retention  what is due to be forgotten, the forgetting, and the proof of it
//	bot/chat       hears a person, takes a step, commits, answers
//	bot/handover   what leaves the house of a report: the referral form as JSON, a table with HXL tags  pure
//	bot/primero    hands a form to a Primero by a mapping of the mission; only from a reader's own machine
//	bot/office     hears a member of staff: invitation, key, inbox, acknowledge, read, files that come back
//	bot/outbox     carries notices to focal points and nudges to people, with backoff and escalation
//	bot/telegram   the door for people and for focal points; telegramtest is a strict fake of the Bot API
//	bot/mail       the door for notices by e-mail; mailtest is a real mail server for tests
//	bot/webhook    the door for notices to the systems of organisations, signed, and the other side that verifies
//	bot/terminal   the door for trying it: a chat in the terminal
//	bot/desk       the door for focal points at their browsers: pages, sign-in, sealed files out and in; ui holds the pages
//	bot/web        the door for people without Telegram: a chat page that works without JavaScript
//	flows, locales what is said and asked, as data
//
// Doors open one way: cmd → doors → rooms → furniture → words. Doors never know each other, nothing calls back up,
// and house_test.go holds every import to the plan. That plan carries privacy: a door cannot import the room that
// knows reports, the room that carries notices cannot import what a report is made of.
//
// # One message, eight hops
//
//  1. A door reads an update, keeps only what is needed and turns the chat id into a keyed pseudonym: Incoming.
//  2. chat recalls the draft. An update that was committed before is answered again from the state, never applied twice.
//  3. flow.Step(state, input) gives the next state, keys to say and an act to carry out. Pure: same in, same out.
//  4. At the closing step ticket classifies the answers, makes a receipt and chooses the readers; seal closes the envelope.
//  5. speech turns keys into Outgoing in the person's language.
//     The voice messages that belong to it are sealed in files of their own, and those are on the disk before hop 6.
//  6. store commits draft, report, index, notices, closing record and update mark in one transaction.
//  7. Only then the door sends the answer, and only when that was sent is the update confirmed to Telegram: by the offset
//     of a poll, or by answering the webhook. A crash between 6 and 7 brings the update again, and the person is answered
//     from the state: words may be repeated, a question is not lost. Where the answer cannot be sent for a minute, by
//     webhook for five seconds, the update is confirmed without it, so that others are heard. A receipt is safe even then:
//     its closing record waits until the door confirms that this very one was shown.
//  8. outbox carries the notices to the focal points and marks each done or later.
//
// # Who owns which goroutine
//
//   - A door owns its poller, or what looks after its webhook, whose requests cmd/amana serves; one lane for each person
//     who is writing just now; and one queue of outgoing messages for each chat. A person's messages are heard in order;
//     different people in parallel. A lane ends when it is idle.
//   - The chat page has no goroutine of its own: a turn is heard on the one of the request that brings it, and the turns of
//     one conversation wait for each other.
//   - The bolt engine owns one committer. Whatever queued during the last commit goes with the next one: people who
//     write at the same time share a flush, and somebody who writes alone waits for nobody. There is no timer.
//   - outbox owns one loop that looks for what is due and moves the clock of casework, and a goroutine for each notice
//     that is on its way, a few at a time.
//   - The desk starts none: its requests run on the goroutines of the HTTP server that cmd/amana owns.
//   - cmd/amana starts them, and stops them in the reverse order: doors first, then the outbox, then the store.
//
// Everything else runs on the goroutine of its caller. No room starts one behind its caller's back.
//
// # Several processes
//
// Over a file one process serves a mission. Over a cluster (bot/kv/etcd) any number do, with one configuration, each with key
// and runtime directories of its own that hold the same. Two offices are won, each under a fence that every write compares in
// its own commit: hear asks Telegram for the updates of a bot, and keep moves clocks, sweeps, publishes and forgets. By
// webhook all of them hear. What each keeps in memory, and what is done about it:
//
//   - Roster, absences (casework.Registry): they decide who reads. One record turns with each change of them; it is read in
//     every transaction, which begins anew on what it says. What was prepared by an older roster is prepared again.
//   - Spent budgets, wrong receipts (casework): each process counts what it hears itself. With n processes by webhook somebody
//     may send n times as much before it lies in the low tray, readers may get n times as many notices before they are
//     gathered, n times as much is filed beyond the budgets in a day, and a wrong receipt may be tried n times as often: with
//     two processes twelve reports an hour of one person in place of six, 120 of everybody, and 40,000 beyond. By polling one
//     process hears, and a take-over begins its budgets anew, as a start does. Nobody's safety hangs on any of it: a receipt is
//     kept by its length and its slow step, of which each process bears one at a time. They are not shared, although what
//     spends them is committed anyway: the budget of the mission would be one record at which all filings meet, and those of
//     a person would lie on disk, where a count tells that somebody sent much.
//   - Month keys, roots (seal): nobody makes them alone; they are shared by hand, told apart by a record of keyed fingerprints,
//     and a process that has others does not start. Roots step by the clock; whoever keeps the house seals again what lives and
//     says so, and the others give up theirs only then. Clocks may lie a minute or two apart, but for the first minutes of a
//     month, in which a person who writes by webhook to both is somebody new to one of them.
//   - Directory and guide (cmd/amana): looked at every second. For that long people may be shown the one before.
//   - Notices that were opened (store.looked): compared with what lies there, byte by byte.
//   - What is on its way, what waits for a door (outbox): a notice is claimed in its own record before it is carried, and
//     claimed again each second while it is; what another process carries, and whoever it is for, is passed over. A claim that
//     did not change for nine seconds, by the clock of whoever looks, is that of the dead, and its notice goes out again; a
//     carrier that could not claim it for five begins nothing more of it, also when it was paused and wakes up late. What can
//     come twice is a notice whose carrier died, slept or lost the cluster after it had left and before that was written
//     down, and one whose process was paused between its last look at the clock and the wire. A report never does.
//   - A person's turn (chat, telegram lanes): in one process, one after the other. A turn names the draft that it begins from,
//     and is taken anew where another process was faster. Lanes, windows and queues of a door belong to its process; what was
//     not settled when the office is lost is brought to the next one by Telegram.
//   - Rates of sending (telegram): each process keeps below them by itself, so that n of them may be told to wait by Telegram,
//     which they do.
//   - Sessions and challenges of the desk (desk): one process has them, so whatever stands in front must bring a browser to the
//     process that it began with. Elsewhere, and when that process ends, staff sign in again; what they were writing stays in
//     their page meanwhile. Who is revoked, is refused or leaves everywhere is out at all of them. Pace, the bound on attempts
//     to sign in, counts for each process.
//   - Talks of the chat page (web): a conversation goes on at any process, since its draft tells where it stands and what was
//     heard. Limits count for each process, and sounds are played where they were shown.
//   - Versions: the form in which records are written (store.Format) turns with the roster, so that an older program ends before
//     it meets what it cannot read. What a process asks people is said at its start; one that asks something else leaves it to
//     the newer to hear them.
//   - How far the cluster came: each process ends where it goes back, as when an older snapshot is restored beneath it, and notes
//     it beside its roots for the next one on its machine. After a reboot nobody there knows; the other machines do.
//   - Voice messages: files in a folder that all machines share, marked so that another one is refused; with none, no voice
//     messages are taken.
//   - Control socket, metrics: of one process. Forgetting settled updates and the shelves' check: of whoever keeps the house.
//   - A month that is forgotten: its key file is destroyed by each process on its own machine, by the signed statement.
//
// # A clock that is set
//
// What lies on the shelves outlives a process, so it goes by the time of day; what a process waits for goes by clocks that
// nobody sets, and so do offices and claims. Where the clock of the machine is set by more than half a minute while it serves:
//
//   - Forward: conversations go on, although by their hour each would have been idle. What is due by the hour comes as if that
//     time had passed: notices, lines, reminders, the hand to a backup. Nothing is forgotten and no number published for a day,
//     since neither can be taken back, and the clock may be wrong.
//   - Back: the notices that wait are brought forward by as much, so none waits for that time twice, and none comes twice.
//     Deadlines and fixed hours go by the clock as it is. A conversation that nobody ends may live longer by as much.
//   - A machine that was paused by its host, whose clocks stood still, looks like the first.
//   - What was set before the start nobody knows; `amana check` compares the clock with those of the cluster.
//
// # From one mission to all missions
//
// A mission has a bot, a store, keys and a roster of its own, and all missions together are that many programs side by side.
// Nothing is shared but the program, the profiles, flows and words in it. So nobody can be made to open all of them at once,
// no roster reaches into another, one flood stays where it is, and a mission that ends is forgotten by its own keys. The price
// is that nothing adds up over missions but what each has published. Several may share a machine, each with its own account
// of the system, or a cluster, each under its own prefix, user and role; whoever runs that machine sees which of them is busy.
//
// What bounds a mission first is Telegram. A bot may send about 30 messages a second, one a second in a chat and 20 a minute
// in a group, which the door keeps to. A turn takes one or two, so that a bot bears some 15 to 30 turns a second and, at about
// 20 turns each, one report a second. A draft lives an hour: no more than about 100,000 conversations can be open at once.
// The chat page is not bound by that.
//
// The program bears more, on two cores. A turn costs a bit over a millisecond of a processor, over HTTP and with its commit.
// A receipt costs a quarter of a second of one, on purpose, and 64 MiB while it is made, two at a time; so about six reports a
// second (estimated from that) are the end, and beyond them people wait in a queue of fifty and are then asked to send again
// in a minute. A turn does not become slower with what lies in the store. What grows with it, in proportion: the sweep of
// open conversations each minute, the look at reports due on a day, an inbox, the check of the shelves after a start. The look
// at notices is the one thing that grows faster, with those that wait while the door to staff is down, which the budget of the
// mission bounds. `make bench` measures all of it.
//
// A conversation takes about 350 bytes of the file, a report with three readers about 13 kB and an answer nearly as much again (estimated). On a
// cluster of three, whose database should stay below 8 GiB, that is (estimated, with its history between two compactions)
// some 200,000 reports of all its missions together. A cluster wants three machines that do not fail together, each with a
// core or two, 2 to 4 GiB and a disk that flushes quickly, and somebody who can look after them; a commit there takes about
// five times as long as on a file, 2 ms to 0.4, which nobody notices, and a lost leader costs a second and a half. What it
// costs in money is the price of three small machines where a file needs one; it buys that a mission goes on when one fails.
//
// # Decisions
//
// The rooms casework and office are not in the first sketch of the house. Filing needs sealing, routing and storing
// at once; with that in store, store would have known what a report means, and with it in chat, chat would have known
// keys. One room between them lets both stay ignorant. What a member of staff does from a chat is a conversation of
// another kind, without flows, so it has a room of its own beside chat rather than a special case in it.
//
// The room guide stands between directory and chat for the same reason: the directory knows nothing of people who choose,
// and chat nothing of ids, zones and visibility.
//
// Rejected: an event bus between the rooms (nothing may happen between commit and answer that the call does not show),
// and a session object that doors write into (every door would then have to keep the promise of hop 6 by itself).
package bot
