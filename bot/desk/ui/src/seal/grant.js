// What lets somebody read: a share, which adds a reader to a report, or a copy, which seals a message of it once more. Both
// are signed with the report's seed.
//
// A copy holds a new head alone. The payload stays where it is, so that a copy is small, and so that nobody can put other
// words into a reader's hands than those that were stored.
import { headSize, hasPlaces, makeHead, openPayload, places, unpad, unwrapKey, wraps } from "./age.js";
import { concat, equal, isZero, startsWith, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import { checkHeader, encodeHeader, isCopy, parseHeader, signHeader, signatureSize, sortedReaders, verifyHeader } from "./header.js";
import { identityOf } from "./keys.js";
import { checkMessage, recipients } from "./message.js";
import { Cursor, number, part16 } from "./wire.js";

/**
 * @typedef {object} Grant
 * @property {import("./header.js").Header} header
 * @property {Uint8Array} head of a copy; a share has none
 * @property {Uint8Array} signature
 */

const grantLine = "amana grants 1\n";

/** The length of the longest file of grants. */
export const maxGrants = 1 << 20;

const nothing = new Uint8Array(0);

/** @param {Grant} g */
function checkGrant(g) {
  const h = checkHeader(g.header);
  if (h.nudge.length !== 0 || h.state !== "" || isZero(h.message)) fail("malformed");
  if (isCopy(h)) checkHead(g.head);
  else if (g.head.length !== 0 || h.readers.length !== 1) fail("malformed"); // a share adds one reader, and nothing else
  return g;
}

function checkHead(head) {
  if (head.length !== headSize || !hasPlaces(head, places)) fail("malformed");
}

/** Adds the one reader whom the header names. @returns {Grant} */
export function signShare(seed, header) {
  const g = checkGrant({ header, head: nothing, signature: nothing });
  return { ...g, signature: signHeader(seed, header, nothing) };
}

/**
 * Seals a message, or a copy of it, once more: to the readers of the header, at sixteen places like every message. The
 * secret has to open it; not_for_you says that it does not.
 * @returns {Promise<Grant>}
 */
export async function signCopy(seed, header, file, secret) {
  checkMessage(file);
  const h = { ...header, readers: sortedReaders(header.readers) };
  const to = await recipients(h.readers.map((r) => r.key));
  const key = await unwrapKey(file.subarray(0, headSize), places, [identityOf(secret)]);
  const head = await makeHead(key, to);
  key.fill(0);
  const g = checkGrant({ header: h, head, signature: nothing });
  return { ...g, signature: signHeader(seed, h, behead(head, file)) };
}

/** The payload of a message behind another head. */
const behead = (head, message) => concat(head, message.subarray(headSize));

/** Gives the age file of a copy: its head in front of the payload of the message, original or copy. */
export function copyFile(g, message) {
  checkMessage(message);
  if (!isCopy(g.header)) fail("malformed");
  checkHead(g.head);
  return behead(g.head, message);
}

/**
 * Gives the body of the message of which this is a copy.
 *
 * The head of the original has to be made with the very key that the copy wraps. The payload alone does not see to that:
 * whoever writes a message can make one that opens to two texts, each under a key of its own.
 */
export async function openCopy(g, message, secret) {
  const file = copyFile(g, message);
  const key = await unwrapKey(g.head, places, [identityOf(secret)]);
  try {
    if (!wraps(message.subarray(0, headSize), key)) fail("tampered");
    return unpad(await openPayload(key, file.subarray(headSize)));
  } finally {
    key.fill(0);
  }
}

/** Says whether a reader of the report signed exactly this: a share, or a copy of this very message. */
export function verifyGrant(publicKey, g, message) {
  checkGrant(g);
  return verifyHeader(publicKey, g.header, isCopy(g.header) ? copyFile(g, message) : nothing, g.signature);
}

/** Writes a grant that passed its check. */
const encodeGrant = (g) => concat(part16(encodeHeader(g.header)), g.signature, g.head);

/** Reads one from a cursor. @param {Cursor} c @returns {Grant} */
export function readGrant(c) {
  const raw = c.bytes16();
  const signature = c.take(signatureSize);
  if (c.bad) fail("malformed");
  const header = parseHeader(raw);
  const head = isCopy(header) ? c.take(headSize) : nothing;
  return checkGrant({ header, head, signature });
}

/** Writes grants of one report into as few files as hold them, in order. @param {Grant[]} grants */
export function grantFiles(grants) {
  const files = [];
  let page = [];
  const flush = () => {
    if (page.length > 0) files.push(concat(utf8(grantLine), number(page.length, 2), ...page));
    page = [];
  };
  for (const g of grants) {
    checkGrant(g);
    if (!equal(g.header.report, grants[0].header.report)) fail("malformed");
    const b = encodeGrant(g);
    if (grantLine.length + 2 + page.reduce((n, p) => n + p.length, b.length) > maxGrants) flush();
    page.push(b);
  }
  flush();
  return files;
}

/** Reads a file of grants: one or more, all of one report. It checks the form of every part, and no signature. */
export function parseGrants(b) {
  if (!startsWith(b, grantLine) || b.length > maxGrants) fail("malformed");
  const c = new Cursor(b.subarray(grantLine.length));
  const grants = [];
  for (let n = c.u16(); n > 0; n--) {
    const g = readGrant(c);
    if (grants.length > 0 && !equal(g.header.report, grants[0].header.report)) fail("malformed");
    grants.push(g);
  }
  if (!c.done() || grants.length === 0) fail("malformed");
  return grants;
}
