// What this browser remembers of how the record of each report ended, so that lines which are cut off later are missed: a hash
// that names no report, a number, and the beginning of a link. Nothing of it opens anything.

import { fromBase64, toBase64 } from "../seal/bytes.js";
import { holds, trailName } from "../seal/trail.js";

const most = 500;

/**
 * Holds the end of a record against what was seen of it before. Older says that it ends before that, as that of a file does
 * which was handed out earlier.
 * @param {Record<string, [number, string]>} kept by the name of the report, the oldest first
 * @param {Uint8Array} report
 * @param {import("../seal/trail.js").Trail} trail
 * @returns {{kept: Record<string, [number, string]>, changed: boolean, older: boolean}}
 */
export function watch(kept, report, trail) {
  const name = trailName(report);
  const { [name]: was, ...others } = kept;
  const older = Boolean(was) && trail.lines < was[0];
  const changed = Boolean(was) && !older && !holds(trail, was[0], fromBase64(was[1]));
  const now = older ? was : trail.lines > 0 ? [trail.lines, toBase64(trail.links.at(-1))] : null;
  const all = now ? { ...others, [name]: now } : others;
  return { kept: Object.fromEntries(Object.entries(all).slice(-most)), changed, older };
}
