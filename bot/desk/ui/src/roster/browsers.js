// Browsers that wait until the coordinator has heard their digits.

import { api } from "../api.js";
import { announce, focusOn, h, replace } from "../dom.js";
import { plain } from "../seal/text.js";
import { card, doing } from "../ui.js";
import { date, say } from "../words.js";

const every = 15_000;

/** @param {any[]} waiting @param {any} ctx */
export function browsersPanel(waiting, ctx) {
  const body = h("div", { class: "stack" });
  const panel = card(say("desk.browsers"), body);
  let seen = "";
  const draw = (list) => {
    const now = JSON.stringify(list);
    if (now === seen) return; // what is being read stays as it is
    seen = now;
    panel.hidden = list.length === 0;
    replace(body, h("p", null, say("desk.browsers.text")), h("ul", { class: "plain stack" }, list.map((b) => h("li", { class: "entry" },
      h("div", { class: "line-head" }, h("h3", null, h("bdi", null, plain(b.name))), h("span", { class: "soft" }, date(b.day))),
      h("p", { class: "digits code", dir: "ltr" }, b.digits.replace(/(\d{3})(\d{3})/, "$1 $2")),
      h("div", { class: "actions" }, doing(say("desk.allow"), () => answer(b, true), "main"), doing(say("desk.sign.refuse"), () => answer(b, false)))))));
  };
  const load = async () => draw((await api.get("/api/roster", ctx.signal)).browsers ?? []);
  const answer = async (b, allow) => {
    await api.post("/api/roster/browser", { id: b.id, allow });
    await load();
    announce(say("word.done"));
    focusOn(panel.hidden ? document.querySelector("main h1") : panel.querySelector("h2"));
  };
  const again = async () => {
    if (ctx.signal.aborted || !panel.isConnected) return;
    if (document.visibilityState === "visible") await load().catch(() => {}); // the next time, then
    setTimeout(again, every);
  };
  setTimeout(again, every);
  draw(waiting);
  return panel;
}
