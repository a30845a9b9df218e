// The mission's own record: who did what, on which day. It names no report.

import { api } from "../api.js";
import { focusOn, h, replace } from "../dom.js";
import { doerOf, doneOf } from "../labels.js";
import { plain } from "../seal/text.js";
import { badge, button, fill, notice, pageHead, table } from "../ui.js";
import { date, say } from "../words.js";

const size = 100; // lines of a page, as the server has them

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  ctx.title(say("desk.nav.record"));
  const body = h("div", { class: "stack" });
  replace(el, pageHead(say("desk.nav.record")), h("p", { class: "soft" }, say("desk.record.intro")), body);
  let at = 0;
  const show = () => fill(body, () => api.get(`/api/audit?page=${at}`, ctx.signal), draw);
  const turn = (by) => async () => {
    at += by;
    await show();
    focusOn(el.querySelector("h1"));
    window.scrollTo(0, 0);
  };

  function draw({ entries, whole, total }) {
    if (!whole) return notice("bad", say("desk.trail.broken"));
    const names = [say("desk.trail.day"), say("desk.trail.who"), say("desk.trail.did")];
    const lines = table(say("desk.nav.record"), names, entries.map((e) => [date(e.day), h("bdi", null, plain(doerOf(e.who, e.name))), what(e)]));
    lines.caption.classList.add("hidden-text"); // the head of the page says the same
    return [
      h("p", null, badge(say("desk.trail.whole"), "good")),
      lines,
      total > size ? h("div", { class: "actions" },
        at > 0 ? button(say("word.back"), turn(-1)) : null,
        (at + 1) * size < total ? button(say("word.more"), turn(1)) : null) : null,
    ];
  }
  await show();
}

/** What was done, and with whom if that is somebody else. */
function what(e) {
  const whom = e.whom && e.whom !== e.who ? plain(e.whomName || e.whom) : "";
  return h("span", null, doneOf(e.did), whom ? [": ", h("bdi", null, whom)] : null);
}
