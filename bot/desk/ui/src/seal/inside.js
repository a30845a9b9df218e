// What one sealed message holds: a report, a further message of the reporter, an answer or a note. The names are those of
// bot/ticket.
import { isZero, text, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import * as json from "./json.js";
import { isLeg, isOutcome, isState } from "./states.js";

// A program of before knows the first version alone; what says nothing of the audit chain is of the first.
const version = (content) => (content.saw ? 2 : 1);
const newest = 2;
const most = 32 * 1024;

const voice = json.object({ id: json.id, key: json.bytes, sum: json.bytes, seconds: json.integer });
const said = json.object({
  flow: json.string, step: json.string, lang: json.string, values: json.list(json.string), text: json.string,
  voices: json.list(voice), skipped: json.boolean,
});
const agreed = json.object({ step: json.string, lang: json.string, text: json.string, given: json.boolean });
const saw = json.object({ lines: json.integer, link: json.id });
const leg = json.object({ leg: json.string, to: json.string, state: json.string });

const types = {
  report: json.object({
    id: json.id, time: json.string, lang: json.string, answers: json.list(said), consents: json.list(agreed),
    mailbox: json.string, nudge: json.bytes, seed: json.bytes,
  }),
  message: json.object({ id: json.id, time: json.string, lang: json.string, text: json.string, voices: json.list(voice) }),
  answer: json.object({
    id: json.id, time: json.string, lang: json.string, role: json.string, state: json.string, outcome: json.string, text: json.string, saw,
  }),
  note: json.object({ id: json.id, time: json.string, lang: json.string, by: json.string, leg, text: json.string, saw }),
};

const envelope = json.object({ v: json.integer, type: json.string, ...types });

/** What a newer program wrote is told from what is damaged. */
const versioned = (v) => (Number.isSafeInteger(v?.v) && v.v > newest ? fail("newer") : envelope(v));

const instant = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Says whether a text is an instant as Go writes it, of a year in which it can have been written. */
export function isInstant(s) {
  const found = instant.exec(s);
  if (!found) return false;
  const [year, month, day] = found.slice(1, 4).map(Number);
  return year >= 2000 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/**
 * Reads a body. Whether its id is that of the report asked for is for whoever opens it. Words: malformed, newer.
 * @param {Uint8Array} body
 * @returns {{type: "report"|"message"|"answer"|"note", content: any}}
 */
export function decodeInside(body) {
  if (body.length > most) fail("malformed");
  const e = json.parse(text(body), versioned);
  const there = Object.keys(types).filter((t) => e[t] !== null);
  if (there.length !== 1 || there[0] !== e.type || e.v !== version(e[e.type])) fail("malformed");
  const content = e[e.type];
  for (const name of ["answers", "consents", "voices"]) if (name in content) content[name] = json.orNone(content[name]);
  for (const a of content.answers ?? []) {
    a.values = json.orNone(a.values);
    a.voices = json.orNone(a.voices);
  }
  if (!valid(e.type, content)) fail("malformed");
  return { type: e.type, content };
}

function valid(type, c) {
  if (isZero(c.id) || !isInstant(c.time)) return false;
  if (c.saw && c.saw.lines <= 0) return false;
  switch (type) {
    case "report":
      return c.seed.length === 32 && c.mailbox !== "";
    case "answer":
      return isState(c.state) && isOutcome(c.outcome, c.state);
    case "note":
      return c.by !== "" && (c.leg === null || isLeg(c.leg));
  }
  return true;
}

/**
 * Writes an answer or a note; beyond the largest sealed size it is too_long.
 * @param {"answer"|"note"} type
 * @param {Record<string, any>} content with the id in hexadecimal, in the order of the fields; what is empty is left out
 */
export function encodeInside(type, content) {
  const kept = Object.fromEntries(Object.entries(content).filter(([name, v]) => v !== undefined && (v !== "" || name === "text" || name === "role")));
  const body = utf8(JSON.stringify({ v: version(kept), type, [type]: kept }));
  if (body.length > most) fail("too_long");
  return body;
}
