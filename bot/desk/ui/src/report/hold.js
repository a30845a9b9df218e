// Keeping a report beyond its time, for one of a few reasons, and ending that. Where nobody keeps it, it goes with its month.

import { api } from "../api.js";
import { h } from "../dom.js";
import { busy, button, card, dialog, doing, radios } from "../ui.js";
import { label, say } from "../words.js";

/** @typedef {{held: boolean, reason: string, reasons: string[]}} Hold */

const path = (code) => `/api/report/${encodeURIComponent(code)}/hold`;

/** Whether a report is kept, by the server's word; null if it does not say. @returns {Promise<Hold|null>} */
export const holdOf = (code, signal) => api.get(path(code), signal).catch(() => null);

/**
 * Keeps a report for a reason, or no longer where there is none, and gives what is true after it: a colleague may have been
 * first, and then it is their reason that counts.
 * @returns {Promise<Hold>}
 */
export async function setHold(code, reason, signal) {
  await api.post(path(code), { reason });
  return api.get(path(code), signal);
}

/** The words of what can be done about it; "" for nothing. @param {Hold|null} hold */
export const holdDeed = (hold) => (!hold ? "" : hold.held ? "desk.hold.lift" : "desk.hold");

/** Why it is kept. A reason that cannot be read hides nothing. @param {Hold} hold */
export const whyHeld = (hold) => (hold.reason ? label("desk.hold.", hold.reason) : "–");

/** @param {any} tools */
export function holdPanel(tools) {
  const { shown, ctx } = tools;
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { type: "submit", class: "button main" }, say("desk.hold"));
  const why = radios(say("desk.hold.why"), shown.hold.reasons.map((r) => [r, label("desk.hold.", r)]), "", () => { wrong.textContent = ""; });
  return card(say("desk.hold"), h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      if (!why.value()) { wrong.textContent = say("desk.hold.why"); return; }
      busy(submit, wrong, async () => {
        const hold = await setHold(shown.code, why.value(), ctx.signal);
        await tools.done(say("desk.hold.held"), { ...shown, hold });
      });
    },
  }, why, h("div", { class: "actions" }, submit, button(say("desk.cancel"), () => tools.end())), wrong));
}

/** Asks once: what is no longer kept may be gone with its month. @param {any} tools */
export async function lift(tools) {
  const { shown, ctx } = tools;
  const d = dialog(say("desk.hold.lift"), (close) => [
    h("p", null, say("desk.hold.held")),
    h("p", { class: "soft" }, whyHeld(shown.hold)),
    h("div", { class: "actions" },
      doing(say("desk.hold.lift"), async () => close(await setHold(shown.code, "", ctx.signal)), "danger"),
      button(say("desk.cancel"), () => close())),
  ], { alert: true });
  const hold = await d.done;
  if (hold) await tools.done("", { ...shown, hold });
}
