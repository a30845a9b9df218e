// The coordinator's part: to see what would be signed, and to sign it.
import { concat, equal, lossyText, toBase64, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { coordinatorPublicOf, fingerprint, parseCoordinatorSecret, sign } from "./keys.js";
import { mostRoster, next, parseProposal } from "./proposal.js";
import { canonical, encodeRoster, find, usable } from "./roster.js";
import { plain } from "./text.js";
import { cardStatement, statement } from "./trust.js";
import { unwrapText } from "./wrap.js";

/** Opens the coordinator's key as `amana keys coordinator` wrapped it. @returns {Promise<Uint8Array>} the seed */
export async function unwrapCoordinator(file, passphrase, device) {
  return parseCoordinatorSecret(await unwrapText(file, passphrase, device));
}

/**
 * @typedef {object} Row what becomes of an entry
 * @property {"joins"|"new_key"|"returns"|"revoked"|"out"|"changes"|"stays"|"removed"|"refused"} word
 * @property {import("./roster.js").Entry} entry texts without anything that a screen would obey
 * @property {string} fingerprint to be compared by voice where compare is set
 * @property {boolean} compare
 * @property {import("./roster.js").Entry|null} before where it is not as it was
 * @property {string} beforeFingerprint
 */

/**
 * Gives every entry of the roster that would be signed, with what has become of it since the one that was signed last with
 * this browser; where none is remembered, since the one in force. Throws what next throws.
 *
 * Since says against what it was compared: "first" (nothing was ever signed), "last" (what was signed here last, which is in
 * force), "unremembered" (make sure by voice that it was this version, and compare the keys that stay as well), "elsewhere"
 * (the key signed a later one elsewhere), "other" (another roster of the same version), "older" (the server has an older one).
 *
 * @param {object} proposal as the server lists it
 * @param {string} coordinator amana-coordinator1…
 * @param {import("./proposal.js").Choice} [choice]
 * @returns {{version: number, since: string, inForce: number, last: number, held: boolean, compare: number, rows: Row[]}}
 */
export function proposalRows(proposal, coordinator, choice = {}) {
  const p = parseProposal(proposal);
  const { roster, inForce, last } = next(p, coordinator, choice);
  const unremembered = inForce.version > 0 && last.version === 0;
  const before = unremembered ? inForce : last;
  const rows = [];
  for (const e of roster.entries) rows.push(row(wordFor(find(before, e.id), e), e, find(before, e.id)));
  for (const e of before.entries) if (!find(roster, e.id)) rows.push(row("removed", e));
  for (const e of p.pending) {
    const now = find(roster, e.id);
    if (!now || now.key !== e.key || !usable(now)) rows.push(row("refused", e));
  }
  const since = unremembered ? "unremembered" : sinceOf(inForce, last);
  return { version: roster.version, since, inForce: inForce.version, last: last.version, held: p.held, compare: rows.filter((r) => r.compare).length, rows };
}

function sinceOf(now, last) {
  if (now.version > last.version) return "elsewhere";
  if (now.version < last.version) return "older";
  if (now.version === 0) return "first";
  return equal(canonical(now), canonical(last)) ? "last" : "other";
}

function wordFor(old, e) {
  if (!usable(e)) return old && usable(old) ? "revoked" : "out";
  if (!old) return "joins";
  if (!usable(old)) return "returns";
  if (old.key !== e.key) return "new_key";
  return described(old) === described(e) ? "stays" : "changes";
}

/** Everything of an entry but its id, key and status. */
const described = (e) => lossyText(canonical({ version: 1, entries: [{ ...e, id: "", key: "", status: "" }] }));

function row(word, e, old = null) {
  const differs = ["returns", "new_key", "changes"].includes(word);
  return {
    word,
    entry: shown(e),
    fingerprint: fingerprint(e.key),
    compare: ["joins", "returns", "new_key"].includes(word),
    before: differs ? shown(old) : null,
    beforeFingerprint: differs && old.key !== e.key ? fingerprint(old.key) : "",
  };
}

/** Whoever is refused was checked by nobody. */
const shown = (e) => Object.fromEntries(Object.entries(e).map(([name, v]) =>
  [name, typeof v === "string" ? plain(v) : Array.isArray(v) ? v.map(plain) : v]));

/**
 * Makes the next version of the roster from a proposal, and with it the order that settles what waited.
 * @param {object} proposal as the server lists it
 * @param {Uint8Array} key the coordinator's seed
 * @param {import("./proposal.js").Choice} [choice]
 * @returns {object} the JSON of store.Signed; keep it as `last` before it goes anywhere
 */
export function signRoster(proposal, key, choice = {}) {
  const p = parseProposal(proposal);
  const { roster } = next(p, coordinatorPublicOf(key), choice);
  const encoded = encodeRoster(roster);
  if (encoded.length > mostRoster) fail("roster_too_long", { entries: roster.entries.length });
  const signed = (label, data) => toBase64(sign(statement(label, data), key));
  const cards = roster.entries.filter(usable).map((e) => {
    const card = { Version: roster.version, ID: e.id, Name: e.name, Role: e.role === "recovery" ? "recovery" : "reader", Key: e.key };
    return { ...card, Signature: signed("card", cardStatement(card.Version, [card.ID, card.Name, card.Role, card.Key])) };
  });
  const settled = p.pending.map((e) => `${e.id} ${e.key}`);
  return {
    statement: toBase64(encoded),
    signature: signed("roster", canonical(roster)),
    cards: cards.length > 0 ? cards : null, // as Go writes an empty list
    order: {
      nonce: p.nonce.length > 0 ? toBase64(p.nonce) : undefined,
      settled: settled.length > 0 ? settled : undefined,
      signature: signed("roster", ordered(p.nonce, settled, roster)),
    },
  };
}

/**
 * The bytes of an order that are signed. They name the roster by version and hash, so that an order belongs to one roster
 * alone, and each part has its length before it, so that nothing slides from one into the next.
 */
function ordered(nonce, settled, roster) {
  const part = (b) => {
    const raw = typeof b === "string" ? utf8(b) : b;
    return concat(utf8(`${raw.length}:`), raw, utf8(","));
  };
  return concat(...["amana/order/1", nonce, String(roster.version), sha256(canonical(roster)), String(settled.length), ...settled].map(part));
}
