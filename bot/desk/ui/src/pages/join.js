// Joining: an invitation is followed, a key is made in the browser, its recovery code goes onto paper, and the coordinator
// compares a fingerprint by voice.

import { api } from "../api.js";
import { h, replace, focusOn } from "../dom.js";
import { deviceKey, enrolment, fingerprint, newIdentity, proof, recoveryCode } from "../seal/index.js";
import { slowly } from "../slow.js";
import { session } from "../state.js";
import { busy, button, card, field, linkButton, notice, pageHead, paragraphs } from "../ui.js";
import { load, say } from "../words.js";
import { bring } from "./bring.js";
import { languages } from "./language.js";
import { passphraseInput, showPassphrase } from "./signin.js";

const least = 12; // characters, as for "amana keys new"

/** @param {HTMLElement} el @param {{word: string}} params @param {any} ctx */
export async function page(el, { word }, ctx) {
  ctx.title(say("desk.join"));
  el.classList.add("narrow");
  const guest = await api.post("/api/enter/invitation", { word });
  if (!session.spoken && guest.lang && session.place.languages.some((l) => l.tag === guest.lang)) await load(guest.lang);
  session.spoken = true; // a language that is chosen on this page stays
  passphrase(el, ctx, { word, guest });
}

function passphrase(el, ctx, joining) {
  const { guest } = joining;
  const first = passphraseInput("new-password");
  const again = passphraseInput("new-password");
  const one = field(say("desk.pass.new"), first, say("desk.pass.hint"));
  const two = field(say("desk.pass.again"), again);
  const wrong = h("p", { class: "wrong", role: "alert" });
  const state = h("p", { class: "hint", role: "status" });
  const submit = h("button", { class: "button main", type: "submit" }, say("desk.join.make"));
  const form = h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      one.complain(""); two.complain("");
      if ([...first.value].length < least) return one.complain(say("desk.pass.short"));
      if (first.value !== again.value) return two.complain(say("desk.pass.differ"));
      busy(submit, wrong, async () => {
        state.textContent = say("desk.join.making");
        try {
          await make(joining, first.value);
        } finally {
          state.textContent = "";
        }
        if (el.isConnected) paper(el, ctx, joining);
      });
    },
  }, one, two, showPassphrase(first, again), submit, state, wrong);
  replace(el, pageHead(say("desk.join.hello", { Name: guest.name })), card("", paragraphs(say("desk.join.text"))), card(say("desk.join.pass"), form), languages(ctx));
  focusOn(el.querySelector("h1"));
}

/** Makes the key and wraps it; nothing leaves the page yet. */
async function make(joining, pass) {
  const id = await newIdentity();
  joining.device = deviceKey();
  joining.public = id.public;
  const wrapped = await slowly("wrap", id.secret, pass, joining.device);
  joining.file = await enrolment(id.public, wrapped);
}

/** Shows the recovery code, and asks for a part of it from the paper. */
function paper(el, ctx, joining) {
  const groups = recoveryCode(joining.device).split("-");
  const asked = crypto.getRandomValues(new Uint8Array(1))[0] % groups.length;
  const typed = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", dir: "ltr", class: "code", maxlength: 8 });
  const box = field(say("desk.paper.type", { Number: asked + 1 }), typed);
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { class: "button main", type: "submit" }, say("desk.paper.kept"));
  const sheet = codeSheet(groups, joining.guest);
  const form = h("form", {
    class: "form no-print",
    onsubmit: (e) => {
      e.preventDefault();
      box.complain("");
      if (tidy(typed.value) !== groups[asked]) return box.complain(say("desk.paper.wrong", { Number: asked + 1 }));
      busy(submit, wrong, async () => {
        await bring(joining, await proof(joining.device));
        if (el.isConnected) done(el, ctx, joining);
      });
    },
  }, box, submit, wrong);
  replace(el, h("div", { class: "no-print" }, pageHead(say("desk.paper"))), sheet, h("div", { class: "actions no-print" }, button(say("desk.print"), () => window.print())), card("", form));
  focusOn(el.querySelector("h1"));
}

const tidy = (s) => s.toUpperCase().replace(/[\s-]/g, "").replace(/[018]/g, (c) => ({ 0: "O", 1: "I", 8: "B" })[c]);

/** The recovery code in its groups, with what it is for: on the page, and on paper. */
export function codeSheet(groups, { name, person }) {
  return h("section", { class: "card sheet" },
    h("h2", { class: "print-only" }, say("desk.paper")),
    paragraphs(say("desk.paper.text")),
    h("ol", { class: "groups", dir: "ltr" }, groups.map((g) => h("li", { class: "code" }, g))),
    person ? h("p", null, say("desk.in.as", { Person: person })) : null,
    h("p", { class: "soft" }, say("desk.paper.safe")));
}

/** Shows what the coordinator will compare. */
async function done(el, ctx, joining) {
  const digits = await fingerprint(joining.public);
  replace(el, pageHead(say("desk.joined")),
    joining.kept ? null : notice("warn", say("desk.joined.nothing_kept")),
    card("", paragraphs(say("desk.joined.text")), fingerprintOf(digits)),
    h("div", { class: "actions" }, linkButton(say("desk.in"), "#/in", "main")));
  focusOn(el.querySelector("h1"));
}

/** A fingerprint in groups that can be read out. */
export const fingerprintOf = (digits) => h("p", { class: "digits code", dir: "ltr" }, digits);
