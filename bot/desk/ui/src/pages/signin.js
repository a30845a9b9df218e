// Signing in: the passphrase opens the key on this device, and the key answers the server's challenge.

import { api, fromBase64, toBase64 } from "../api.js";
import { h, replace, focusOn } from "../dom.js";
import { Trouble } from "../errors.js";
import { openChallenge, parseRecoveryCode, proof } from "../seal/index.js";
import { slowly } from "../slow.js";
import { remember, session, store, stored } from "../state.js";
import { busy, card, field, notice, pageHead, paragraphs, waiting } from "../ui.js";
import { say, tag } from "../words.js";
import { languages } from "./language.js";

const tryAgainAfter = 15000; // as often as the desk lets anybody ask
const challengeLives = 90_000; // a little less than the server's two minutes

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  if (session.me) return ctx.go("/inbox");
  ctx.title(say("desk.in"));
  el.classList.add("narrow");
  const kept = stored();
  const why = session.why ? notice("", say(session.why)) : null;
  session.why = "";
  if (session.place.offline) return alone(el, ctx);
  if (kept.pin && session.place.coordinator && kept.pin !== session.place.coordinator) {
    return void replace(el, pageHead(say("desk.in")), notice("bad", ...paragraphs(say("desk.in.pin"))), languages(ctx));
  }
  if (kept.person && kept.device && kept.browser) known(el, ctx, kept, why);
  else stranger(el, ctx, why);
}

/** A browser that was used before asks for the passphrase alone. */
function known(el, ctx, kept, why, begun = null) {
  const pass = passphraseInput("current-password");
  const box = field(say("desk.pass"), pass);
  const wrong = h("p", { class: "wrong", role: "alert" });
  const state = h("p", { class: "hint", role: "status" });
  const submit = h("button", { class: "button main", type: "submit" }, say("desk.in.do"));
  const form = h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      if (!pass.value.trim()) return box.complain(say("desk.pass.missing"));
      box.complain("");
      busy(submit, wrong, async () => {
        state.textContent = say("desk.in.opening");
        try {
          begun = await enter(el, ctx, kept, pass.value, begun);
        } catch (err) {
          begun = err.begun ?? null; // another answer used the challenge up
          if (err.word === "passphrase") { box.complain(say("desk.in.wrong")); pass.select(); return; }
          throw err;
        } finally {
          state.textContent = "";
        }
      });
    },
  }, box, showPassphrase(pass), submit, state, wrong);
  replace(el, pageHead(say("desk.in")), why, card("", facts(kept), form),
    h("div", { class: "row" }, h("button", { type: "button", class: "button quiet", onclick: () => stranger(el, ctx, null) }, say("desk.in.other"))), languages(ctx));
  focusOn(pass);
}

const facts = (kept) => h("p", null, say("desk.in.as", { Person: kept.person }));

/** Signs in, or waits for the coordinator where they have taken this browser's leave back. */
async function enter(el, ctx, kept, passphrase, begun) {
  const got = await unlock(kept, passphrase, begun);
  if (got.wait) return wait(el, ctx, kept);
  remember(got);
  await ctx.signedIn();
  return null;
}

/**
 * Opens the key and answers the challenge: who signed in, or that they have to wait. A challenge that is young enough serves a
 * second try, for which an error carries it as `begun`.
 */
export async function unlock(kept, passphrase, begun) {
  const device = fromBase64(kept.device);
  if (!begun || Date.now() - begun.at > challengeLives) {
    const got = await api.post("/api/enter/begin", { person: kept.person, proof: toBase64(await proof(device)), browser: kept.browser });
    if (got.wait) return { wait: true };
    begun = { ...got, at: Date.now() };
  }
  let secret;
  try {
    secret = await slowly("unwrap", fromBase64(begun.wrapped), passphrase, device);
  } catch (err) {
    throw Object.assign(err, { begun });
  }
  const answer = await openChallenge(secret, fromBase64(begun.challenge));
  const me = await api.post("/api/enter/finish", { id: begun.id, answer: toBase64(answer) });
  if (!stored().pin && session.place.coordinator) store({ pin: session.place.coordinator });
  return { me, secret, device };
}

/**
 * Where pages are served without a server, the key lies in the folder of this machine. The device key beside it is given to no
 * page, so the code on paper is asked for.
 */
