// Package flow is the flow language: it reads flow files, checks them, and steps through a conversation.
//
// A flow file says what is asked, in which order, and when; no sentence stands in it. A conversation is a State and what
// comes in; Step gives the next State and, by key, what to say. The package knows no sentence, no clock, no chance, no
// door and no store. It keeps two of the promises: nothing but a consent must be answered, and there is always a way out:
// whatever comes in, in whatever state, the answer is a question with a way out, an Act for the caller, or the end.
//
// # The language
//
//	flow: report              # a-z, 0-9, _; at most 16
//	kind: sea                 # what is filed here
//	steps:
//	  - name: age             # at most 20, unique in the flow
//	    type: choice          # note choice choices text number location place services review file mailbox wipe flow
//	    choices: [adult, under_18, unknown]     # or {list: organisations, also: [none, unknown]}
//	    relevant: who != me and not concern has hiring
//	    goto: {under_18: child, "*": end}       # forward only; "*" is any other answer, and none; `end` ends this flow
//	    consent: true         # may be required: true, which nothing else may
//	    hint: true            # there is a text under report.age.hint
//	    later: true           # only where something can be brought to the person later; has neither goto nor consent
//	    constraint: "not (. has none and . has other)"   # a dot is the answer; refusal under report.age.error
//
// A text step has `max` (characters) and may have `voice: true`; number and choices have `min` and `max`; a flow step has
// `flow` and may be `optional: true`; a mailbox step has `do: open|write|withdraw|keep`, and `text: STEP` when it writes.
// `services` is a step that says the urgent lines and goes on, or with `lines: NAME` its own sentence and what stands in
// another list of the place. With `kinds` it looks up and waits, showing a few services at a time:
//
//   - name: where
//     type: place           # walks down the areas of the directory, or takes a name or a shared location
//   - name: find
//     type: services
//     place: where          # or a choice from the list areas; left out: everywhere
//     kinds: {need: {doctor: [health], law: [legal, justice], "*": [health]}}   # or kinds: [legal, justice]
//     optional: true        # passed over where nothing is found
//
// A choice that `kinds` does not name is a kind itself; "*" is no answer. The value of such a step is enough.
//
// A choice with `known: [FLOW]` is not asked where a step of the same name was answered in one of these flows around it:
// that answer stands, is told in the report of this flow, and can be changed where it was given. What was left out there
// is left out; what is no choice here is asked.
//
// An expression compares answers of earlier steps of this flow, or else of the flows around it, with =, != and has, joined
// by and, or, not and parentheses. What was not asked, not answered or left out has no value: = and has are false, != is
// true. A step that acts has the value ok, refused or closed. The variable readers is enough, oversight or none.
//
// # Where a conversation stands
//
// No position is stored. Step walks the flow from the top, along the steps that are relevant and past those that are
// answered, to the first that waits. So a flow that changed under a running conversation maps by itself: answers are found
// by flow, step, type and choice; what is gone is ignored; what is new is asked. The price is one walk a turn, a few
// microseconds; a stored program counter would be faster and would break with each edit of a flow.
//
// Answers are kept in the order given. Back drops the latest one that counts, across flows. A note is said when the walk
// passes it and did not pass it before. Answers that no longer count stay until the report is sent, and are not in it.
//
// # Voice messages
//
// Where the person's door can bring them, a text with `voice: true` takes voice messages beside written ones, in one burst.
// The state holds the name under which the caller keeps the sound, and its length; back, skip and remove take it out like
// a written message, and what State.Voices no longer names may be erased. At most MaxVoices make an answer, MaxVoicesAll a
// conversation, so that neither the state nor the report grows with them. One that is gone when a report is sent is never
// left out in silence: ResultVoice takes it out and asks again. A voice message that comes late is refused, not put to the
// text before: whoever spoke it sees at once what became of it.
//
// # Looking for help
//
// The flow `services` is special: the word services says the urgent lines and enters it from the middle of any other, and
// its end, or back from its first question, comes to the same question again. Such a visit is a second root beside the
// first. Nothing that was answered is touched by it, what is asked for on it is told in no report, and once it is over
// nothing of it is kept. So that this holds whatever an author writes, no step of that flow can file, send, wipe or enter.
//
// What is known of areas and services stands behind the interface Help. In a list of areas or services, the moves made so
// far (down, the next page, wider) are kept as the open answer to the step, so that back takes them back one by one.
//
// # The check
//
// Check explores every way through the flows with the real Step. Two conversations are one to it when they wait at the same
// step, with the same answers to all that a step which can still follow asks about, and the same ahead of them once this
// flow ends: so a flow that is entered from ten places is explored once, as far as the places make no difference. The
// variable readers turns out in every way, from each step on that asks for it. At each state Check tries what a person can
// always do. Lengths, keys, placeholders and what is typed alike are looked at for every choice in
// every language. The size of a report is reckoned along the longest way with relevance left aside, which is never too
// little.
//
// # Decisions
//
//   - A flow that enters a flow it is already in begins the conversation anew with that flow: nothing answered is kept.
//     A stack that grows was rejected: a menu would be a leak and back would lead through old reports.
//   - Once a report is filed, or the chat wiped, one mark stands for all that its flow was told, and the walk goes on after
//     it. So expressions behind a `file` step see answers of enclosing flows, and the result, but none of the report.
//   - What was sent, withdrawn or erased cannot be undone: neither back, nor an old button, nor a review reaches behind it.
//   - An Act is asked for only when an answer brought the person there. If its result never came, the step asks instead,
//     with word.unsent and one choice.
//   - The results wrong, digits, slow, busy, later and trouble are not kept: the question is asked again with a sentence.
//   - An answer that is to be given again (review, old button) stands until there is a new one; back takes the wish back.
//     Dropping it was rejected: a person who looks and changes her mind would have lost it.
//   - What is known is looked up in flows that are named, not in all that lie around: the area in which somebody looks for
//     services is not the area of a report, although both steps are called area. Copying answers into the flow within was
//     rejected: there would be two, and a change of one would leave the other.
//   - A visit keeps its place among those of the conversation, as a root. Saving the conversation aside and beginning another
//     was rejected: a state that holds a state can grow, and an old button would no longer know whose it is.
//   - Cards of services are a part of the question, not sentences before it: whoever asks for help, or for another language,
//     sees them again.
//   - A looked-over review counts only while nothing that it showed was answered later.
//   - Changing the language closes whatever built-in question was open; choosing a language works from any old button, and
//     so do services, hide, stop, language and help, because a person in danger taps what is on the screen.
//   - Skip leaves out what was collected of a text; back takes away the latest message of it first.
package flow
