// What a reader gets handed: the thread in order, and who may read now.
import { equal, isZero, lossyText, startsWith } from "./bytes.js";
import { fail } from "./errors.js";
import { nudgeSize, parseHeader, signatureSize } from "./header.js";
import { readGrant } from "./grant.js";
import { checkMessage } from "./message.js";
import { noTrail, readTrail, sameTrail } from "./trail.js";
import { Cursor } from "./wire.js";

/**
 * @typedef {object} Card one reader as the coordinator confirmed them
 * @property {number} version roster version in which the card was signed
 * @property {string} id      roster id
 * @property {string} name    name or role, as shown
 * @property {string} role    "reader" or "recovery"
 * @property {string} key     age1…
 * @property {Uint8Array} signature the coordinator's
 * @property {Uint8Array[]} raw its texts as they came: what was signed
 *
 * @typedef {object} Item one message of a thread, or a share
 * @property {Uint8Array} id
 * @property {import("./header.js").Header|null} header of what a reader signed; what the reporter wrote has none
 * @property {Uint8Array} signature
 * @property {Uint8Array} file the original, for which the signature was made; a share has none
 * @property {import("./grant.js").Grant[]} copies that name the asking reader, newest first
 * @property {number[]} lacks by their place among the cards: whom the server knows to be unable to open it
 *
 * @typedef {object} Packet
 * @property {Uint8Array} report the report that was asked for
 * @property {number} part
 * @property {number} parts a long thread travels in several packets, counted from 1
 * @property {string} state where the report stands, by the server's word alone
 * @property {{day: number, what: string}[]} turns what else only the server knows, in order
 * @property {Item[]} thread
 * @property {Card[]} cards present readers and recovery keys
 * @property {Uint8Array} roster the signed statement about the roster; may be empty
 * @property {Uint8Array} rosterSignature
 * @property {import("./trail.js").Trail} trail
 */

const packetLine = "amana handout 1\n"; // says nothing of the audit chain
const trailLine = "amana handout 2\n"; // ends with it
const newerLine = /^amana handout [1-9][0-9]{0,3}\n/;
const maxCards = 64;
const maxRoster = 32 * 1024;
const maxTurns = 64;
const maxCopies = 8; // that travel with a message

/** Accepts short printable ASCII, as states are written. */
const isWord = (s) => /^[!-~]{1,64}$/.test(s);

/** Reads the body of a hand-out. Words: malformed, newer. @param {Uint8Array} body @returns {Packet} */
export function parsePacket(body) {
  const trailed = startsWith(body, trailLine);
  if (!trailed && !startsWith(body, packetLine)) fail(newerLine.test(lossyText(body.subarray(0, 32))) ? "newer" : "malformed");
  const c = new Cursor(body.subarray(packetLine.length));
  const p = { report: c.id(), part: c.u16(), parts: c.u16(), state: c.text8(), turns: [], cards: [], thread: [] };
  for (let n = c.u8(); n > 0 && !c.bad; n--) p.turns.push({ day: c.u32(), what: c.text8() });
  for (let n = c.u8(); n > 0 && !c.bad; n--) p.cards.push(readCard(c));
  p.roster = c.bytes32();
  p.rosterSignature = c.bytes8();
  for (let n = c.u16(); n > 0; n--) p.thread.push(readItem(c, p.cards.length));
  p.trail = trailed ? readTrail(c) : noTrail();
  if (!c.done()) fail("malformed");
  return checkPacket(p);
}

function checkPacket(p) {
  if (p.part < 1 || p.parts < p.part) fail("malformed");
  if (p.cards.length > maxCards || p.roster.length > maxRoster) fail("malformed");
  if ((p.state !== "" && !isWord(p.state)) || p.turns.length > maxTurns || !p.turns.every((t) => isWord(t.what))) fail("malformed");
  return p;
}

/** @param {Cursor} c @returns {Card} */
function readCard(c) {
  const version = c.u64();
  const raw = [c.bytes8(), c.bytes8(), c.bytes8(), c.bytes8()];
  const [id, name, role, key] = raw.map(lossyText);
  return { version, id, name, role, key, signature: c.bytes8(), raw };
}

/** @param {Cursor} c @param {number} cards @returns {Item} */
function readItem(c, cards) {
  const id = c.id();
  const raw = c.bytes16();
  const header = raw.length > 0 ? parseHeader(raw) : null;
  const signature = header ? c.take(signatureSize) : new Uint8Array(0);
  const file = c.bytes32();
  const item = { id, header, signature, file, copies: [], lacks: [] };
  for (let n = c.u8(); n > 0 && !c.bad; n--) item.copies.push(readGrant(c));
  for (let n = c.u8(); n > 0 && !c.bad; n--) item.lacks.push(c.u8());
  if (c.bad) fail("malformed");
  return checkItem(item, cards);
}

function checkItem(i, cards) {
  if (i.header && i.header.nudge.length === nudgeSize) fail("malformed"); // it is bare
  if ((!i.header && i.file.length === 0) || i.copies.length > maxCopies) fail("malformed");
  if (i.file.length > 0) checkMessage(i.file);
  for (const g of i.copies) {
    if (!equal(g.header.of, i.id) || isZero(g.header.of) || i.file.length === 0) fail("malformed"); // beside another message
  }
  i.lacks.forEach((at, n) => {
    if (at >= cards || (n > 0 && i.lacks[n - 1] >= at)) fail("malformed");
  });
  return i;
}

const sameCards = (a, b) =>
  a.length === b.length && a.every((x, i) => x.version === b[i].version && equal(x.signature, b[i].signature) && x.raw.every((r, n) => equal(r, b[i].raw[n])));
const sameTurns = (a, b) => a.length === b.length && a.every((t, i) => t.day === b[i].day && t.what === b[i].what);

/**
 * Puts the parts of one report together. Words: other_report, not_together, part_twice, part_missing.
 * @param {Packet[]} packets
 */
export function joinParts(packets) {
  if (packets.length === 0) fail("part_missing");
  const [first] = packets;
  const parts = new Map();
  for (const p of packets) {
    if (!equal(p.report, first.report)) fail("other_report");
    const same = p.parts === first.parts && p.state === first.state && sameTurns(p.turns, first.turns) && equal(p.roster, first.roster) && sameCards(p.cards, first.cards) && sameTrail(p.trail, first.trail);
    if (!same) fail("not_together");
    if (parts.has(p.part)) fail("part_twice", { part: p.part });
    parts.set(p.part, p.thread);
  }
  if (parts.size !== first.parts) fail("part_missing", { parts: first.parts });
  const thread = [...parts.keys()].sort((a, b) => a - b).flatMap((n) => parts.get(n));
  return { ...first, thread };
}

