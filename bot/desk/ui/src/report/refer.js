// Passing on, in two ways that are never mixed: the complaint to whoever looks into it, the person to whoever helps. Each has
// its own consent. What is noted is a sealed note; the report itself goes the way that the place has agreed on.

import { h, newID } from "../dom.js";
import { legs, legStates, makeNote, mayRefer, moves } from "../seal/index.js";
import { check, card, field, notice, radios } from "../ui.js";
import { label, say, tag } from "../words.js";
import { orgs } from "../labels.js";
import { panel, readersFirst, textBox } from "./write.js";
import { legsOf } from "./legs.js";
import { leg as legLine } from "./view.js";

const most = 120;

/** @param {any} tools */
export function referPanel(tools) {
  const { opened, code } = tools.shown;
  const open = legs.filter((l) => mayRefer(opened, l));
  const why = legs.filter((l) => !open.includes(l)).map((l) => notice("warn", whyNot(opened, l)));
  const so_far = legsOf(opened);
  const before = [so_far.length ? h("div", { class: "stack tight" }, so_far.map(legLine)) : null, why];
  if (!open.length) return card(say("desk.refer"), before);

  const names = newID("orgs");
  const to = h("input", { type: "text", list: names, maxlength: most, autocomplete: "off", dir: "auto", oninput: () => tools.unsent(to.value.trim() !== "") });
  const whom = field(say("desk.leg.to"), to);
  const text = textBox(tools, tag(), say("desk.leg.note"));
  let tell = true;
  const teller = h("div");
  const which = radios(say("desk.leg"), open.map((l) => [l, label("desk.leg.", l), say(`desk.leg.${l}.hint`)]), open[0], () => drawTell());
  const state = radios(say("desk.leg.state"), legStates.map((s) => [s, label("desk.leg.state.", s)]), "sent", () => drawTell());
  const told = () => {
    if (which.value() !== "complaint") return "";
    const next = { sent: "referred", confirmed: "confirmed" }[state.value()] ?? "";
    return next && next !== opened.state && moves(opened).includes(next) ? next : "";
  };
  const drawTell = () => {
    const next = told();
    teller.replaceChildren(...(next ? [h("p", { class: "hint" }, say("desk.leg.tell")), check(say(`word.state.${next}`), (on) => { tell = on; }, tell)] : []));
  };
  drawTell();
  return panel(tools, say("desk.refer"), {
    before: [h("p", null, say("desk.leg.text")), before, readersFirst(tools.shown)],
    fields: [which, whom, h("datalist", { id: names }, orgs().map((o) => h("option", { value: o }))), state, teller, text.field],
    send: say("desk.leg.send"),
    make: async () => {
      whom.complain("");
      if (!to.value.trim()) { whom.complain(say("desk.leg.to.missing")); throw Object.assign(new Error(), { name: "AbortError" }); }
      return makeNote({ opened, text: text.value, lang: tag(), leg: { leg: which.value(), to: to.value, state: state.value() }, state: tell ? told() : "" });
    },
    name: "note",
    text,
    told: (got) => say(got.again ? "staff.answer.already" : "staff.note.ok", { Code: code }),
  });
}

const consentOf = { complaint: "consent_complaint", assistance: "consent_help" };

/** Says why a report cannot go one of the ways. */
export function whyNot(opened, l) {
  const asked = opened.body.consents.some((c) => c.step === consentOf[l]);
  return say(asked ? "desk.leg.refused" : "desk.leg.not_asked", { Leg: label("desk.leg.", l) });
}
