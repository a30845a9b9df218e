import { test } from "node:test";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { coordinatorPublicOf, newIdentity, signRoster } from "../seal/index.js";
import { asks, canBeID, choiceOf, idFrom, left, look, note, shown, undecided, waiting } from "./decide.js";

const seed = new Uint8Array(randomBytes(32));
const coordinator = coordinatorPublicOf(seed);

async function entry(id, more = {}) {
  const { public: key } = await newIdentity();
  return { id, name: `Name of ${id}`, org: "example_relief", role: "focal_point", key, status: "confirmed", ...more };
}

/** What the server lists after a list was signed. */
const after = (signed, pending = []) => ({ statement: signed.statement, signature: signed.signature, pending });
const words = (seen) => seen.rows.map((r) => `${r.entry.id} ${r.word}`).join(", ");
const ids = (signed) => JSON.parse(atob(signed.statement)).entries.map((e) => `${e.id} ${e.status}`).join(", ");

test("nothing is signed before every key was compared or refused", async () => {
  const p = { pending: [await entry("ana"), await entry("bea")] };
  const d = undecided();
  assert.ok(asks(p, d));
  assert.ok(!asks({}, d));
  assert.deepEqual(waiting(p), ["ana", "bea"]);
  const seen = look(p, coordinator, d, null);
  assert.equal(seen.since, "first");
  assert.deepEqual(left(seen, d), ["ana", "bea"]);
  note(d, p.pending[0], "same");
  assert.deepEqual(left(seen, d), ["bea"]);
  note(d, p.pending[1], "refuse");
  assert.deepEqual(left(seen, d), []);
  const signed = signRoster(p, seed, choiceOf(p, d, seen.known));
  assert.equal(ids(signed), "ana confirmed");
});

test("what was compared counts for that key alone", async () => {
  const ana = await entry("ana");
  const d = undecided();
  note(d, ana, "same");
  assert.deepEqual(left(look({ pending: [ana] }, coordinator, d, null), d), []);
  const other = await entry("ana");
  assert.deepEqual(left(look({ pending: [other] }, coordinator, d, null), d), ["ana"]);
  note(d, other, "refuse");
  note(d, other, "");
  assert.deepEqual(left(look({ pending: [other] }, coordinator, d, null), d), ["ana"]);
  assert.deepEqual(choiceOf({ pending: [other] }, d, null).refuse, []);
});

test("a list that comes from a backup is signed also if nobody waits", async () => {
  const first = signRoster({ pending: [await entry("ana")] }, seed);
  const held = { ...after(first), held: true, nonce: btoa("0123456789abcdef") };
  assert.ok(asks(held, undecided()));
  const seen = look(held, coordinator, undecided(), first);
  assert.deepEqual([seen.held, seen.since, shown(seen).length], [true, "last", 0]);
  assert.equal(signRoster(held, seed, choiceOf(held, undecided(), first)).order.nonce, held.nonce);
});

test("who is taken out stays in the list without reading, until the line is left out", async () => {
  const d = undecided();
  const first = signRoster({ pending: [await entry("ana"), await entry("bea")] }, seed);
  d.revoke.add("bea");
  assert.ok(asks(after(first), d));
  let seen = look(after(first), coordinator, d, first);
  assert.equal(words({ rows: shown(seen) }), "bea revoked");
  const second = signRoster(after(first), seed, choiceOf(after(first), d, first));
  assert.equal(ids(second), "ana confirmed, bea revoked");
  const e = undecided();
  e.remove.add("bea");
  seen = look(after(second), coordinator, e, second);
  assert.equal(words({ rows: shown(seen) }), "bea removed");
  assert.equal(ids(signRoster(after(second), seed, choiceOf(after(second), e, second))), "ana confirmed");
});

test("a browser that knows nothing of what was signed has every key compared", async () => {
  const first = signRoster({ pending: [await entry("ana")] }, seed);
  const seen = look(after(first, [await entry("bea")]), coordinator, undecided(), null);
  assert.equal(seen.since, "unremembered");
  assert.equal(words({ rows: shown(seen) }), "ana stays, bea joins");
});

test("a server with an older list stops the signing until the coordinator knows why", async () => {
  const first = signRoster({ pending: [await entry("ana"), await entry("bea")] }, seed);
  const second = signRoster(after(first), seed, { revoke: ["bea"] });
  const d = undecided();
  const seen = look(after(first, [await entry("chi")]), coordinator, d, second);
  assert.deepEqual([seen.stopped, seen.inForce, seen.last], ["lost_roster", 1, 2]);
  d.older = true;
  const known = look(after(first, [await entry("chi")]), coordinator, d, second);
  assert.equal(known.stopped, "");
  assert.equal(words(known), "ana stays, bea out, chi joins"); // who was taken out does not come back
});

test("what another key signed last is not remembered, and a list that it signed is not believed", async () => {
  const other = new Uint8Array(randomBytes(32));
  const first = signRoster({ pending: [await entry("ana")] }, seed);
  const foreign = signRoster({ pending: [await entry("eve")] }, other);
  assert.equal(look(after(first), coordinator, undecided(), foreign).since, "unremembered");
  assert.throws(() => look(after(foreign), coordinator, undecided(), null), { word: "unsigned_roster" });
});

test("short names are those that the list takes", () => {
  assert.equal(idFrom("Ana María (relief)"), "ana-mar-a-relief");
  assert.equal(idFrom("آنا"), "");
  for (const id of ["ana", "a-1_b", "9"]) assert.ok(canBeID(id));
  for (const id of ["", "Ana", "-a", "a b", "a".repeat(33)]) assert.ok(!canBeID(id));
});
