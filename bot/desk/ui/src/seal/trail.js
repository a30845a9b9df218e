// The end of a report's audit chain, as the server says it ends: how many lines, and the beginnings of the last links. Whoever
// has seen another end of it knows that lines were cut off, put in or changed.
import { equal, hex, utf8 } from "./bytes.js";
import { sha256 } from "@noble/hashes/sha2.js";

const linkSize = 16;
const maxTrail = 256;
const maxLines = 2 ** 30;

/**
 * @typedef {object} Trail
 * @property {number} lines 0 where the server says nothing of it
 * @property {Uint8Array[]} links the last ones, the last one last
 */

/** What stands in a hand-out that says nothing of it. @returns {Trail} */
export const noTrail = () => ({ lines: 0, links: [] });

/** Reads it from behind the thread. @param {import("./wire.js").Cursor} c @returns {Trail} */
export function readTrail(c) {
  const t = noTrail();
  t.lines = c.u32();
  for (let n = c.u16(); n > 0 && !c.bad; n--) t.links.push(c.take(linkSize));
  if (t.lines === 0 || t.lines > maxLines || t.links.length === 0 || t.links.length > maxTrail || t.lines < t.links.length) c.bad = true;
  return t;
}

/** @param {Trail} a @param {Trail} b */
export const sameTrail = (a, b) => a.lines === b.lines && a.links.length === b.links.length && a.links.every((l, n) => equal(l, b.links[n]));

/**
 * Says whether the chain still has the line with a number, from 1, and the link that somebody saw there. What lies before the
 * links that travel is taken to hold.
 * @param {Trail} t @param {number} line @param {Uint8Array} link
 */
export function holds(t, line, link) {
  const at = line - 1 - (t.lines - t.links.length);
  return line <= t.lines && (at < 0 || equal(t.links[at], link));
}

/** What is kept of a report that was opened names it by a hash of its id, which is random. @param {Uint8Array} report */
export const trailName = (report) => hex(sha256(new Uint8Array([...utf8("amana trail "), ...report])).subarray(0, 16));
