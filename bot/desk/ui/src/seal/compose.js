// Writing: what is to be sealed for the present readers, an answer also to the reporter's mailbox, and signed with the seed
// that only readers of this report know.
import { signAnswer } from "./answerfile.js";
import { hex, randomBytes } from "./bytes.js";
import { fail } from "./errors.js";
import { none } from "./header.js";
import { encodeInside } from "./inside.js";
import { sealMessage } from "./message.js";
import { isLeg, isOutcome, movesFrom } from "./states.js";
import { plain } from "./text.js";

/** The states to which an answer can bring an opened report. @param {import("./thread.js").Opened} opened */
export const moves = (opened) => movesFrom(opened.state);

const tidy = (text) => plain(String(text ?? "").replaceAll("\r\n", "\n")).trim();

/**
 * Writes an answer to the reporter. Words: empty_text, state, outcome, too_long.
 * @param {object} what
 * @param {import("./thread.js").Opened} what.opened
 * @param {string} [what.text] may be empty only beside an outcome
 * @param {string} [what.lang] in which it is written; left out: the reporter's
 * @param {string} what.state one of moves
 * @param {string} [what.outcome] how the report ended, with the state closed
 * @param {Date} [what.now]
 * @returns {Promise<Uint8Array>}
 */
export async function makeAnswer({ opened, text, lang = opened.language, state, outcome = "", now = new Date() }) {
  if (!moves(opened).includes(state)) fail("state");
  if (!isOutcome(outcome, state)) fail("outcome");
  const words = tidy(text);
  if (words === "" && outcome === "") fail("empty_text");
  const { mailbox, nudge } = opened.secrets;
  const body = encodeInside("answer", { id: hex(opened.report), time: now.toISOString(), lang, role: opened.me.role, state, outcome, text: words, saw: saw(opened) });
  return sealed(opened, body, { kind: "answer", state, nudge }, mailbox);
}

/**
 * Writes a note for the other readers, which the reporter never sees. One about a referral may bring the report to referred
 * or confirmed. Words: empty_text, state, leg, consent, too_long.
 * @param {object} what
 * @param {import("./thread.js").Opened} what.opened
 * @param {string} [what.text] may be empty only beside a leg
 * @param {string} [what.lang]
 * @param {{leg: string, to: string, state: string}|null} [what.leg]
 * @param {string} [what.state]
 * @param {Date} [what.now]
 * @returns {Promise<Uint8Array>}
 */
export async function makeNote({ opened, text, lang = "", leg = null, state = "", now = new Date() }) {
  if (state !== "" && (!["referred", "confirmed"].includes(state) || !moves(opened).includes(state))) fail("state");
  const words = tidy(text);
  if (words === "" && !leg) fail("empty_text");
  const told = leg ? checkLeg(opened, leg) : undefined;
  const content = { id: hex(opened.report), time: now.toISOString(), lang, by: opened.me.id, leg: told, text: words, saw: saw(opened) };
  return sealed(opened, encodeInside("note", content), { kind: "note", state, nudge: new Uint8Array(0) }, "");
}

/** The end of the record that goes into what is written: any other reader can tell by it whether that was cut since. */
const saw = ({ trail }) => (trail.lines > 0 ? { lines: trail.lines, link: hex(trail.links.at(-1)) } : undefined);

function checkLeg(opened, { leg, to, state }) {
  const told = { leg, to: tidy(to).replaceAll("\n", " "), state };
  if (!isLeg(told)) fail("leg");
  if (!mayRefer(opened, leg)) fail("consent");
  return told;
}

/** The consent that each way of a referral needs. */
const consentOf = { complaint: "consent_complaint", assistance: "consent_help" };

/** Says whether the reporter agreed to a referral of this kind. */
export function mayRefer(opened, leg) {
  const asked = opened.body.consents.filter((c) => c.step === consentOf[leg]);
  return asked.length > 0 && asked.every((c) => c.given);
}

async function sealed(opened, body, head, reporter) {
  const readers = opened.readers.map(({ id, key }) => ({ id, key }));
  const file = await sealMessage(body, readers.map((r) => r.key), reporter);
  body.fill(0);
  return signAnswer(opened.secrets.seed, { report: opened.report, message: randomBytes(16), of: none, readers, ...head }, file);
}
