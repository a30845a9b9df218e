// Opens every message of a packet, looks whether it belongs to the report that was asked for, and whether a reader signed
// what claims to come from one: the judgement of `amana open`.
//
// What it cannot tell: who among the readers has signed, and whether the server left something out.
import { equal, hex, isZero } from "./bytes.js";
import { fail, is, SealError } from "./errors.js";
import { verifyAnswer } from "./answerfile.js";
import { copyFile, openCopy, verifyGrant } from "./grant.js";
import { decodeInside } from "./inside.js";
import { checkPublic, identityOf, publicText, seedPublic } from "./keys.js";
import { openMessage } from "./message.js";
import { keep } from "./states.js";
import { holds } from "./trail.js";
import { trust } from "./trust.js";
import { allVoices, noted, viewOfBody, viewOfEntry } from "./view.js";

/**
 * @typedef {object} Opened see view.js for what stands in body and later
 * @property {Uint8Array} report its id
 * @property {import("./view.js").Body} body
 * @property {import("./view.js").Later[]} later what was written after it, in order
 * @property {number} unsealed later messages that no one has sealed to this reader yet
 * @property {number} forged   what claims to come from a reader, and is not signed by one
 * @property {number} spoilt   later messages that open to nothing that could be shown
 * @property {number} newer    how many of these a newer program wrote
 * @property {boolean} firstForged the report itself was opened by a copy that no reader made
 * @property {(import("./roster.js").Entry & {fingerprint: string, lacks: number, verified: boolean})[]} readers
 * @property {import("./roster.js").Entry} me
 * @property {import("./roster.js").Roster} roster
 * @property {boolean} cut a reader has seen another end of the record of who did what than the server hands out
 * @property {import("./trail.js").Trail} trail
 * @property {string} standing where it stands, by the server's word
 * @property {{day: string, what: string}[]} turns what else the server says
 * @property {string} state where it stands as far as its thread tells
 * @property {boolean} stateTold whether an answer told it
 * @property {string} language of what the reporter wrote last
 * @property {import("./view.js").Voice[]} voices every voice message, in order
 * @property {string[]} problems of unsealed, forged, spoilt, lacks
 * @property {object} secrets what opens and signs: for the other modules here, never to be shown or stored
 */

/**
 * @param {import("./packet.js").Packet} packet
 * @param {string} secret AGE-SECRET-KEY-1…
 * @param {string} coordinator amana-coordinator1…
 * @param {{seen?: number, confirmed?: number, report?: string}} [known] roster versions as in trust.js; the id that was asked for
 * @returns {Promise<Opened>}
 */
export async function openThread(packet, secret, coordinator, known = {}) {
  const identity = identityOf(secret);
  const { roster, readers, me } = trust(packet, coordinator, publicText(await identity.recipient), known);
  if (known.report && known.report !== hex(packet.report)) fail("other_report");
  if (packet.thread.length === 0) fail("empty");
  const first = await openFirst(packet.thread[0], packet.report, identity);
  const body = first.content;
  const v = { report: packet.report, public: seedPublic(body.seed), identity };
  first.forged = forgedCopy(v, first);
  const judged = { forged: first.forged ? 1 : 0, unsealed: 0, spoilt: 0, newer: 0 };
  const later = [];
  const seen = new Set([hex(packet.thread[0].id)]);
  for (const item of packet.thread.slice(1)) {
    if (seen.has(hex(item.id))) fail("twice");
    seen.add(hex(item.id));
    const e = await open(v, item);
    if (e.spoilt) {
      judged.spoilt++;
      if (e.newer) judged.newer++;
      continue;
    }
    if (e.forged) judged.forged++;
    if (e.sealed) later.push(e);
    else judged.unsealed++;
  }
  canAnswerTo(body.mailbox);
  const lacks = (at) => packet.thread.filter((item) => item.lacks.includes(at)).length;
  const voices = allVoices(body, later);
  const opened = {
    report: packet.report,
    body: viewOfBody(body, voices),
    later: later.map((e) => viewOfEntry(e, voices)),
    ...judged,
    firstForged: first.forged,
    readers: readers.map((e, at) => ({ ...e, lacks: lacks(at) })),
    me,
    roster,
    cut: later.some((e) => !e.forged && e.content?.saw && !holds(packet.trail, e.content.saw.lines, e.content.saw.link)),
    trail: packet.trail,
    standing: packet.state,
    turns: packet.turns.map((t) => ({ day: new Date(t.day * 86400000).toISOString().slice(0, 10), what: t.what })),
    ...stateOf(later),
    language: later.reduce((lang, e) => (e.type === "message" && e.content.lang) || lang, body.lang),
    voices,
    secrets: { seed: body.seed, nudge: body.nudge, mailbox: body.mailbox, answers: body.answers, identity, first, later },
  };
  opened.problems = ["unsealed", "forged", "spoilt"].filter((w) => opened[w] > 0);
  if (opened.readers.some((e) => e.lacks > 0)) opened.problems.push("lacks");
  return opened;
}

