// The fixed vectors of bot/seal, which every reader of these formats opens with the same keys.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Stanza, X25519Identity } from "./age.js";
import { parseAnswer, verifyAnswer } from "./answerfile.js";
import { equal, hex, utf8 } from "./bytes.js";
import { grantFiles, openCopy, parseGrants, verifyGrant } from "./grant.js";
import { openHandOut } from "./handout.js";
import { coordinatorPublicOf, fingerprint, parseCoordinatorSecret } from "./keys.js";
import { openMessage, sealMessage } from "./message.js";
import { newIdentity, parseEnrolment, parseRecoveryCode, publicOf, recoveryCode, unwrap } from "./index.js";
import { signedBy } from "./trust.js";

const dir = new URL("../../../../seal/testdata/vectors/", import.meta.url);
const file = (name) => new Uint8Array(readFileSync(new URL(name, dir)));
const v = JSON.parse(readFileSync(new URL("vectors.json", dir), "utf8"));
const unhex = (s) => new Uint8Array(Buffer.from(s, "hex"));
const string = (b) => Buffer.from(b).toString();

test("a message opens for its reader and for the reporter", async () => {
  for (const secret of [v.Message.ReaderSecret, v.Message.ReporterSecret]) {
    assert.equal(string(await openMessage(file(v.Message.File), secret)), v.Message.Body);
  }
  const other = await newIdentity();
  await assert.rejects(openMessage(file(v.Message.File), other.secret), { word: "not_for_you" });
});

test("a message has one of four sizes and sixteen places, whoever reads it", async () => {
  const id = await newIdentity();
  for (const [length, size] of [[0, 5766], [4092, 5766], [4093, 9862], [8189, 18054], [32764, 34438]]) {
    const sealed = await sealMessage(new Uint8Array(length).fill(7), [id.public, id.public]);
    assert.equal(sealed.length, size);
    assert.equal(string(sealed).match(/-> X25519 /g).length, 16);
    assert.equal((await openMessage(sealed, id.secret)).length, length);
  }
  await assert.rejects(sealMessage(new Uint8Array(32765), [id.public]), { word: "too_long" });
  await assert.rejects(sealMessage(utf8("x"), []), { word: "readers" });
});

test("the order of places says nothing", async () => {
  const id = await newIdentity();
  const identity = new X25519Identity(id.secret);
  const found = new Set();
  for (let i = 0; i < 24; i++) {
    const lines = string(await sealMessage(utf8("x"), [id.public])).split("\n").slice(1, 33);
    for (let at = 0; at < 16; at++) {
      const place = new Stanza(lines[2 * at].split(" ").slice(1), new Uint8Array(Buffer.from(lines[2 * at + 1], "base64")));
      if (await identity.unwrapFileKey([place])) found.add(at);
    }
  }
  assert.ok(found.size > 5, `only at places ${[...found]}`); // of sixteen, in two dozen draws
});

test("an answer file is read and its signature holds", () => {
  const a = parseAnswer(file(v.Answer.File));
  assert.ok(verifyAnswer(unhex(v.Answer.Public), a));
  assert.deepEqual([hex(a.header.report), hex(a.header.message), a.header.kind, a.header.state], [v.Answer.Report, v.Answer.Message, v.Answer.Kind, v.Answer.State]);
  assert.deepEqual(a.header.readers.map((r) => [r.id, r.key]), v.Answer.Readers.map((r) => [r.ID, r.Key]));
  assert.ok(!verifyAnswer(unhex(v.Answer.Public), { ...a, header: { ...a.header, state: "closed" } }));
});

test("grants are read, verified, opened and written to the byte", async () => {
  const message = file(v.Grants.Message);
  const grants = parseGrants(file(v.Grants.File));
  for (const g of grants) assert.ok(verifyGrant(unhex(v.Grants.Public), g, message));
  assert.equal(string(await openCopy(grants[1], message, v.Grants.NewSecret)), v.Grants.Body);
  assert.ok(equal(grantFiles(grants)[0], file(v.Grants.File)));
});

test("a hand-out opens to its packet", async () => {
  const p = await openHandOut(file(v.HandOut.File), v.HandOut.ReaderSecret);
  assert.deepEqual([hex(p.report), p.state, string(p.roster)], [v.HandOut.Report, v.HandOut.State, v.HandOut.Roster]);
  assert.deepEqual(p.cards.map((c) => [c.id, c.name, c.role, c.key]), v.HandOut.Cards.map((c) => [c.ID, c.Name, c.Role, c.Key]));
  const bodies = [];
  for (const i of p.thread.filter((m) => m.file.length > 0)) bodies.push(string(await openMessage(i.file, v.HandOut.ReaderSecret)));
  assert.deepEqual(bodies, v.HandOut.Bodies);
});

test("an enrolment gives its key to passphrase and recovery code together", async () => {
  const { Passphrase, Device, RecoveryCode, Public, Secret, Fingerprint } = v.Enrolment;
  const e = await parseEnrolment(file(v.Enrolment.File));
  assert.deepEqual([e.public, fingerprint(e.public), await publicOf(Secret)], [Public, Fingerprint, Public]);
  assert.equal(recoveryCode(unhex(Device)), RecoveryCode);
  assert.equal(await unwrap(e.wrapped, Passphrase, parseRecoveryCode(RecoveryCode)), Secret);
  await assert.rejects(unwrap(e.wrapped, `${Passphrase}x`, unhex(Device)), { word: "passphrase" });
});

test("a roster is verified with the coordinator's key", () => {
  const c = v.Coordinator;
  const point = coordinatorPublicOf(parseCoordinatorSecret(c.Secret));
  assert.deepEqual([point, fingerprint(point)], [c.Public, c.Fingerprint]);
  assert.ok(signedBy(c.Public, "roster", utf8(c.Roster), unhex(c.Signature)));
  assert.ok(!signedBy(c.Public, "card", utf8(c.Roster), unhex(c.Signature)));
});
