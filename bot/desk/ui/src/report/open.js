// Gets a report, from the server or from files, and opens it with the key in memory.

import { api, fromBase64 } from "../api.js";
import { Trouble } from "../errors.js";
import { classify } from "../kind.js";
import { openPackets, openThread, openVoice, trailName, wipe } from "../seal/index.js";
import { handOutVoiceSizes } from "../seal/handout.js";
import { SealError } from "../seal/errors.js";
import { coordinator, session, store, stored, whenForgotten } from "../state.js";
import { holdOf } from "./hold.js";
import { watch } from "./record.js";

/**
 * @typedef {Object} Shown
 * @property {string} code
 * @property {any} opened   what openThread gave
 * @property {any} line     its line of the inbox, or null
 * @property {{step: string, due: string, late: boolean}[]} runs  all that is due, as the server reckons
 * @property {string[]|null} waiting  ids of the readers who stand by; null where no server says
 * @property {import("./hold.js").Hold|null} hold  whether it is kept beyond its time; null where no server says
 * @property {boolean} cut      its record ends otherwise than a reader has seen it end
 * @property {boolean} server  it came from the server, which takes answers to it
 * @property {{kind: string, urgency: string, area: string}} about
 * @property {(number: number) => Promise<Uint8Array>} sound  a voice message, opened
 */

// Which report each code was, for as long as somebody is signed in. A code is the server's word alone: nothing that is sealed
// holds it, so a report that comes under the code of another is told by this.
const known = new Map();
whenForgotten(() => known.clear());

// The reports whose record was found cut since somebody signed in.
const cut = new Set();
whenForgotten(() => cut.clear());

/** Holds a report to the code under which it came. */
function heldTo(code, shown) {
  const id = shown.opened.body.id;
  if ((known.get(code) ?? id) !== id || [...known].some(([c, i]) => i === id && c !== code)) {
    wipe(shown.opened);
    throw new SealError("swapped");
  }
  known.set(code, id);
  return shown;
}

/**
 * Gets a report by its code. That it was handed out is noted by the server. Confirmed is the version of an older list of readers
 * that the coordinator has named by voice.
 * @returns {Promise<Shown>}
 */
export async function openCode(code, signal, confirmed = 0) {
  const [got, stands, hold] = await Promise.all([api.post(`/api/report/${encodeURIComponent(code)}/open`), standing(code, signal), holdOf(code, signal)]);
  const shown = heldTo(code, await open(got.files.map((f) => fromBase64(f.bytes)), true, confirmed));
  const names = (got.voices ?? []).map((v) => v.name);
  const sound = async (number) => {
    // The names end with the number; what does not open as the wanted one is passed over.
    for (const name of [...names].sort((a, b) => ends(b, number) - ends(a, number))) {
      const file = await api.bytes(`/api/report/${encodeURIComponent(code)}/voice/${encodeURIComponent(name)}`, signal);
      try { return (await openVoice(file, session.secret, shown.opened, number)).ogg; } catch (err) {
        if (err.word !== "other_voice" && err.word !== "no_voice") throw err;
      }
    }
    throw new Trouble("desk.voice.missing");
  };
  return { code, ...stands, hold, server: true, sound, ...shown };
}

/** Where the server says that a report stands: its line, all that is due, and who stands by. Nothing, if it does not say. */
export async function standing(code, signal) {
  const { line = null, runs = [], waiting = null } = await api.get(`/api/report/${encodeURIComponent(code)}/standing`, signal).catch(() => ({}));
  return { line, runs, waiting };
}

const ends = (name, number) => Number(name.endsWith(`-${number}.amana`));

/** Opens files that came without the server. @param {File[]} files @returns {Promise<Shown>} */
export async function openFiles(files) {
  const read = await Promise.all([...files].map(async (f) => ({ name: f.name, bytes: new Uint8Array(await f.arrayBuffer()) })));
  const voices = read.filter((f) => handOutVoiceSizes.includes(f.bytes.length));
  const packets = read.filter((f) => !voices.includes(f));
  if (packets.length === 0) throw new Trouble("desk.error.damaged");
  const shown = await open(packets.map((f) => f.bytes), false);
  const sound = async (number) => {
    for (const f of voices) {
      try { return (await openVoice(f.bytes, session.secret, shown.opened, number)).ogg; } catch (err) {
        if (err.word !== "other_voice" && err.word !== "no_voice") throw err;
      }
    }
    throw new Trouble("desk.voice.missing");
  };
  return { code: codeOf(packets[0].name) || shown.opened.body.id.slice(0, 8), line: null, runs: [], waiting: null, hold: null, server: false, sound, ...shown };
}

// The staff bot names its files by the code; whoever renames one sees the beginning of the id.
const codeOf = (name) => /^([A-Z]{6})\b/.exec(name)?.[1] ?? "";

async function open(files, fresh, confirmed = 0) {
  const packet = await openPackets(files, session.secret);
  const kept = stored();
  const opened = await openThread(packet, session.secret, coordinator(), { seen: kept.roster ?? 0, confirmed });
  if (opened.roster.version !== kept.roster) store({ roster: opened.roster.version });
  return { opened, cut: recordCut(opened, fresh), about: classify(opened.body.answers) };
}

/** Says whether the record ends otherwise than a reader has seen it end. A file may be older; what the server sends now is not. */
function recordCut(opened, fresh) {
  const { kept, changed, older } = watch(stored().trails ?? {}, opened.report, opened.trail);
  // Once it was told, what the server has is what is remembered: after a restore it ends earlier by right.
  store({ trails: older && fresh ? watch({ ...kept, [trailName(opened.report)]: undefined }, opened.report, opened.trail).kept : kept });
  if (opened.cut || changed || (older && fresh)) cut.add(opened.body.id);
  return cut.has(opened.body.id);
}

/** Forgets what was opened. */
export const close = (shown) => wipe(shown.opened);
