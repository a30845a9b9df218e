// One report: opened here, shown, and what can be done about it.

import { api } from "../api.js";
import { h, replace, announce, focusOn, toast } from "../dom.js";
import { explain, isLie } from "../errors.js";
import { button, doing, linkButton, notice, pageHead, problem, waiting } from "../ui.js";
import { say } from "../words.js";
import { actions } from "../report/actions.js";
import { close, openCode, standing } from "../report/open.js";
import { referralForm } from "../report/form.js";
import { answers, consents, head, nextSaid, paperWarning, promised, readers, stands, stateOf, thread, words } from "../report/view.js";
import { watchPrinting } from "../report/left.js";
import { trail } from "../report/trail.js";

/** @param {HTMLElement} el @param {{code: string}} params @param {any} ctx */
export async function page(el, { code }, ctx) {
  ctx.title(say("desk.nav.reports"));
  await get(el, code, ctx);
}

async function get(el, code, ctx, confirmed = 0) {
  replace(el, pageHead(say("open.head", { Code: code })), waiting(6));
  let shown;
  try {
    shown = await openCode(code, ctx.signal, confirmed);
  } catch (err) {
    if (err.name === "AbortError") throw err;
    const older = err.word === "roster_older" ? button(say("desk.error.older.ok", { Number: err.about.version }), () => get(el, code, ctx, err.about.version)) : null;
    const told = older ? notice("bad", explain(err), older) : isLie(err) ? notice("bad", explain(err)) : err.word === "unknown" ? notice("", explain(err)) : problem(err, () => ctx.redraw());
    replace(el, pageHead(say("open.head", { Code: code })), told, h("div", { class: "actions" }, linkButton(say("desk.nav.reports"), "#/inbox")));
    return;
  }
  if (ctx.signal.aborted) return close(shown);
  draw(el, shown, ctx);
}

/** Draws an opened report, from the server or from a file. */
export function draw(el, shown, ctx) {
  shown.signal = ctx.signal;
  ctx.signal.addEventListener("abort", () => close(shown)); // also when everything is forgotten
  watchPrinting(shown, ctx.signal);
  ctx.guard(null);
  const { code, opened, server } = shown;
  el.classList.add("two");
  // Each opening is noted in the audit chain, so what is at hand is shown again where nothing new can have come.
  const again = async (text, anew = null) => {
    if (anew) {
      draw(el, anew, ctx);
      window.scrollTo(0, 0);
      focusOn(el.querySelector("h1"));
    } else {
      await ctx.redraw();
    }
    if (text) { announce(text); toast(text); }
  };
  const acknowledge = server && stateOf(shown) === "received"
    ? doing(say("staff.button.acknowledge"), async () => {
      const got = await api.post(`/api/report/${encodeURIComponent(code)}/acknowledge`);
      const now = { ...shown, ...(await standing(code, ctx.signal)) };
      const text = [say(got.again ? "staff.ack.already" : "staff.ack.ok", { Code: code }), nextSaid(now)].filter(Boolean).join(" ");
      if (!el.querySelector(".panel:not(:empty)")) return again(text, now);
      // Somebody writes already: nothing of that is drawn away.
      Object.assign(shown, now);
      el.querySelector(".stands").closest("section").replaceWith(stands(shown));
      acknowledge.remove();
      announce(text);
      toast(text);
    }, "main") : null;
  replace(el,
    pageHead(say("open.head", { Code: code }), acknowledge),
    shown.cut ? h("div", { class: "across" }, notice("bad", say("desk.trail.broken"))) : null,
    opened.firstForged ? h("div", { class: "across" }, notice("bad", say("open.unverified"))) : null,
    h("div", { class: "stack" },
      paperWarning(), stands(shown), head(shown), answers(shown), words(shown), consents(shown), promised(shown), thread(shown),
      actions(shown, ctx, again, () => form(el, shown, ctx))),
    h("div", { class: "aside stack" }, readers(shown), server ? trail(code, ctx) : null));
}

/** The form on paper takes the place of the report, and gives it back. */
function form(el, shown, ctx) {
  el.classList.remove("two");
  replace(el, referralForm(shown, () => { draw(el, shown, ctx); focusOn(el.querySelector("h1")); }));
  focusOn(el.querySelector("h1"));
  window.scrollTo(0, 0);
}
