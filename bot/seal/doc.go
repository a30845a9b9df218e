// Package seal is the only room that touches cryptography. It keeps two locks apart.
//
// Lock one, the house keys: every stored value is a key id and an AEAD under a key of that month and class, so that
// deleting one small file makes every copy of that month's records unreadable. [House] holds these keys. Lock two,
// the people's keys: what a person tells, and everything written about it, is an ordinary age file for the readers of
// that report alone ([Message], [OpenMessage]); the server that sealed it cannot open it afterwards.
//
// Beside them stand the roots that live in memory only ([Roots]), the slow way from a receipt to a mailbox ([Kiln],
// [Stretched]), and the files that travel between server and focal point: the hand-out ([HandOut]), the signed answer
// ([SignAnswer]), the share and the copy ([SignShare], [SignCopy]) and the enrolment ([Enrolment]).
//
// A voice message is an age file of its own ([Voice]), sealed to the same readers, in one of five sizes; until it is sent it
// is locked under a name that stands in the draft alone ([DraftVoice]).
//
// It does not know what a report is, who may read it, or where bytes are stored: it takes public keys as text and
// gives bytes back. It imports the standard library, filippo.io/age, golang.org/x/crypto, and golang.org/x/text for the normal form of passphrases.
//
// # Promises
//
//   - A message has one of four sizes and always sixteen places, whoever reads it; the order of places says nothing.
//   - What was forgotten answers [ErrForgotten]; what was changed answers [ErrTampered]; neither yields plaintext.
//   - Whoever seals a message once more cannot change a word of it: a copy is a new head before the same payload.
//   - No error, log line or %v prints a secret. Types that hold one say "(secret)".
//   - Parsers of foreign bytes never panic and never allocate more than a small multiple of their input.
//   - At most two receipts are stretched at once, 64 MiB each, whatever the crowd.
//
// # Decisions
//
// 2026-11: age files with sixteen X25519 places, padded by throwaway keys. Rejected: a key for each report with one
// grant a reader, which shows their number and needs a second format. Rejected: hybrid post-quantum keys, whose 1,959
// characters cannot be read aloud, printed small or carried in sixteen places.
//
// 2026-11: XChaCha20-Poly1305 with random nonces for stored values. Rejected: AES-GCM, whose 96-bit nonce is too
// short to be random over the life of a busy month.
//
// 2026-11: the key directory has a ledger of the keys that must be there, so that a lost file is told from a
// forgotten one. Rejected: the files alone, where a slip of the hand would look like the end of a month.
//
// 2026-11: a value under a runtime root names the root by eight derived bytes beside its epoch. Rejected: the epoch
// alone, under which a value from before a reboot would look tampered with instead of forgotten.
//
// 2026-11: a copy wraps the file key of a message for others, in a head of the same form. Rejected: encrypting the words
// anew, by which one reader could have handed another a statement that nobody made, and which is twenty times as long.
//
// 2026-11: the sixteenth place of a voice message is for a key that stands inside the message to which it hangs. So whoever
// is shown the message by a copy can listen, and sharing needs no second kind of copy. Rejected: the voice inside the
// message, whose largest size is a thirtieth of a voice message; and a copy of its own for each, which a reader could forget.
//
// 2026-11: the header of an answer is signed with the hash of the return address in place of the address. Rejected: the
// address itself, which would have had to be kept under a house key for as long as somebody wants to verify the answer.
package seal
