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
