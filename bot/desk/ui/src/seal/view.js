// What may be shown of an opened report: texts without anything that a screen would obey.
import { equal, hex } from "./bytes.js";
import { isState, keep } from "./states.js";
import { plain } from "./text.js";

/**
 * @typedef {object} Voice a voice message that hangs to a sealed message
 * @property {number} number its place among those of the report, from 1
 * @property {number} seconds
 * @property {Uint8Array} id
 * @property {Uint8Array} key opens it
 * @property {Uint8Array} sum SHA-256 of the sound
 *
 * @typedef {object} Body what was told first
 * @property {string} id in hexadecimal
 * @property {string} time exact, as it was written down (RFC 3339, UTC)
 * @property {string} lang
 * @property {{flow: string, step: string, lang: string, values: string[], text: string, skipped: boolean, voices: {number: number, seconds: number}[]}[]} answers
 * @property {{step: string, lang: string, text: string, given: boolean}[]} consents
 *
 * @typedef {object} Later
 * @property {"message"|"answer"|"note"|"share"} type
 * @property {string} id of the message, in hexadecimal
 * @property {string} by       of a note: roster id
 * @property {string} time     a share has none
 * @property {string} lang
 * @property {string} text
 * @property {string} role     of an answer
 * @property {string} state    of an answer, or the one to which a note brought the report
 * @property {string} outcome  of an answer that closes
 * @property {string} added    of a share: roster id
 * @property {{leg: string, to: string, state: string}|null} leg of a note
 * @property {{number: number, seconds: number}[]} voices
 * @property {boolean} unsigned no reader signed it, though it claims so
 */

/** Every voice message that the opened messages name, in their order. @returns {Voice[]} */
export function allVoices(body, later) {
  const all = [...body.answers.flatMap((a) => a.voices), ...later.flatMap((e) => e.content?.voices ?? [])];
  return all.map((v) => ({ ...v, number: 1 + all.findIndex((o) => equal(o.id, v.id)) }));
}

const shown = (voices, all) => voices.map((v) => ({ number: all.find((o) => equal(o.id, v.id)).number, seconds: v.seconds }));

/** @returns {Body} */
export function viewOfBody(body, all) {
  return {
    id: hex(body.id),
    time: body.time,
    lang: plain(body.lang),
    answers: body.answers.map((a) => ({
      flow: plain(a.flow), step: plain(a.step), lang: plain(a.lang), values: a.values.map(plain), text: plain(a.text), skipped: a.skipped,
      voices: shown(a.voices, all),
    })),
    consents: body.consents.map((c) => ({ step: plain(c.step), lang: plain(c.lang), text: plain(c.text), given: c.given })),
  };
}

/** The state to which a note moves its report, as a reader signed it beside the sealed words. None closes one. */
export function noted(e) {
  if (e.type !== "note" || e.forged || !e.item.header) return "";
  const state = keep(e.item.header.state);
  return isState(state) && state !== "closed" ? state : "";
}

/** @returns {Later} */
export function viewOfEntry(e, all) {
  const c = e.content ?? {};
  const text = (s) => plain(s ?? "");
  return {
    type: e.type, id: hex(e.item.id), by: text(c.by), time: c.time ?? "", lang: text(c.lang), text: text(c.text), role: text(c.role),
    state: text(e.type === "note" ? noted(e) : c.state), outcome: text(c.outcome), added: text(e.added),
    leg: c.leg ? { leg: text(c.leg.leg), to: text(c.leg.to), state: text(c.leg.state) } : null,
    voices: shown(c.voices ?? [], all), unsigned: e.forged,
  };
}
