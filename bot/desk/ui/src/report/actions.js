// What can be done about a report. Each opens a panel below the report, which stays in sight while one writes.

import { api } from "../api.js";
import { h, replace, focusOn } from "../dom.js";
import { ask, button, card, dialog, doing, paragraphs, problem, waiting } from "../ui.js";
import { say } from "../words.js";
import { answerPanel, notePanel } from "./write.js";
import { referPanel } from "./refer.js";
import { handOverPanel, sealAgainPanel, sharePanel } from "./share.js";

/**
 * @param {import("./open.js").Shown} shown @param {any} ctx
 * @param {(text?: string) => Promise<void>} again opens the report anew after something was done, and says what
 * @param {() => void} form shows the form on paper
 */
export function actions(shown, ctx, again, form) {
  const { opened, server, code } = shown;
  const closed = opened.state === "closed";
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
  const lacking = opened.readers.some((r) => r.lacks);
  const choices = h("div", { class: "no-print" }, card(say("open.choose"), h("div", { class: "choices-grid" },
    button(say("open.choose.answer"), show((t) => answerPanel(t, {})), "main"),
    button(say("desk.ask"), show((t) => answerPanel(t, { asks: true }))),
    button(say("open.choose.note"), show(notePanel)),
    button(say("desk.refer"), show(referPanel)),
    lacking ? button(say("open.choose.seal"), show(sealAgainPanel)) : null,
    button(say("open.choose.share"), show(sharePanel)),
    server ? button(say("desk.handover"), show(handOverPanel)) : null,
    closed ? button(say("desk.reopen"), show((t) => answerPanel(t, { state: "read" }))) : button(say("desk.close_it"), show((t) => answerPanel(t, { state: "closed" }))),
    server ? button(say("staff.button.recuse"), () => recuse(code, ctx, tools), "danger") : null),
    h("div", { class: "actions paper-actions" }, button(say("desk.print"), () => window.print()), button(say("desk.form"), tools.form))));
  return [choices, panel];
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
