// Numbers of what the reader may see, each as a picture with the same as a table beside it.

import { api } from "../api.js";
import { chart } from "../chart.js";
import { h, replace } from "../dom.js";
import { button, card, fill, notice, pageHead } from "../ui.js";
import { say } from "../words.js";

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  ctx.title(say("desk.nav.numbers"));
  const body = h("div", { class: "stack" });
  replace(el, pageHead(say("desk.nav.numbers"), button(say("desk.print"), () => window.print())), h("p", { class: "soft" }, say("desk.numbers.intro")), body);
  await fill(body, () => api.get("/api/numbers", ctx.signal), ({ tables, charts, few }) => {
    const drawn = new Map(charts.map((c) => [c.id, chart(c.svg)]));
    return [
      few ? notice("", say("desk.numbers.toofew")) : null,
      tables.map((t) => card(t.title, h("div", { class: "numbers" },
        drawn.get(t.id) ? h("figure", { class: "chart" }, drawn.get(t.id)) : null,
        counts(t)))),
    ];
  });
}

/** A table that stays one where it is narrow, since it is read down as well as across. */
const counts = (t) => h("table", { class: "counts" }, h("caption", { class: "hidden-text" }, t.title),
  h("thead", null, h("tr", null, t.columns.map((c) => h("th", { scope: "col" }, c)))),
  h("tbody", null, t.rows.map(([what, ...numbers]) => h("tr", null, h("th", { scope: "row" }, what), numbers.map((n) => h("td", null, n))))));
