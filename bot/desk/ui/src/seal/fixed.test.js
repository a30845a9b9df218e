// What cmd/amana made once (TestDeskSealsVectors): every later version of these pages says the same of it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { forceWebCryptoOff } from "../../node_modules/age-encryption/dist/x25519.js";
import { parseAnswer, verifyAnswer } from "./answerfile.js";
import { fromBase64, hex, toBase64 } from "./bytes.js";
import { parseGrants } from "./grant.js";
import * as seal from "./index.js";
import { seedPublic } from "./keys.js";
import { openMessage } from "./message.js";
import { canonical, decodeRoster, encodeRoster } from "./roster.js";
import { fixed, vectors as v } from "./testdata/fixed.mjs";

/** Field names as Go has them, over the same values. */
const goNames = { id: "ID", by: "By" };
function asGo(like, value) {
  if (Array.isArray(like)) return value.map((x, i) => asGo(like[i] ?? like[0], x));
  if (typeof like !== "object" || like === null) return value;
  const find = (name) => Object.keys(value).find((k) => (goNames[k] ?? k).toLowerCase() === name.toLowerCase());
  return Object.fromEntries(Object.entries(like).map(([name, of]) => [name, asGo(of ?? [], value[find(name)] ?? null)]));
}

const openedReport = async () =>
  seal.openThread(await seal.openPackets([fixed("handout.age")], v.Secret), v.Secret, v.Coordinator.Public);

test("a report is opened and judged", async () => {
  const o = await openedReport();
  const shown = {
    ...o, me: o.me.id, moves: seal.moves(o), version: o.roster.version, candidates: seal.candidates(o).map((e) => e.id),
    later: o.later.map((e) => ({ ...e, voices: e.voices.length })),
  };
  const want = v.Opening;
  want.Candidates ??= [];
  for (const a of want.Body.Answers) a.Values ??= [];
  assert.deepEqual(asGo(want, shown), want);
  assert.deepEqual(o.problems, ["unsealed", "lacks"]);
  seal.wipe(o);
  assert.ok(o.secrets.seed.every((b) => b === 0));
});

test("a voice message is opened, and no other in its place", async () => {
  const o = await openedReport();
  const heard = await seal.openVoice(fixed("voice.age"), v.Secret, o, v.Voice.Number);
  assert.equal(createHash("sha256").update(heard.ogg).digest("hex"), v.Voice.Sum);
  assert.equal(heard.seconds, v.Voice.Seconds);
  await assert.rejects(seal.openVoice(fixed("voice.age"), v.Secret, o, 2), { word: "other_voice" });
  const other = { ...o, voices: o.voices.map((x) => ({ ...x, sum: new Uint8Array(32) })) };
  await assert.rejects(seal.openVoice(fixed("voice.age"), v.Secret, other), { word: "tampered" });
  await assert.rejects(seal.openVoice(fixed("voice.age"), v.Secret, { ...o, voices: [] }), { word: "no_voice" });
  await assert.rejects(seal.openVoice(fixed("voice.age"), v.Secret, { ...o, report: new Uint8Array(16) }), { word: "other_report" });
});

test("a roster has the same canonical bytes, and the same JSON", () => {
  const r = decodeRoster(fromBase64(v.Roster.Statement));
  assert.equal(toBase64(canonical(r)), v.Roster.Canonical);
  assert.equal(toBase64(encodeRoster(r)), v.Roster.Statement);
});

test("the coordinator signs the same roster, cards and order", () => {
  const key = seal.parseCoordinatorSecret(` ${v.Coordinator.Secret.toLowerCase()}\n`);
  const signed = seal.signRoster(v.Roster.Proposal, key, { refuse: v.Roster.Refuse, revoke: v.Roster.Revoke });
  assert.deepEqual(JSON.parse(JSON.stringify(signed)), v.Roster.Signed);
  const shown = seal.proposalRows(v.Roster.Proposal, v.Coordinator.Public, { refuse: v.Roster.Refuse, revoke: v.Roster.Revoke });
  assert.deepEqual(shown.rows.map((r) => [r.word, r.entry.id, r.compare]), [
    ["stays", "abebe", false], ["new_key", "amal", true], ["revoked", "nasrin", false], ["stays", "safe", false], ["joins", "zin", true], ["refused", "eve", false],
  ]);
  assert.deepEqual([shown.version, shown.since, shown.held, shown.compare], [2, "unremembered", true, 2]);
});

test("the coordinator's key unwraps", async () => {
  const c = v.Coordinator;
  const seed = await seal.unwrapCoordinator(fromBase64(c.Wrapped), c.Passphrase, seal.parseRecoveryCode(c.Code));
  assert.equal(seal.coordinatorPublicOf(seed), c.Public);
  assert.equal(seal.fingerprint(c.Public), c.Fingerprint);
  assert.ok(seal.isCoordinator(c.Public) && !seal.isCoordinator(c.Secret.toLowerCase()) && !seal.isCoordinator(c.Public.toUpperCase()));
});

