// What one can change about oneself: the language, the sign-ins, and the recovery code once more.

import { api } from "../api.js";
import { h, replace } from "../dom.js";
import { recoveryCode } from "../seal/index.js";
import { orgOf, roleOf } from "../labels.js";
import { session } from "../state.js";
import { ask, badge, button, card, doing, facts, linkButton, pageHead, paragraphs } from "../ui.js";
import { say } from "../words.js";
import { codeSheet, fingerprintOf } from "./join.js";
import { standsBy } from "./inbox.js";
import { languages } from "./language.js";
import { proof } from "./proof.js";

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  const { me, device } = session;
  ctx.title(say("desk.me"));
  const code = h("div", { class: "stack" });
  const show = button(say("desk.me.code"), () => {
    replace(code, codeSheet(recoveryCode(device).split("-"), { name: me.name, person: me.person }),
      h("div", { class: "actions no-print" }, button(say("desk.print"), () => window.print()), button(say("desk.hide"), () => replace(code, show))));
  });
  if (device) replace(code, show);
  replace(el,
    pageHead(me.name),
    card("", facts([
      [say("desk.me.person"), me.person],
      [say("desk.org"), orgOf(me.org)],
      [say("desk.role"), me.role ? roleOf(me.role) : ""],
    ]), standsBy(me) ? h("p", null, say("desk.inbox.by")) : null),
    me.proves ? proof(me) : null,
    card(say("desk.key"), fingerprintOf(me.fingerprint), h("p", null, me.confirmed ? badge(say("desk.key.confirmed"), "good") : badge(say("desk.key.waiting"), "warn")), code),
    card("", languages(ctx, async (lang) => { await api.post("/api/me", { lang }); me.lang = lang; })),
    card(say("desk.leave"),
      h("div", { class: "actions" },
        doing(say("desk.leave"), () => ctx.leave(), "main"),
        doing(say("desk.leave.everywhere"), async () => {
          if (await ask(say("desk.leave.everywhere"), say("desk.leave.everywhere.ask"), say("desk.leave.everywhere"), say("desk.cancel"))) await ctx.leave({ everywhere: true });
        }))),
    card(say("desk.file"), paragraphs(say("desk.file.text")), h("div", { class: "actions" }, linkButton(say("desk.file.open"), "#/file"))));
}
