// The clear part of what a reader has signed: what the server must know to accept, store and announce it.
import { sha256 } from "@noble/hashes/sha2.js";
import { byText, concat, isZero, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import { pointOf, protocol, publicText, sign, verify } from "./keys.js";
import { maxReaders } from "./message.js";
import { Cursor, number, part16, part8 } from "./wire.js";

/**
 * @typedef {object} Header
 * @property {Uint8Array} report  the report that it belongs to
 * @property {Uint8Array} message random; the same id with other bytes is refused
 * @property {Uint8Array} of      the message that is sealed once more; zero for all but a copy
 * @property {string} kind        what it is, such as "answer" or "note"
 * @property {string} state       the report's new state; empty leaves it
 * @property {{id: string, key: string}[]} readers to whom the age file is sealed, sorted by id. Of a share: who is added
 * @property {Uint8Array} nudge   the blob from the sealed report, or empty; of a bare header: its SHA-256
 */

/** No message: what a header that is of no copy names. */
export const none = new Uint8Array(16);

export const nudgeSize = 5 + 24 + 16 + 160;
export const signatureSize = 64;
const headerVersion = 1;
const keySize = 32;
const maxReaderID = 64;

/** The length of the longest header. */
export const maxHeader = 1 + 3 * 16 + 1 + 32 + 1 + 32 + 1 + maxReaders * (1 + maxReaderID + keySize) + 2 + nudgeSize;

const isName = (s) => /^[a-z0-9_-]{1,32}$/.test(s);
const isReaderID = (s) => /^[!-~]{1,64}$/.test(s);

/** Refuses what would have a second spelling or does not fit. @param {Header} h */
export function checkHeader(h) {
  if (h.report.length !== 16 || h.message.length !== 16 || h.of.length !== 16) fail("malformed");
  if (!isName(h.kind) || (h.state !== "" && !isName(h.state))) fail("malformed");
  if (h.readers.length === 0 || h.readers.length > maxReaders) fail("readers");
  if (![0, keySize, nudgeSize].includes(h.nudge.length)) fail("malformed");
  h.readers.forEach((r, i) => {
    if (!isReaderID(r.id) || (i > 0 && h.readers[i - 1].id >= r.id)) fail("malformed");
    pointOf(r.key);
  });
  return h;
}

export const sortedReaders = (readers) => [...readers].sort((a, b) => byText(a.id, b.id));

/** The one canonical form of a header. */
export function encodeHeader(h) {
  return concat(
    number(headerVersion, 1), h.report, h.message, h.of, part8(h.kind), part8(h.state), number(h.readers.length, 1),
    ...h.readers.flatMap((r) => [part8(r.id), pointOf(r.key)]),
    part16(h.nudge),
  );
}

/** Reads a header. @param {Uint8Array} b @returns {Header} */
export function parseHeader(b) {
  const c = new Cursor(b);
  if (c.u8() !== headerVersion) fail("malformed");
  const h = { report: c.id(), message: c.id(), of: c.id(), kind: c.text8(), state: c.text8(), readers: [], nudge: none };
  for (let n = c.u8(); n > 0 && !c.bad; n--) {
    const id = c.text8();
    const point = c.take(keySize);
    if (!c.bad) h.readers.push({ id, key: publicText(point) });
  }
  h.nudge = c.bytes16();
  if (!c.done()) fail("malformed");
  return checkHeader(h);
}

/** The hash of a file, or of an empty one. */
const sum = (file) => sha256(file ?? new Uint8Array(0));

/**
 * What is signed of a header and a file. In place of the return address stands its hash: where the reporter can be reached
 * comes by in the answer's file, and stays nowhere.
 */
function signed(h, file) {
  const bare = h.nudge.length === nudgeSize ? { ...h, nudge: sha256(h.nudge) } : h;
  return concat(utf8(protocol), encodeHeader(bare), sum(file));
}

/** Signs a header and a file with the report's seed. A share has no file. */
export const signHeader = (seed, h, file) => sign(signed(h, file), seed);

/** Says whether a reader of the report signed exactly this; public is the report's. */
export function verifyHeader(publicKey, h, file, signature) {
  return verify(signature, signed(checkHeader(h), file), publicKey);
}

/** Says whether a header is of a copy. */
export const isCopy = (h) => !isZero(h.of);

