// Who did what to a report, from its own audit chain. It is asked for, not shown at once: to look is noted as well.

import { api } from "../api.js";
import { h } from "../dom.js";
import { didOf, doerOf } from "../labels.js";
import { badge, button, card, fill, notice } from "../ui.js";
import { date, say } from "../words.js";

/** @param {string} code @param {any} ctx */
export function trail(code, ctx) {
  const body = h("div", null, button(say("desk.trail.show"), () => fill(body, () => api.get(`/api/report/${encodeURIComponent(code)}/trail`, ctx.signal), draw)));
  return h("div", { class: "no-print" }, card(say("desk.trail"), body));
}

function draw({ entries, whole }) {
  if (!whole) return notice("bad", say("desk.trail.broken"));
  return [
    h("p", null, badge(say("desk.trail.whole"), "good")),
    h("ol", { class: "trail", role: "list" }, entries.map((e) => h("li", null,
      h("p", null, h("bdi", null, doerOf(e.who, e.name)), ": ", didOf(e.did), e.whom && e.whom !== e.who ? [" – ", h("bdi", null, e.whomName || e.whom)] : null),
      h("p", { class: "soft small" }, date(e.day))))),
  ];
}