/** Opens the report itself, in which the seed lies that everything else is verified with. */
async function openFirst(item, report, identity) {
  if (item.file.length === 0) fail("not_first");
  let e;
  try {
    e = await openItem(item, item.copies, identity);
  } catch (err) {
    if (is(err, "not_for_you")) fail("unsealed"); // a colleague, or a recovery key, has to seal it to this key
    throw err;
  }
  if (!equal(e.content.id, report)) fail("other");
  if (e.type !== "report" || item.header) fail("not_first");
  return { ...e, item };
}

/**
 * Opens a message by the original, or by the first copy that is sealed to the key and whole: one that is not hides no
 * other. File is what it was opened by.
 */
async function openItem(item, copies, identity) {
  let why;
  try {
    return { ...(await inside(openMessage(item.file, identity))), file: item.file };
  } catch (err) {
    why = ours(err);
  }
  for (const g of copies) {
    try {
      return { ...(await inside(openCopy(g, item.file, identity))), file: copyFile(g, item.file) };
    } catch (err) {
      if (is(why, "not_for_you")) why = ours(err);
    }
  }
  throw why;
}

const ours = (err) => {
  if (err instanceof SealError) return err;
  throw err;
};

/** Reads what is opened, and wipes it. Words: not_for_you, damaged, unread, newer. */
async function inside(opening) {
  let text;
  try {
    text = await opening;
  } catch (err) {
    if (is(err, "not_for_you")) throw err;
    fail(ours(err) && "damaged");
  }
  try {
    return decodeInside(text);
  } catch (err) {
    return fail(is(ours(err), "newer") ? "newer" : "unread");
  } finally {
    text.fill(0);
  }
}

/**
 * Opens one later message. Sealed is false for what does not open with the key at hand; forged is set for what no reader
 * signed, whether it opens or not. What a reader signed is no lie of the server, and holds up nothing: it is spoilt.
 */
async function open(v, item) {
  const spoilt = { spoilt: true };
  const kind = item.header?.kind ?? "";
  let forged = item.header !== null && !good(v, item);
  const lie = (word) => (item.header && !forged ? spoilt : fail(word));
  if (item.file.length === 0) {
    if (kind !== "share" || item.header.readers.length !== 1) fail("damaged");
    return { item, type: "share", added: item.header.readers[0].id, forged, sealed: true };
  }
  const copies = item.copies.filter((g) => goodCopy(v, g, item)); // that a reader made: others are left aside, and told of
  const copyForged = copies.length < item.copies.length;
  let e;
  try {
    e = await openItem(item, copies, v.identity);
  } catch (err) {
    if (is(err, "not_for_you")) return { item, forged: forged || copyForged, sealed: false };
    return { ...spoilt, newer: is(ours(err), "newer") };
  }
  if (!equal(e.content.id, v.report)) return lie("other");
  if (e.type === "report") return lie("not_first");
  forged ||= copyForged || (e.type === "message" ? item.header !== null : kind !== e.type); // the reporter signs nothing
  return { ...e, item, forged, sealed: true };
}

/** Says whether a reader of this report signed this, to stand in this place. */
function good(v, { id, header, file, signature }) {
  return equal(header.report, v.report) && equal(header.message, id) && isZero(header.of) && verifyAnswer(v.public, { header, file, signature });
}

function goodCopy(v, g, item) {
  return equal(g.header.report, v.report) && equal(g.header.of, item.id) && g.header.kind === "copy" && verifyGrant(v.public, g, item.file);
}

/** Says whether a message was opened by a copy that no reader made. */
function forgedCopy(v, e) {
  if (e.file === e.item.file) return false;
  const g = e.item.copies.find((c) => equal(copyFile(c, e.item.file), e.file));
  return !g || !goodCopy(v, g, e.item);
}

function canAnswerTo(mailbox) {
  try {
    checkPublic(mailbox);
  } catch (err) {
    fail(ours(err) && "no_mailbox");
  }
}

/**
 * Where the report stands as far as its thread tells. The server knows better only about a button that was tapped and about
 * a withdrawal, and refuses an answer that is not possible any more.
 */
function stateOf(later) {
  let [state, stateTold] = ["received", false];
  for (const e of later) {
    if (e.forged) continue;
    const said = e.type === "answer" ? e.content.state : noted(e);
    if (said !== "") [state, stateTold] = [keep(said), true];
    else if (e.type === "message" && state === "closed") state = "received";
  }
  return { state, stateTold };
}

/** Overwrites what can be overwritten of an opened report. @param {Opened} opened */
export function wipe(opened) {
  opened.secrets.seed.fill(0);
  opened.voices.forEach((v) => v.key.fill(0));
}