test("a challenge is answered, and nothing else is opened as one", async () => {
  assert.equal(hex(await seal.openChallenge(v.Secret, fromBase64(v.Challenge.File))), v.Challenge.Secret);
  await assert.rejects(seal.openChallenge(v.Secret, fixed("handout.age")), { word: "malformed" });
});

test("an enrolment unwraps with another spelling of its passphrase", async () => {
  const e = await seal.parseEnrolment(fromBase64(v.Enrolment.File));
  const device = seal.parseRecoveryCode(v.Enrolment.Code);
  for (const pass of [v.Enrolment.Passphrase, v.Enrolment.Passphrase.normalize("NFKC")]) {
    assert.equal(await seal.unwrap(e.wrapped, pass, device), v.Enrolment.Secret);
  }
});

test("recovery codes are read as people copy them, and proven", () => {
  for (const { Code, Proof } of v.Devices) {
    const slips = Code.replaceAll("O", "0").replaceAll("I", "1").replaceAll("B", "8");
    for (const typed of [Code, Code.toLowerCase(), Code.replaceAll("-", " "), Code.replaceAll("-", "\u2013\u200f"), ` ${slips}\n`]) {
      assert.equal(seal.recoveryCode(seal.parseRecoveryCode(typed)), Code);
    }
    assert.equal(hex(seal.proof(seal.parseRecoveryCode(Code))), Proof);
    const at = Code.indexOf("-") + 1;
    const wrong = Code.slice(0, at) + (Code[at] === "A" ? "C" : "A") + Code.slice(at + 1);
    assert.throws(() => seal.parseRecoveryCode(wrong), { word: "code_wrong" });
    assert.throws(() => seal.parseRecoveryCode(Code.slice(1)), { word: "code_length" });
  }
});

test("answers and grants are read", () => {
  assert.equal(hex(parseAnswer(fromBase64(v.Answer.File)).header.message), v.Answer.Message);
  assert.equal(parseGrants(fromBase64(v.Grants.File)).length, v.Grants.Count);
});

test("texts of others obey no screen", () => {
  for (const { Said, Shown } of v.Plain) assert.equal(seal.plain(Said), Shown);
  assert.equal(seal.plain("half \ud83d of a pair, whole 👩‍⚕️"), "half \ufffd of a pair, whole 👩‍⚕️");
});

test("a browser without X25519 of its own opens and seals the same", async () => {
  forceWebCryptoOff(true);
  try {
    const o = await openedReport();
    assert.equal(o.later.length, v.Opening.Later.length);
    const a = parseAnswer(await seal.makeAnswer({ opened: o, text: "Read.", state: "closed", outcome: "helped" }));
    assert.ok(verifyAnswer(seedPublic(o.secrets.seed), a));
    assert.match(await openMessage(a.file, v.Secret).then((b) => new TextDecoder().decode(b)), /"outcome":"helped","text":"Read\."/);
  } finally {
    forceWebCryptoOff(false);
  }
});

test("what cannot be written is refused by its word", async () => {
  const o = await openedReport();
  for (const [word, write] of [
    ["state", () => seal.makeAnswer({ opened: o, text: "x", state: "received" })],
    ["state", () => seal.makeAnswer({ opened: o, text: "x", state: "referred" })],
    ["outcome", () => seal.makeAnswer({ opened: o, text: "x", state: "confirmed", outcome: "helped" })],
    ["outcome", () => seal.makeAnswer({ opened: o, text: "x", state: "closed", outcome: "won" })],
    ["empty_text", () => seal.makeAnswer({ opened: o, text: " \u202e\n", state: "closed" })],
    ["too_long", () => seal.makeAnswer({ opened: o, text: "x".repeat(33000), state: "closed" })],
    ["empty_text", () => seal.makeNote({ opened: o, text: "" })],
    ["state", () => seal.makeNote({ opened: o, text: "x", state: "closed" })],
    ["leg", () => seal.makeNote({ opened: o, leg: { leg: "complaint", to: " ", state: "sent" } })],
    ["leg", () => seal.makeNote({ opened: o, leg: { leg: "complaint", to: "x".repeat(121), state: "sent" } })],
    ["consent", () => seal.makeNote({ opened: o, leg: { leg: "assistance", to: "Clinic", state: "sent" } })],
    ["no_person", () => seal.makeShare({ opened: o, entry: "nobody" })],
    ["no_person", () => seal.makeShare({ opened: o, entry: "safe" })],
    ["withdrawn", () => seal.makeShare({ opened: o, entry: "bashir" })],
  ]) {
    await assert.rejects(write(), { word });
  }
  assert.ok(seal.mayRefer(o, "complaint") && !seal.mayRefer(o, "assistance"));
});
