// What the coordinator is asked to sign: the roster in force, and what waits to join it. It comes from a server that is not
// believed, so the roster in it counts only with the coordinator's own signature. Nothing is remembered here: whoever calls
// keeps what was signed last, and brings it as `last`.
import { equal, fromBase64 } from "./bytes.js";
import { fail, SealError } from "./errors.js";
import * as json from "./json.js";
import { checkPublic } from "./keys.js";
import { canonical, decodeRoster, find, problems, readEntry } from "./roster.js";
import { signedBy } from "./trust.js";

/**
 * @typedef {object} Choice what the coordinator has decided
 * @property {string[]} [refuse] ids of those who wait and must not join
 * @property {string[]} [revoke] ids that no longer read
 * @property {string[]} [remove] revoked ids that need no longer stand in the roster
 * @property {{statement: string, signature: string}|null} [last] what this coordinator signed last; none: it is not known
 * @property {boolean} [older] the coordinator knows that the server has another roster than the last, and why
 */

/** The longest statement that can be signed: a longer one would not fit into what is handed out. */
export const mostRoster = 32 * 1024;

const nobody = () => ({ version: 0, entries: [] });

const readProposal = json.object({
  statement: json.bytes, signature: json.bytes, pending: json.list(readEntry), held: json.boolean, nonce: json.bytes,
});

/** Reads the proposal that the server lists. */
export function parseProposal(v) {
  const p = readProposal(v);
  p.pending = json.orNone(p.pending);
  return p;
}

/** Gives a roster that this coordinator signed; version 0 for none. */
function believed(coordinator, statement, signature, word) {
  if (statement.length === 0) return nobody();
  try {
    const r = decodeRoster(statement);
    if (signedBy(coordinator, "roster", canonical(r), signature)) return r;
  } catch (err) {
    if (!(err instanceof SealError)) throw err;
  }
  return fail(word);
}

/** The roster that a proposal comes from; unsigned_roster if the coordinator did not sign it. */
export const inForce = (p, coordinator) => believed(coordinator, p.statement, p.signature, "unsigned_roster");

/** The roster that was signed last; last_damaged if it was not signed with this key. */
export function lastSigned(last, coordinator) {
  return last ? believed(coordinator, fromBase64(last.statement), fromBase64(last.signature), "last_damaged") : nobody();
}

/**
 * Gives the roster from which the next one is made. That is the one in force, unless the coordinator has signed a later one:
 * then it is that one, so that whoever was revoked in it does not come back. Where two rosters have one version, it is the
 * one in force without those who were revoked in either. Words: lost_roster, other_roster.
 */
function base(now, last, older) {
  const about = { version: now.version, last: last.version };
  if (now.version < last.version) return older ? last : fail("lost_roster", about);
  if (now.version > last.version || equal(canonical(now), canonical(last))) return now;
  if (!older) fail("other_roster", about);
  const entries = now.entries.map((e) => (find(last, e.id)?.status === "revoked" ? { ...e, status: "revoked" } : e));
  return { ...now, entries };
}

/**
 * Gives the roster that would be signed: pending entries join or replace those of the same id, but for those that are
 * refused or revoked in the same call; revoked ids keep their place without counting until they are removed.
 * Words: also not_waiting, not_removable, not_in_roster, roster_invalid.
 * @param {ReturnType<typeof parseProposal>} p
 * @param {string} coordinator
 * @param {Choice} choice
 */
export function next(p, coordinator, choice = {}) {
  const [refuse, revoke, remove] = [choice.refuse, choice.revoke, choice.remove].map(json.orNone);
  const { last = null, older = false } = choice;
  const before = lastSigned(last, coordinator);
  const now = inForce(p, coordinator);
  const from = base(now, before, older);
  for (const id of refuse) if (!p.pending.some((e) => e.id === id)) fail("not_waiting", { id });
  for (const id of remove) if (find(from, id)?.status !== "revoked") fail("not_removable", { id });
  let entries = from.entries.filter((e) => !remove.includes(e.id));
  for (const e of p.pending) {
    if (refuse.includes(e.id) || revoke.includes(e.id)) continue;
    const at = entries.findIndex((o) => o.id === e.id);
    entries = at < 0 ? [...entries, e] : entries.map((o, i) => (i === at ? e : o));
  }
  for (const id of revoke) if (!find(from, id) || !find({ entries }, id)) fail("not_in_roster", { id }); // who only waits is refused
  entries = entries.map((e) => (revoke.includes(e.id) ? { ...e, status: "revoked" } : e));
  const roster = { version: from.version + 1, entries };
  const [bad] = problems(roster);
  if (bad) fail("roster_invalid", bad);
  for (const e of entries) checkKey(e);
  return { roster, from, inForce: now, last: before };
}

function checkKey(e) {
  try {
    checkPublic(e.key);
  } catch (err) {
    if (err instanceof SealError) fail("roster_invalid", { id: e.id, field: "key" });
    throw err;
  }
}

