// How long the work of a focal point takes with this engine: `node src/seal/testdata/bench.mjs` in bot/desk/ui.
import { X25519Recipient, encrypt, pad } from "../age.js";
import { concat, utf8 } from "../bytes.js";
import { sign, coordinatorPublicOf } from "../keys.js";
import * as seal from "../index.js";
import { sealMessage } from "../message.js";
import { canonical, encodeRoster } from "../roster.js";
import { cardStatement, statement } from "../trust.js";
import { number, part16, part32, part8 } from "../wire.js";

async function time(what, rounds, work) {
  let best = Infinity;
  for (let i = 0; i < rounds; i++) {
    const from = performance.now();
    await work();
    best = Math.min(best, performance.now() - from);
  }
  console.log(`${what.padEnd(58)}${best.toFixed(0).padStart(6)} ms`);
}

const me = await seal.newIdentity();
const mailbox = await seal.newIdentity();
const [key, seed, report] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4), new Uint8Array(16).fill(9)];
const entries = [];
for (let i = 0; i < 5; i++) {
  const pub = i === 0 ? me.public : (await seal.newIdentity()).public;
  entries.push({ id: `r${i}`, name: `Reader ${i}`, org: "relief", role: i === 4 ? "recovery" : "focal_point", areas: [], kinds: [], langs: [], backup: "", holder: "", child: false, oversight: false, key: pub, status: "confirmed" });
}
const roster = { version: 1, entries };
const keys = entries.map((e) => e.key);
const at = { id: "09".repeat(16), time: "2026-11-26T04:00:00Z" };
const body = { v: 1, type: "report", report: { ...at, lang: "en", answers: [{ flow: "report", step: "story", text: "x".repeat(1500) }], mailbox: mailbox.public, seed: Buffer.from(seed).toString("base64") } };
const thread = [body, ...Array.from({ length: 11 }, () => ({ v: 1, type: "message", message: { ...at, text: "y".repeat(400) } }))];
const items = [];
for (const [n, m] of thread.entries()) {
  const file = await sealMessage(utf8(JSON.stringify(m)), keys);
  items.push(concat(number(n + 1, 16), part16(new Uint8Array(0)), part32(file), number(0, 2)));
}
const cards = entries.map((e) => {
  const texts = [e.id, e.name, e.role === "recovery" ? "recovery" : "reader", e.key];
  return concat(number(1, 8), ...texts.map(part8), part8(sign(statement("card", cardStatement(1, texts)), key)));
});
const packet = concat(
  utf8("amana handout 1\n"), report, number(1, 2), number(1, 2), part8("read"), number(0, 1), number(cards.length, 1), ...cards,
  part32(encodeRoster(roster)), part8(sign(statement("roster", canonical(roster)), key)), number(items.length, 2), ...items,
);
const handout = await encrypt(pad(packet, 256 * 1024), [new X25519Recipient(me.public)]);
const coordinator = coordinatorPublicOf(key);
const open = async () => seal.openThread(await seal.openPackets([handout], me.secret), me.secret, coordinator);
const opened = await open();
const device = seal.deviceKey();
const wrapped = await seal.wrap(me.secret, "correct horse battery", device);

console.log(`node ${process.version}, ${process.arch}`);
await time("unwrap the key (scrypt, work 18)", 3, () => seal.unwrap(wrapped, "correct horse battery", device));
await time("open a hand-out of 12 messages, 5 readers", 5, open);
await time("seal and sign an answer", 5, () => seal.makeAnswer({ opened, text: "We read it.", state: "read" }));
await time("seal 12 messages again", 3, () => seal.makeCopies({ opened, all: true }));
