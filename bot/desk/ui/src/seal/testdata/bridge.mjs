// Does in a row what a test of the Go programs asks for, and says what came of each: {ok} with the value, {word} of a
// SealError, or {crash} for anything else, which no input may ever bring about. Bytes are base64 on both ways.
import { readFileSync } from "node:fs";
import { fromBase64, hex, text, toBase64, utf8 } from "../bytes.js";
import * as seal from "../index.js";
import { openHandOut } from "../handout.js";
import { openMessage } from "../message.js";
import { parseGrants } from "../grant.js";
import { parseAnswer } from "../answerfile.js";
import { decodeInside } from "../inside.js";
import { canonical, decodeRoster, encodeRoster } from "../roster.js";

const bytes = (list) => list.map(fromBase64);

async function open({ files, secret, coordinator, known }) {
  return seal.openThread(await seal.openPackets(bytes(files), secret), secret, coordinator, known ?? {});
}

const date = (a) => (a.now ? { ...a, now: new Date(a.now) } : a);

const deeds = {
  async open(a) {
    const o = await open(a);
    const later = o.later.map((e) => ({ ...e, voices: e.voices.length }));
    const readers = o.readers.map((r) => ({ id: r.id, fingerprint: r.fingerprint, lacks: r.lacks }));
    const { body, unsealed, forged, spoilt, firstForged, cut, state, language, standing, turns } = o;
    return { body, later, readers, unsealed, forged, spoilt, firstForged, cut, state, language, standing, turns, me: o.me.id, moves: seal.moves(o), candidates: seal.candidates(o).map((e) => e.id), version: o.roster.version };
  },
  answer: async (a) => toBase64(await seal.makeAnswer({ opened: await open(a), ...date(a.what) })),
  note: async (a) => toBase64(await seal.makeNote({ opened: await open(a), ...date(a.what) })),
  share: async (a) => (await seal.makeShare({ opened: await open(a), ...a.what })).map(toBase64),
  copies: async (a) => (await seal.makeCopies({ opened: await open(a), ...a.what })).map(toBase64),
  async voice(a) {
    const v = await seal.openVoice(fromBase64(a.voice), a.secret, await open(a));
    return { ...v, ogg: toBase64(v.ogg) };
  },
  async enrol({ passphrase, work }) {
    const id = await seal.newIdentity();
    const device = seal.deviceKey();
    const wrapped = await seal.wrap(id.secret, passphrase, device, work);
    const [file, code, shown] = [await seal.enrolment(id.public, wrapped), seal.recoveryCode(device), seal.proof(device)];
    return { ...id, fingerprint: seal.fingerprint(id.public), file: toBase64(file), code, proof: hex(shown) };
  },
  async unwrap({ file, passphrase, code }) {
    const e = await seal.parseEnrolment(fromBase64(file));
    return seal.unwrap(e.wrapped, passphrase, seal.parseRecoveryCode(code));
  },
  unwrapFile: async (a) => seal.unwrap(fromBase64(a.file), a.passphrase, seal.parseRecoveryCode(a.code)),
  challenge: async (a) => toBase64(await seal.openChallenge(a.secret, fromBase64(a.file))),
  async coordinator({ file, passphrase, code }) {
    return seal.coordinatorPublicOf(await seal.unwrapCoordinator(fromBase64(file), passphrase, seal.parseRecoveryCode(code)));
  },
  sign: async (a) => seal.signRoster(a.proposal, seal.parseCoordinatorSecret(a.secret), a.choice ?? {}),
  rows: async (a) => seal.proposalRows(a.proposal, a.coordinator, a.choice ?? {}),
  async roster({ statement }) {
    const r = decodeRoster(fromBase64(statement));
    return { canonical: toBase64(canonical(r)), encoded: toBase64(encodeRoster(r)) };
  },
  async handout({ file, secret }) {
    const p = await openHandOut(fromBase64(file), secret);
    return { thread: p.thread.length, cards: p.cards.length, state: p.state };
  },
  message: async (a) => text(await openMessage(fromBase64(a.file), a.secret)),
  parseAnswer: async (a) => hex(parseAnswer(fromBase64(a.file)).header.message),
  parseGrants: async (a) => parseGrants(fromBase64(a.file)).length,
  recovery: async (a) => seal.recoveryCode(seal.parseRecoveryCode(a.typed)),
  inside: async (a) => decodeInside(fromBase64(a.file)).type,
  plain: async (a) => toBase64(utf8(seal.plain(a.text))),
};

const out = [];
for (const asked of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    out.push({ ok: (await deeds[asked.do](asked)) ?? null });
  } catch (err) {
    out.push(err instanceof seal.SealError ? { word: err.word, about: err.about } : { crash: String(err?.stack ?? err) });
  }
}
process.stdout.write(JSON.stringify(out));
