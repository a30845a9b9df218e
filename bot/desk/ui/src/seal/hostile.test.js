// Whatever a stranger sends ends in a word of ours, soon: never in another exception, never in silence, and never in
// something opened that was not sealed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import { X25519Recipient, decrypt, encrypt, headSize, pad, unpad } from "./age.js";
import { parseAnswer } from "./answerfile.js";
import { concat, equal, fromBase64, text, utf8 } from "./bytes.js";
import { SealError } from "./errors.js";
import { openCopy, parseGrants, signCopy, verifyGrant } from "./grant.js";
import * as seal from "./index.js";
import { decodeInside } from "./inside.js";
import { identityOf, seedPublic } from "./keys.js";
import { openMessage, sealMessage } from "./message.js";
import { parsePacket } from "./packet.js";
import { decodeRoster } from "./roster.js";
import { fixed, vectors as v } from "./testdata/fixed.mjs";

// A generator that gives the same in every run (mulberry32).
function chance(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** Files as they arrive when somebody plays with them: a bit turned, cut, longer, a part twice, a length too large. */
function* damaged(file, rounds, seed, most = file.length) {
  const draw = chance(seed);
  for (let i = 0; i < rounds; i++) {
    const b = file.slice();
    const at = draw(Math.min(most, b.length));
    switch (draw(7)) {
      case 0:
        yield b.subarray(0, at);
        continue;
      case 1:
        yield concat(b, b.subarray(0, 1 + draw(64)));
        continue;
      case 2:
        yield concat(b.subarray(0, at), b.subarray(Math.max(0, at - 40)));
        continue;
      case 3:
        b.fill(255, at, at + 4);
        break;
      case 4:
        b.fill(0, at, at + 1 + draw(16));
        break;
      default:
        b[at] ^= 1 << draw(8);
    }
    if (!equal(b, file)) yield b;
  }
}

/** Each damaged file ends in a word, or in something that accepted says is harmless. */
async function endsInWords(file, rounds, seed, open, most, accepted = () => false) {
  const words = new Map();
  for (const b of damaged(file, rounds, seed, most)) {
    try {
      const got = await open(b);
      assert.ok(accepted(got), "something damaged was opened");
      words.set("accepted", (words.get("accepted") ?? 0) + 1);
    } catch (err) {
      if (!(err instanceof SealError)) throw err;
      words.set(err.word, (words.get(err.word) ?? 0) + 1);
    }
  }
  return words;
}

const soon = { timeout: 60_000 };
const handout = fixed("handout.age");
const answer = fromBase64(v.Answer.File);
const message = parseAnswer(answer).file;
const bodyOf = async (file, secret) => unpad(await decrypt(file, 1, [identityOf(secret)]));

test("a damaged hand-out", soon, async () => {
  const words = await endsInWords(handout, 120, 1, (b) => seal.openPackets([b], v.Secret), 400);
  assert.ok(words.get("malformed") > 0 && words.get("tampered") > 0, [...words].join(" "));
  await endsInWords(handout, 20, 2, (b) => seal.openPackets([b], v.Secret));
});

test("a damaged packet in a hand-out that is whole", soon, async () => {
  const body = await bodyOf(handout, v.Secret);
  const parts = async (b) => seal.openThread(parsePacket(b), v.Secret, v.Coordinator.Public);
  const words = await endsInWords(body, 100, 3, parts, 3000, () => true);
  assert.ok(words.size > 4, [...words].join(" "));
  await endsInWords(body, 30, 4, parts, body.length, () => true);
  for (let n = 0; n < body.length; n += 611) assert.throws(() => parsePacket(body.subarray(0, n)), { word: "malformed" });
});

test("a packet that claims more than it holds", soon, () => {
  const line = utf8("amana handout 1\n");
  const head = concat(line, new Uint8Array(16), Uint8Array.of(0, 1, 0, 1, 0));
  for (const rest of [[255], [0, 255], [0, 0, 255, 255, 255, 255], [0, 0, 0, 0, 0, 0, 0, 255, 255]]) {
    assert.throws(() => parsePacket(concat(head, Uint8Array.from(rest))), { word: "malformed" });
  }
});

test("a damaged message", soon, async () => {
  const words = await endsInWords(message, 120, 5, (b) => openMessage(b, v.Secret), 2400);
  assert.ok(words.get("malformed") > 0 && words.get("tampered") > 0, [...words].join(" "));
  await endsInWords(message, 60, 6, (b) => openMessage(b, v.Secret));
});

test("a point that gives the same to everybody, at a place", soon, async () => {
  const b = message.slice();
  b.set(utf8("A".repeat(43)), "age-encryption.org/v1\n-> X25519 ".length);
  await assert.rejects(openMessage(b, v.Secret), SealError);
});

test("a sealed body that is not what it should be", soon, async () => {
  const to = [new X25519Recipient(await seal.publicOf(v.Secret))];
  for (const [plain, word] of [
    [new Uint8Array(65536).fill(255), "malformed"],
    [concat(pad(utf8("x"), 65535), Uint8Array.of(1)), "malformed"],
    [pad(utf8("amana handout 2\n"), 65536), "malformed"],
    [pad(utf8("amana handout 3\nand what nobody here knows"), 65536), "newer"],
    [pad(utf8("amana handout 03\n"), 65536), "malformed"],
    [pad(new Uint8Array(0), 65536), "malformed"],
  ]) {
    await assert.rejects(seal.openPackets([await encrypt(plain, to)], v.Secret), { word });
  }
  await assert.rejects(seal.openChallenge(v.Secret, await encrypt(new Uint8Array(33), to)), { word: "malformed" });
  await assert.rejects(seal.openChallenge(v.Secret, await encrypt(new Uint8Array(0), to)), { word: "malformed" });
});

test("damaged answers and grants", soon, async () => {
  const untouched = (a) => a.file.length === message.length; // a signature or a text that was changed is for verifying
  await endsInWords(answer, 300, 7, async (b) => parseAnswer(b), 900, untouched);
  await endsInWords(fromBase64(v.Grants.File), 300, 8, async (b) => parseGrants(b), 900, (g) => g.length === 2);
});

test("a damaged copy", soon, async () => {
  const dir = new URL("../../../../seal/testdata/vectors/", import.meta.url);
  const other = JSON.parse(readFileSync(new URL("vectors.json", dir), "utf8")).Grants;
  const [, copy] = parseGrants(new Uint8Array(readFileSync(new URL(other.File, dir))));
  const original = new Uint8Array(readFileSync(new URL(other.Message, dir)));
  const before = text(await openCopy(copy, original, other.NewSecret));
  const same = (b) => text(b) === before;
  await endsInWords(copy.head, 60, 9, (head) => openCopy({ ...copy, head }, original, other.NewSecret), copy.head.length, same);
  await endsInWords(original, 40, 10, (b) => openCopy(copy, b, other.NewSecret), 2400, same);
  await assert.rejects(openCopy(copy, message, other.NewSecret), { word: "tampered" });
});

test("a copy that wraps another key than its original", soon, async () => {
  const id = await seal.newIdentity();
  const [one, other] = [await sealMessage(utf8("what was stored"), [id.public]), await sealMessage(utf8("what another reads"), [id.public])];
  const seed = new Uint8Array(32).fill(5);
  const header = { report: one.subarray(0, 16), message: one.subarray(1, 17), of: one.subarray(2, 18), kind: "copy", state: "", readers: [{ id: "x", key: id.public }], nudge: new Uint8Array(0) };
  const copy = await signCopy(seed, header, other, id.secret);
  const message = concat(one.subarray(0, headSize), other.subarray(headSize)); // opens to nothing, and by the copy to the other text
  assert.ok(verifyGrant(seedPublic(seed), copy, message));
  assert.equal(text(await openCopy(copy, other, id.secret)), "what another reads");
  await assert.rejects(openCopy(copy, message, id.secret), { word: "tampered" });
});

test("a damaged enrolment", soon, async () => {
  const device = seal.parseRecoveryCode(v.Enrolment.Code);
  const open = async (b) => seal.unwrap((await seal.parseEnrolment(b)).wrapped, v.Enrolment.Passphrase, device);
  await endsInWords(fromBase64(v.Enrolment.File), 150, 11, open, undefined, (secret) => secret === v.Enrolment.Secret);
});

test("a wrapped key that asks for more work than there is", soon, async () => {
  const file = fromBase64(v.Coordinator.Wrapped);
  const code = seal.parseRecoveryCode(v.Coordinator.Code);
  for (const work of ["19", "20", "30", "99"]) {
    const at = Buffer.from(file).indexOf(" 10\n");
    const b = concat(file.subarray(0, at), utf8(` ${work}\n`), file.subarray(at + 4));
    await assert.rejects(seal.unwrapCoordinator(b, v.Coordinator.Passphrase, code), { word: "tampered" });
  }
  await endsInWords(file, 60, 12, (b) => seal.unwrapCoordinator(b, v.Coordinator.Passphrase, code));
  for (const pass of ["", " \t"]) await assert.rejects(seal.unwrapCoordinator(file, pass, code), { word: "passphrase" });
});

test("a damaged voice message", soon, async () => {
  const opened = await seal.openThread(await seal.openPackets([handout], v.Secret), v.Secret, v.Coordinator.Public);
  await endsInWords(fixed("voice.age"), 40, 13, (b) => seal.openVoice(b, v.Secret, opened), 400);
  await endsInWords(fixed("voice.age"), 15, 14, (b) => seal.openVoice(b, v.Secret, opened));
});

test("a damaged roster and proposal", soon, async () => {
  await endsInWords(fromBase64(v.Roster.Statement), 400, 15, async (b) => decodeRoster(b), undefined, (r) => r.version > 0);
  const key = seal.parseCoordinatorSecret(v.Coordinator.Secret);
  const asJSON = utf8(JSON.stringify(v.Roster.Proposal));
  await endsInWords(asJSON, 400, 16, async (b) => {
    let p;
    try {
      p = JSON.parse(new TextDecoder().decode(b));
    } catch {
      throw new SealError("malformed"); // the page's own reading of JSON
    }
    return seal.signRoster(p, key, { refuse: [], revoke: [] });
  }, undefined, (s) => s.cards.length > 0);
});

test("a body that is not of this version", soon, () => {
  const id = "01".repeat(16);
  const report = { id, time: "2026-11-26T04:00:00Z", lang: "en", mailbox: "x", seed: "A".repeat(43) + "=" };
  const whole = { v: 1, type: "report", report };
  assert.equal(decodeInside(utf8(JSON.stringify(whole))).type, "report");
  const note = { id, time: report.time, by: "x", text: "" };
  for (const bad of [
    null, [], "x", 1, {}, { ...whole, v: 2 }, { ...whole, type: "note" }, { ...whole, more: 1 }, { ...whole, note },
    { ...whole, report: { ...report, more: 1 } }, { ...whole, report: { ...report, id: "00".repeat(16) } },
    { ...whole, report: { ...report, id: id.slice(2) } }, { ...whole, report: { ...report, time: "yesterday" } },
    { ...whole, report: { ...report, time: "2026-02-30T00:00:00Z" } }, { ...whole, report: { ...report, time: "1999-01-01T00:00:00Z" } },
    { ...whole, report: { ...report, seed: "AAAA" } }, { ...whole, report: { ...report, mailbox: "" } },
    { ...whole, report: { ...report, answers: {} } }, { ...whole, report: { ...report, answers: [{ step: 1 }] } },
    { ...whole, report: { ...report, answers: [{ step: "a", voices: [{ id: "x" }] }] } },
    { v: 1, type: "answer", answer: { id, time: report.time, role: "backup", state: "lost", text: "" } },
    { v: 1, type: "answer", answer: { id, time: report.time, role: "backup", state: "read", outcome: "helped", text: "" } },
    { v: 1, type: "note", note: { ...note, by: "" } },
    { v: 1, type: "note", note: { ...note, leg: { leg: "other", to: "x", state: "sent" } } },
    { v: 1, type: "note", note: { ...note, leg: { leg: "complaint", to: " ", state: "sent" } } },
    { v: 1, type: "note", note: { ...note, leg: { leg: "complaint", to: "x".repeat(121), state: "sent" } } },
  ]) {
    assert.throws(() => decodeInside(utf8(JSON.stringify(bad))), { word: "malformed" }, JSON.stringify(bad));
  }
  const later = { ...whole, v: 3, other: { more: 1 } };
  assert.throws(() => decodeInside(utf8(JSON.stringify(later))), { word: "newer" });
  const seen = { ...note, saw: { lines: 4, link: "04".repeat(16) } };
  assert.equal(decodeInside(utf8(JSON.stringify({ v: 2, type: "note", note: seen }))).content.saw.lines, 4);
  for (const bad of [{ v: 1, type: "note", note: seen }, { v: 2, type: "note", note }]) {
    assert.throws(() => decodeInside(utf8(JSON.stringify(bad))), { word: "malformed" });
  }
  const own = JSON.stringify(whole);
  for (const bad of [own + "{}", own.slice(1), `${"[".repeat(30000)}`, own.replace("{", '{"__proto__":{},'), own.replace('"report":{', '"report":{"constructor":1,')]) {
    assert.throws(() => decodeInside(utf8(bad)), { word: "malformed" });
  }
  assert.throws(() => decodeInside(Uint8Array.of(0x7b, 0xff, 0x7d)), { word: "malformed" });
});

test("texts that are no keys", () => {
  const { Public } = v.Coordinator;
  for (const bad of ["", "age1", "AGE1QQ", `${Public}x`, Public.toUpperCase(), null, undefined, 7, "x".repeat(1e6)]) {
    assert.throws(() => seal.checkPublic(bad), { word: "bad_key" });
    assert.throws(() => seal.parseCoordinatorSecret(bad), { word: "bad_key" });
    assert.equal(seal.isCoordinator(bad), false);
  }
});
