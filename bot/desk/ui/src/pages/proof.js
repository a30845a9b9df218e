// The digits that came by mail or elsewhere: whoever has signed in brings them back, and is told of reports there from then on.

import { api } from "../api.js";
import { h } from "../dom.js";
import { card, doing, field, paragraphs } from "../ui.js";
import { say } from "../words.js";

/** @param {any} me whoever has signed in */
export function proof(me) {
  const digits = h("input", { type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 12, dir: "ltr" });
  const asked = field(say("desk.proof.text"), digits);
  const el = card(say("desk.proof"), asked,
    h("div", { class: "actions" }, doing(say("desk.proof.enter"), async () => {
      const { not } = await api.post("/api/proof", { digits: digits.value });
      if (not === "wrong") { asked.complain(say("desk.proof.wrong")); return; }
      me.proves = false;
      el.replaceWith(card(say("desk.proof"), paragraphs(say(not ? "desk.proof.none" : "desk.proof.done"))));
    }, "main")));
  return el;
}
