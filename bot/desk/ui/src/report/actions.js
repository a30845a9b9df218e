// What can be done about a report: one or two things that fit where it stands, and all others in groups under "More". Each
// opens a panel below the report, which stays in sight while one writes.

import { api } from "../api.js";
import { h, newID, replace, focusOn } from "../dom.js";
import { ask, button, card, dialog, doing, notice, paragraphs, problem, waiting } from "../ui.js";
import { say } from "../words.js";
import { first } from "./first.js";
import { holdDeed, holdPanel, lift } from "./hold.js";
import { answerPanel, notePanel } from "./write.js";
import { referPanel } from "./refer.js";
import { handOverPanel, sealAgainPanel, sharePanel } from "./share.js";
import { lastSaid, nextOf, stateOf } from "./view.js";

/**
 * @param {import("./open.js").Shown} shown @param {any} ctx
 * @param {(text?: string) => Promise<void>} again opens the report anew after something was done, and says what
 * @param {() => void} form shows the form on paper
 */
export function actions(shown, ctx, again, form) {
  const { opened, server, code } = shown;
  const panel = h("div", { class: "panel no-print" });
  let dirty = false;
  const tools = {
    shown, ctx, again, form,
    /** Says whether something was written that is not sent: whoever leaves is asked once. */
    unsent(is) {
      dirty = is;
      ctx.guard(is ? () => leaveText() : null);
    },
    done: async (text, anew) => { tools.unsent(false); await again(text, anew); },
    end: async () => {
      if (dirty && !(await leaveText())) return;
      tools.unsent(false);
      replace(panel);
      choices.hidden = false;
      focusOn(choices.querySelector("h2"));
    },
  };
  const show = (make) => async () => {
    tools.unsent(false);
    choices.hidden = true;
    replace(panel, waiting());
    try {
      replace(panel, await make(tools));
    } catch (err) {
      choices.hidden = false;
      return void replace(panel, problem(err, show(make)));
    }
    const title = panel.querySelector("h2");
    focusOn(title);
    title.scrollIntoView({ block: "start" });
  };
  const closed = opened.state === "closed";
  const hold = holdDeed(shown.hold);
  const deeds = {
    answer: ["open.choose.answer", show((t) => answerPanel(t, {}))],
    ask: ["desk.ask", show((t) => answerPanel(t, { asks: true }))],
    note: ["open.choose.note", show(notePanel)],
    share: ["open.choose.share", show(sharePanel), "desk.share.hint"],
    refer: ["desk.refer", show(referPanel), "desk.refer.hint"],
    handover: server ? ["desk.handover", show(handOverPanel), "desk.handover.hint"] : null,
    recuse: server ? ["staff.button.recuse", () => recuse(code, ctx, tools), "desk.recuse.hint", "danger"] : null,
    close: closed ? null : ["desk.close_it", show((t) => answerPanel(t, { state: "closed" }))],
    reopen: closed ? ["desk.reopen", show((t) => answerPanel(t, { state: "read" }))] : null,
    hold: hold ? [hold, shown.hold.held ? () => lift(tools) : show(holdPanel)] : null,
    print: ["desk.print", () => window.print()],
    form: ["desk.form", tools.form],
  };
  const at = first({ state: stateOf(shown), said: lastSaid(shown), step: nextOf(shown)?.step ?? "" }).filter((name) => deeds[name]);
  const lacking = opened.readers.filter((r) => r.lacks);
  const choices = h("div", { class: "no-print" }, card(say("open.choose"),
    lacking.length ? notice("warn", ...lacking.map((r) => say("open.lacks", { Name: r.name, Count: r.lacks })), button(say("open.choose.seal"), show(sealAgainPanel))) : null,
    h("div", { class: "actions firsts" }, at.map((name, i) => button(say(deeds[name][0]), deeds[name][1], i === 0 ? "main" : ""))),
    more(deeds, at)));
  return [choices, panel];
}

// What is not at hand at once, by what one wants.
const groups = [
  ["desk.more.write", ["answer", "ask", "note"]],
  ["desk.more.give", ["share", "refer", "handover", "recuse"]],
  ["desk.more.end", ["close", "reopen", "hold"]],
  ["desk.more.paper", ["print", "form"]],
];

/** The other deeds, which a press brings out and takes away. */
function more(deeds, without) {
  const id = newID("more");
  const all = groups.map(([key, names]) => [key, names.filter((n) => deeds[n] && !without.includes(n))]).filter(([, names]) => names.length);
  const list = h("div", { class: "more", id, hidden: true }, all.map(([key, names]) => {
    const head = newID("group");
    return h("div", { class: "more-group", role: "group", "aria-labelledby": head }, h("h3", { id: head }, say(key)),
      names.map((name) => deed(...deeds[name])));
  }));
  const toggle = h("button", {
    type: "button", class: "button quiet more-toggle", "aria-expanded": "false", "aria-controls": id,
    onclick: () => {
      list.hidden = !list.hidden;
      toggle.setAttribute("aria-expanded", String(!list.hidden));
    },
  }, say("word.more"));
  return [toggle, list];
}

/** One deed, with a line that tells it from those beside it. */
function deed(key, onclick, hint = "", kind = "") {
  const b = button(say(key), onclick, `deed ${kind}`);
  if (!hint) return b;
  const id = newID("deed");
  b.setAttribute("aria-describedby", id);
  return h("div", { class: "deed-line" }, b, h("p", { class: "hint", id }, say(hint)));
}

const leaveText = () => ask(say("desk.unsent"), say("desk.unsent.text"), say("desk.unsent.leave"), say("desk.unsent.stay"), "danger");

/** Asks whether one could withdraw before asking whether one wants to. */
async function recuse(code, ctx, tools) {
  const path = `/api/report/${encodeURIComponent(code)}/recuse`;
  const d = dialog(say("staff.button.recuse"), (close) => {
    const body = h("div", { class: "stack" }, h("p", null, say("desk.loading")));
    api.get(path).then((got) => {
      if (!got.may) return replace(body, paragraphs(say("staff.recuse.last", { Code: code })), h("div", { class: "actions" }, button(say("desk.close"), () => close(), "main")));
      replace(body, paragraphs(say("staff.recuse.ask", { Code: code })), h("div", { class: "actions" },
        doing(say("staff.recuse.yes"), async () => { await api.post(path); close("gone"); }, "danger"),
        button(say("staff.recuse.no"), () => close())));
    }).catch(() => replace(body, h("p", { class: "wrong", role: "alert" }, say("desk.error.away")), button(say("desk.close"), () => close())));
    return body;
  }, { alert: true });
  if ((await d.done) !== "gone") return;
  tools.unsent(false);
  ctx.go("/inbox"); // nothing of it stays in sight behind what is said now
  dialog(say("staff.button.recuse"), (close) => [paragraphs(say("staff.recuse.done", { Code: code })), button(say("desk.close"), () => close(), "main")]);
}
