// The complaint and referral form on paper. It is filled from what the reporter chose to say; the rest stays empty, and is
// written by hand, or here before printing. What is typed is kept nowhere.

import { h } from "../dom.js";
import { answerOf, areaOf, languageOf, orgOf, questionOf, roleOf } from "../labels.js";
import { ask, button, notice, pageHead } from "../ui.js";
import { date, label, moment, say, tag } from "../words.js";
import { mayRefer } from "../seal/index.js";
import { whyNot } from "./refer.js";
import { saveFile } from "./save.js";
import { legsOf } from "./view.js";

// The parts of the form, and the fields of each: a name, and the lines that it has on paper.
const parts = [
  ["who", [["name", 1], ["origin", 1], ["contact", 2], ["number", 1], ["age", 1], ["sex", 1]]],
  ["person", [["name", 1], ["origin", 1], ["contact", 2], ["number", 1], ["age", 1], ["sex", 1], ["carers", 2], ["agrees", 1]]],
  ["event", [["time", 1], ["place", 1], ["state", 2], ["witnesses", 2], ["words", 6]]],
  ["accused", [["name", 1], ["work", 1], ["org", 1], ["address", 1], ["age", 1], ["sex", 1], ["looks", 2]]],
  ["steps", [["police", 2], ["health", 2], ["safety", 2], ["others", 2], ["help", 2]]],
  ["consent", [["told", 1], ["complaint", 1], ["assistance", 1], ["to", 2]]],
  ["done", [["by", 1], ["org", 1], ["when", 1], ["passed", 2], ["received", 2]]],
];

/** What is known of each field, as "part.field". */
export function known({ opened, about }) {
  const find = (step) => opened.body.answers.findLast((a) => a.step === step && !a.skipped);
  const chosen = (step) => { const a = find(step); return a ? answerOf(a) : ""; };
  const named = (step) => { const a = find(step); return a && answerOf(a) ? `${questionOf(a.flow, step)}: ${answerOf(a)}` : ""; }; // what was told is no step taken
  const own = opened.body.answers.filter((a) => a.text && a.step !== "reach").map((a) => a.text);
  const self = find("who")?.values[0] === "me";
  const agreed = (step) => { const c = opened.body.consents.filter((x) => x.step === step); return c.length ? say(c.every((x) => x.given) ? "word.yes" : "word.no") : ""; };
  const reach = find("reach")?.text ?? "";
  return {
    "who.contact": [chosen("contact_way"), reach].filter(Boolean).join("\n"),
    "who.age": self ? chosen("age") : "",
    "person.age": chosen("age"),
    "event.time": [chosen("when"), chosen("ongoing")].filter(Boolean).join("\n"),
    "event.place": [about.area && areaOf(about.area), chosen("where")].filter(Boolean).join(", "),
    "event.words": [chosen("concern"), ...own, ...opened.later.filter((e) => e.type === "message" && e.text).map((e) => e.text)].filter(Boolean).join("\n\n"),
    "accused.work": chosen("accused"),
    "accused.org": chosen("organisation"),
    "steps.help": named("help"),
    "steps.safety": named("danger"),
    "consent.told": opened.body.consents.length ? say("word.yes") : "",
    "consent.complaint": agreed("consent_complaint"),
    "consent.assistance": agreed("consent_help"),
    "consent.to": opened.readers.filter((r) => r.role !== "recovery").map((r) => orgOf(r.org)).filter((o, i, all) => all.indexOf(o) === i).join(", "),
    "done.by": `${opened.me.name}, ${roleOf(opened.me.role)}`,
    "done.org": orgOf(opened.me.org),
    "done.when": date(new Date()),
    "done.passed": legsOf(opened).map((l) => `${label("desk.leg.", l.leg)}: ${l.to} (${label("desk.leg.state.", l.state)})`).join("\n"),
  };
}

/** @param {import("./open.js").Shown} shown @param {() => void} back */
export function referralForm(shown, back) {
  const { code, about, opened } = shown;
  const filled = known(shown);
  const boxes = new Map();
  const line = (part, [name, lines]) => {
    const key = `${part}.${name}`;
    const id = `form-${part}-${name}`;
    const box = h("textarea", { id, rows: Math.max(lines, (filled[key] ?? "").split("\n").length), dir: "auto", autocomplete: "off", spellcheck: "false", value: filled[key] ?? "" });
    const copy = h("div", { class: "print-only copy", dir: "auto" });
    const keep = () => { copy.textContent = box.value; copy.classList.toggle("blank", box.value.trim() === ""); copy.dataset.lines = lines; };
    box.addEventListener("input", keep);
    keep();
    boxes.set(key, box);
    return h("div", { class: `field ${lines > 1 ? "long" : ""}` }, h("label", { for: id }, say(`desk.form.${name}`)), box, copy);
  };
  const json = async () => {
    if (!(await ask(say("desk.form.json"), say("desk.paper.nolock.file"), say("desk.form.json"), say("desk.cancel"), "danger"))) return;
    const out = { form: "complaint and referral", version: 1, code, kind: about.kind, urgency: about.urgency, received: opened.body.time, language: opened.language, written_in: tag() };
    for (const [part, fields] of parts) out[part] = Object.fromEntries(fields.map(([name]) => [name, boxes.get(`${part}.${name}`).value.trim()]).filter(([, v]) => v));
    saveFile(`${code}-form.json`, JSON.stringify(out, null, 2), "application/json");
  };
  return [
    pageHead(say("desk.form"), h("div", { class: "actions no-print" }, button(say("word.back"), back), button(say("desk.form.json"), json), button(say("desk.print"), () => window.print(), "main"))),
    h("div", { class: "no-print stack" }, mayRefer(opened, "complaint") ? null : notice("bad", whyNot(opened, "complaint")), notice("warn", say("open.warn.investigate")), h("p", { class: "soft" }, say("desk.form.text"))),
    h("p", { class: "print-only paper" }, say("desk.paper.nolock")),
    h("p", null, [say("open.head", { Code: code }), label("staff.kind.", about.kind), moment(opened.body.time), languageOf(opened.language)].join(" · ")),
    parts.map(([part, fields]) => h("div", { class: "card form-part", role: "group", "aria-labelledby": `part-${part}` }, h("h2", { id: `part-${part}` }, say(`desk.form.part.${part}`)), fields.map((f) => line(part, f)))),
  ];
}