function alone(el, ctx) {
  const code = codeInput();
  const pass = passphraseInput("current-password");
  const paper = field(say("desk.code"), code, say("desk.code.hint"));
  const box = field(say("desk.pass"), pass);
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { class: "button main", type: "submit" }, say("desk.file.key"));
  const form = h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      paper.complain(""); box.complain("");
      let device;
      try { device = parseRecoveryCode(code.value); } catch { return paper.complain(say("desk.code.wrong")); }
      if (!pass.value.trim()) return box.complain(say("desk.pass.missing"));
      busy(submit, wrong, async () => {
        const { wrapped } = await api.get("/api/local");
        if (!wrapped) throw new Trouble("desk.file.nokey");
        const secret = await slowly("unwrap", fromBase64(wrapped), pass.value, device);
        remember({ me: { name: "", lang: tag(), idle: 0, confirmed: true }, secret, device });
        await ctx.signedIn();
      });
    },
  }, paper, box, showPassphrase(pass), submit, wrong);
  replace(el, pageHead(say("desk.file")), notice("", say("desk.file.text")), card("", form), languages(ctx));
}

/** A browser that is new here asks who it is, and for the code on paper. */
function stranger(el, ctx, why) {
  const person = h("input", { type: "text", autocomplete: "username", autocapitalize: "none", spellcheck: "false", dir: "ltr" });
  const code = codeInput();
  const who = field(say("desk.in.person"), person, say("desk.in.person.hint"));
  const paper = field(say("desk.code"), code, say("desk.code.hint"));
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { class: "button main", type: "submit" }, say("desk.in.ask"));
  const form = h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      who.complain(""); paper.complain("");
      const id = person.value.trim().toLowerCase();
      let device;
      try { device = parseRecoveryCode(code.value); } catch { return paper.complain(say("desk.code.wrong")); }
      if (!id) return who.complain(say("desk.in.person.hint"));
      const browser = stored().browser ?? toBase64(crypto.getRandomValues(new Uint8Array(32)));
      busy(submit, wrong, () => wait(el, ctx, { person: id, device: toBase64(device), browser }));
    },
  }, who, paper, submit, wrong);
  const back = stored().person ? h("button", { type: "button", class: "button quiet", onclick: () => ctx.redraw() }, say("word.back")) : null;
  replace(el, pageHead(say("desk.in.new")), why, notice("", say("desk.in.new.text")), card("", form), back, languages(ctx));
  focusOn(el.querySelector("h1"));
}

/** Waits until the coordinator has allowed this browser. */
async function wait(el, ctx, kept) {
  const begin = async () => api.post("/api/enter/begin", { person: kept.person, proof: toBase64(await proof(fromBase64(kept.device))), browser: kept.browser });
  let got = await begin();
  if (!got.wait) return welcome(el, ctx, kept, got);
  replace(el, pageHead(say("desk.wait")), card("", paragraphs(say("desk.wait.digits")),
    h("p", { class: "digits code", dir: "ltr" }, got.wait.replace(/(\d{3})(\d{3})/, "$1 $2")),
    h("p", { class: "hint" }, say("desk.wait.open"))), waiting(1));
  focusOn(el.querySelector("h1"));
  const look = async () => {
    if (ctx.signal.aborted || !el.isConnected) return;
    if (document.visibilityState === "visible") {
      try {
        got = await begin();
        if (!got.wait) return welcome(el, ctx, kept, got);
      } catch { /* asked again */ }
    }
    setTimeout(look, tryAgainAfter);
  };
  setTimeout(look, tryAgainAfter);
}

function welcome(el, ctx, kept, got) {
  store({ ...kept, pin: session.place.coordinator });
  known(el, ctx, kept, notice("good", say("desk.wait.allowed")), { ...got, at: Date.now() });
}

const codeInput = () => h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", dir: "ltr", class: "code" });

/** A field for a passphrase; to paste and to fill in from a keeper of passwords is welcome. */
export function passphraseInput(autocomplete) {
  return h("input", { type: "password", autocomplete, autocapitalize: "none", spellcheck: "false", dir: "auto" });
}

/** A box that shows what is typed in fields for passphrases. */
export function showPassphrase(...inputs) {
  const id = `${inputs[0].id}-show`;
  return h("div", { class: "choice" },
    h("input", { type: "checkbox", id, onchange: (e) => { for (const i of inputs) i.type = e.target.checked ? "text" : "password"; } }),
    h("label", { for: id }, say("desk.pass.show")));
}
