// The complaint and referral form, filled from what the reporter chose to say, as `amana open` fills it: the two are held to
// the same bytes. The rest of it is a trained person's to fill in.

import { answerOf, areaOf, choiceOf, orgOf, questionOf, roleOf } from "../labels.js";
import { filedIn } from "../kind.js";
import { handle, legs, mayRefer, plain } from "../seal/index.js";
import { date, label, say, tag } from "../words.js";
import { legsOf } from "./legs.js";

// The parts of the form, and the fields of each: a name, and the lines that it has on paper.
export const parts = [
  ["who", [["name", 1], ["origin", 1], ["contact", 2], ["number", 1], ["age", 1], ["sex", 1]]],
  ["person", [["name", 1], ["origin", 1], ["contact", 2], ["number", 1], ["age", 1], ["sex", 1], ["carers", 2], ["agrees", 1]]],
  ["event", [["time", 1], ["place", 1], ["state", 2], ["witnesses", 2], ["words", 6]]],
  ["accused", [["name", 1], ["work", 1], ["org", 1], ["address", 1], ["age", 1], ["sex", 1], ["looks", 2]]],
  ["steps", [["police", 2], ["health", 2], ["safety", 2], ["others", 2], ["help", 2]]],
  ["consent", [["told", 1], ["complaint", 1], ["assistance", 1], ["to", 2]]],
  ["done", [["by", 1], ["org", 1], ["when", 1], ["passed", 2], ["received", 2]]],
];

// What says how to reach somebody stands there alone.
const reaching = new Set(["reach", "cover_words"]);

/** What is known of each field, as "part.field". @param {import("./open.js").Shown} shown @param {Date} [now] @returns {Record<string, string>} */
export function known({ opened, about }, now = new Date()) {
  const { answers, consents } = opened.body;
  const find = (step) => answers.findLast((a) => a.step === step && !a.skipped);
  const chosen = (step) => { const a = find(step); return a && answerOf(a) ? a.values.map((v) => choiceOf(a.flow, step, v)).join("; ") : ""; };
  const named = (step) => (chosen(step) ? `${questionOf(find(step).flow, step)}: ${chosen(step)}` : ""); // what was told is no step taken
  const words = (step) => find(step)?.text ?? "";
  const own = answers.filter((a) => !reaching.has(a.step)).map((a) => a.text);
  const agreed = (step) => { const c = consents.filter((x) => x.step === step); return c.length ? say(c.every((x) => x.given) ? "word.yes" : "word.no") : ""; };
  const lined = (by, ...texts) => texts.filter(Boolean).join(by);
  const all = {
    "who.contact": lined("\n", chosen("way"), words("reach"), chosen("hours"), chosen("answers"), chosen("cover"), words("cover_words")),
    "who.age": find("who")?.values[0] === "me" ? chosen("age") : "",
    "person.age": chosen("age"),
    "event.time": lined("\n", chosen("when"), chosen("ongoing")),
    "event.place": lined(", ", about.area && areaOf(about.area), chosen("where")),
    "event.words": lined("\n\n", chosen("concern"), ...own, ...opened.later.filter((e) => e.type === "message").map((e) => e.text)),
    "accused.work": chosen("accused"),
    "accused.org": chosen("organisation"),
    "steps.help": named("help"),
    "steps.safety": named("danger"),
    "consent.told": consents.length ? say("word.yes") : "",
    "consent.complaint": agreed("consent_complaint"),
    "consent.assistance": agreed("consent_help"),
    "consent.to": opened.readers.filter((r) => r.role !== "recovery").map((r) => orgOf(r.org)).filter((o, i, list) => list.indexOf(o) === i).join(", "),
    "done.by": `${opened.me.name}, ${roleOf(opened.me.role)}`,
    "done.org": orgOf(opened.me.org),
    "done.when": date(now),
    "done.passed": legsOf(opened).map((l) => `${label("desk.leg.", l.leg)}: ${l.to} (${label("desk.leg.state.", l.state)})`).join("\n"),
  };
  return Object.fromEntries(Object.entries(all).map(([key, text]) => [key, plain(text)]));
}

const kept = new Set(["involved", "involved_org", "involved_role", "nudge", "nudge_hours"]); // goes to nobody

/**
 * The form as it is saved.
 * @param {import("./open.js").Shown} shown
 * @param {Record<string, string>} filled by "part.field"
 * @returns {string} JSON
 */
export function formText({ code, about, opened }, filled) {
  const { answers, consents, time } = opened.body;
  const given = answers.filter((a) => !a.skipped && a.values.length);
  const last = (step) => given.findLast((a) => a.step === step)?.values ?? [];
  const out = {
    form: "complaint and referral", version: 2, code, flow: filedIn(answers), kind: about.kind, urgency: about.urgency, received: time, language: opened.language, written_in: tag(),
  };
  for (const [part, fields] of parts) {
    out[part] = Object.fromEntries(fields.map(([name]) => [name, (filled[`${part}.${name}`] ?? "").trim()]).filter(([, v]) => v));
  }
  out.answers = given.filter((a) => !kept.has(a.step)).map(({ flow, step, values }) => ({ flow, step, values }));
  out.consents = consents.map((c) => ({ step: c.step, given: c.given, language: c.lang, text: c.text }));
  out.kept_from = last("involved")[0] === "yes" ? last("involved_org") : [];
  out.handle = handle(opened);
  return JSON.stringify(out, null, 2);
}

/** Says whether the form may leave: something was agreed to, nothing was taken back, and a reader has signed what was opened. */
export function mayLeave(opened) {
  const turn = opened.turns.at(-1);
  const after = (e) => e.type === "message" && Date.parse(e.time) >= Date.parse(turn.day) + 8 * 86400e3;
  const final = turn?.what === "withdraw" && opened.standing === "closed" && !opened.later.some(after);
  return !opened.firstForged && !final && !opened.standing.startsWith("withdrawn:") && legs.some((l) => mayRefer(opened, l));
}
