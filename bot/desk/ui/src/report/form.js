// The complaint and referral form on paper, as a file, and on its way to a Primero from one's own machine. It is filled from
// what the reporter chose to say; the rest stays empty, and is written by hand, or here before printing. What is typed is
// kept nowhere.

import { h, toast } from "../dom.js";
import { explain } from "../errors.js";
import { languageOf } from "../labels.js";
import { ask, button, notice, pageHead } from "../ui.js";
import { label, moment, say } from "../words.js";
import { mayRefer } from "../seal/index.js";
import { session } from "../state.js";
import { noteLeft } from "./left.js";
import { primeroButton } from "./primero.js";
import { formText, known, mayLeave, parts } from "./referral.js";
import { whyNot } from "./refer.js";
import { saveFile } from "./save.js";

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
  const text = () => formText(shown, Object.fromEntries([...boxes].map(([key, box]) => [key, box.value])));
  const json = async () => {
    if (!(await ask(say("desk.form.json"), say("desk.paper.nolock.file"), say("desk.form.json"), say("desk.cancel"), "danger"))) return;
    try { await noteLeft(shown, "form"); } catch (err) { return toast(explain(err)); }
    saveFile(`${code}-form.json`, text(), "application/json");
  };
  const leaves = mayLeave(opened);
  return [
    pageHead(say("desk.form"), h("div", { class: "actions no-print" }, button(say("word.back"), back), leaves ? button(say("desk.form.json"), json) : null, leaves && session.place.local ? primeroButton(shown, text) : null, button(say("desk.print"), () => window.print(), "main"))),
    h("div", { class: "no-print stack" }, mayRefer(opened, "complaint") ? null : notice("bad", whyNot(opened, "complaint")), notice("warn", say("open.warn.investigate")), h("p", { class: "soft" }, say("desk.form.text"))),
    h("p", { class: "print-only paper" }, say("desk.paper.nolock")),
    h("p", null, [say("open.head", { Code: code }), label("staff.kind.", about.kind), moment(opened.body.time), languageOf(opened.language)].join(" · ")),
    parts.map(([part, fields]) => h("div", { class: "card form-part", role: "group", "aria-labelledby": `part-${part}` }, h("h2", { id: `part-${part}` }, say(`desk.form.part.${part}`)), fields.map((f) => line(part, f)))),
  ];
}
