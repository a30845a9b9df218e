// What the coordinator's signatures prove: who can read, and which of them is the person at this browser. The server, which
// passed all of it on, is believed in nothing of this.
import { concat, equal, utf8 } from "./bytes.js";
import { fail, SealError } from "./errors.js";
import { checkPublic, coordinatorPoint, fingerprint, protocol, verify } from "./keys.js";
import { canonical, decodeRoster, find, usable } from "./roster.js";
import { number, part32 } from "./wire.js";

/** The label keeps signatures of rosters, of cards and of answers apart, whatever their bytes. */
export const statement = (label, data) => concat(utf8(`${protocol} ${label}\0`), data);

/** What is signed of a card. */
export const cardStatement = (version, texts) => concat(number(version, 8), ...texts.map(part32));

/** Says whether the coordinator signed these bytes under a label. */
export function signedBy(coordinator, label, data, signature) {
  return verify(signature, statement(label, data), coordinatorPoint(coordinator));
}

/**
 * Compares everything that a packet says about readers with the coordinator's key. Seen is the highest roster version that
 * this browser knows; an older one is taken only if it is the one that the coordinator confirmed by voice.
 *
 * Words: no_roster, roster_damaged, roster_unsigned, roster_older, no_cards, card_unsigned, card_unknown,
 * card_other_version, card_differs, card_twice, no_own_card. With each but roster_older nothing is answered, and the
 * coordinator is told by voice.
 *
 * @param {import("./packet.js").Packet} p
 * @param {string} coordinator amana-coordinator1…
 * @param {string} own the public key of the person here
 * @param {{seen?: number, confirmed?: number}} versions
 */
export function trust(p, coordinator, own, { seen = 0, confirmed = 0 } = {}) {
  if (p.roster.length === 0) fail("no_roster");
  const roster = readRoster(p.roster);
  if (!signedBy(coordinator, "roster", canonical(roster), p.rosterSignature)) fail("roster_unsigned");
  if (roster.version < seen && roster.version !== confirmed) fail("roster_older", { version: roster.version, seen });
  if (p.cards.length === 0) fail("no_cards");
  const readers = [];
  for (const c of p.cards) {
    const e = vouched(c, coordinator, roster);
    if (readers.some((o) => o.id === e.id)) fail("card_twice", { id: e.id });
    readers.push({ ...e, fingerprint: fingerprint(e.key), verified: true });
  }
  const me = readers.find((e) => e.key === own && e.role !== "recovery");
  if (!me) fail("no_own_card");
  return { roster, readers, me };
}

function readRoster(statementBytes) {
  try {
    return decodeRoster(statementBytes);
  } catch (err) {
    if (err instanceof SealError) fail("roster_damaged");
    throw err;
  }
}

/** Gives the roster entry that a card stands for, if the coordinator signed both and they say the same. */
function vouched(c, coordinator, roster) {
  const about = { id: /^[!-~]{1,64}$/.test(c.id) ? c.id : "" };
  if (!signedBy(coordinator, "card", cardStatement(c.version, c.raw), c.signature) || !canSealTo(c.key)) fail("card_unsigned", about);
  const e = find(roster, c.id);
  if (!e || !usable(e)) fail("card_unknown", about);
  if (c.version !== roster.version) fail("card_other_version", { ...about, version: c.version });
  const same = e.key === c.key && equal(utf8(e.name), c.raw[1]) && (e.role === "recovery") === (c.role === "recovery");
  if (!same) fail("card_differs", about);
  return e;
}

function canSealTo(key) {
  try {
    checkPublic(key);
    return true;
  } catch (err) {
    if (err instanceof SealError) return false;
    throw err;
  }
}
