// What a coordinator decides about a list that waits for their signature. Nothing here signs; it only keeps count.

import { proposalRows } from "../seal/index.js";
import { is, SealError } from "../seal/errors.js";

/**
 * What was decided. What was said of somebody was said of their key: a server that puts another in its place has it compared
 * anew.
 * @typedef {{said: Map<string, "same"|"refuse">, revoke: Set<string>, remove: Set<string>, older: boolean}} Decided
 */

/** @returns {Decided} nothing yet */
export const undecided = () => ({ said: new Map(), revoke: new Set(), remove: new Set(), older: false });

const name = (e) => `${e.id} ${e.key}`;

/** Notes what was said of an entry and its key; no word takes it back. */
export const note = (d, e, word) => (word ? d.said.set(name(e), word) : d.said.delete(name(e)));

/** What was said of an entry and its key; "" for nothing. */
export const saidOf = (d, e) => d.said.get(name(e)) ?? "";

/** What is signed, by what was decided about a proposal. @param {Decided} d */
export const choiceOf = (proposal, d, last) => ({
  refuse: (proposal.pending ?? []).filter((e) => saidOf(d, e) === "refuse").map((e) => e.id),
  revoke: [...d.revoke], remove: [...d.remove], older: d.older, last,
});

/**
 * Gives the list as it would be signed if everybody who waits joined, for looking at; who is refused stays in sight so. What
 * was signed last counts only if this coordinator's key signed it: after a change of that key it is not known.
 * Stopped is "lost_roster" or "other_roster" where the server has another list than this browser knows: the coordinator has
 * to say that they know why.
 * @param {object} proposal @param {string} coordinator @param {Decided} d
 * @param {{statement: string, signature: string}|null} last
 */
export function look(proposal, coordinator, d, last) {
  const all = { ...choiceOf(proposal, d, last), refuse: [] };
  try {
    return { ...proposalRows(proposal, coordinator, all), known: last, stopped: "" };
  } catch (err) {
    if (is(err, "last_damaged")) return look(proposal, coordinator, d, null);
    if (is(err, "lost_roster") || is(err, "other_roster")) return { rows: [], compare: 0, known: last, stopped: err.word, version: 0, inForce: err.about.version, last: err.about.last };
    throw err;
  }
}

/** The ids of those who wait, of a proposal as the server lists it. */
export const waiting = (proposal) => (proposal.pending ?? []).map((e) => e.id);

/** Says whether there is anything to sign. */
export const asks = (proposal, d) => Boolean(proposal.held) || waiting(proposal).length > 0 || d.revoke.size > 0 || d.remove.size > 0;

/**
 * The rows that have to be looked at: all but those that stay as they were, which have to be compared as well where this
 * browser does not know what was signed last.
 */
export const shown = (seen) => seen.rows.filter((r) => r.word !== "stays" || seen.since === "unremembered");

/** The ids whose keys nobody has compared yet, or refused. */
export const left = (seen, d) => seen.rows.filter((r) => r.compare && !saidOf(d, r.entry) && !d.revoke.has(r.entry.id)).map((r) => r.entry.id);

/** Says that an error is about the list itself: it is not the coordinator's, or could not be one. */
export const aboutList = (err) => err instanceof SealError && ["unsigned_roster", "roster_invalid", "malformed", "roster_too_long"].includes(err.word);

const isID = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** Says whether a short name can stand in the list. */
export const canBeID = (s) => isID.test(s);

/** Makes a short name out of a name, as the program does; "" if none of its letters can stand in one. */
export const idFrom = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 32);
