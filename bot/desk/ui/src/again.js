// Signing in again over words that were not sent. The server may forget a session long before its owner is done: its program was
// replaced, or another machine serves now. Whoever has written something keeps it, behind a question for the passphrase, and
// sends it when they are in again. Without the passphrase nothing of it comes back into sight, and the watch for idleness goes on.

import { h } from "./dom.js";
import { explain } from "./errors.js";
import { passphraseInput, showPassphrase, unlock } from "./pages/signin.js";
import { remember, session, stored } from "./state.js";
import { busy, button, dialog, field, notice } from "./ui.js";
import { say } from "./words.js";

let asking = false;

/** Says whether the question stands there: what is asked of the server meanwhile is refused, and means nothing new. */
export const signingInAgain = () => asking;

/**
 * Hides an element until its owner has signed in again; true then, and false where they leave, or are not let in.
 * @param {HTMLElement} hidden
 */
export async function signInAgain(hidden) {
  const kept = stored();
  if (!kept.device || kept.person !== session.me.person) return false; // somebody else signed in here, in another window
  asking = true;
  hidden.hidden = true;
  let begun = null;
  const d = dialog(say("desk.in"), (close) => {
    const pass = passphraseInput("current-password");
    const box = field(say("desk.pass"), pass);
    const wrong = h("p", { class: "wrong", role: "alert" });
    const submit = h("button", { class: "button main", type: "submit" }, say("desk.in.do"));
    return [notice("", say("desk.error.sign_in")), h("form", {
      class: "form",
      onsubmit: (e) => {
        e.preventDefault();
        if (!pass.value.trim()) return box.complain(say("desk.pass.missing"));
        box.complain("");
        busy(submit, wrong, async () => {
          try {
            const got = await unlock(kept, pass.value, begun);
            if (!session.me) return; // who sat still for too long was signed out meanwhile
            if (got.wait) return close("out"); // the coordinator does not let this browser in any more
            remember(got);
            close("in");
          } catch (err) {
            begun = err.begun ?? null;
            if (err.word === "passphrase") { box.complain(explain(err)); pass.select(); return; }
            throw err;
          }
        });
      },
    }, box, showPassphrase(pass), h("div", { class: "actions" }, submit, button(say("desk.leave"), () => close("out"))), wrong)];
  }, { alert: true });
  d.el.addEventListener("cancel", (e) => e.preventDefault()); // no key loses the words
  const how = await d.done;
  asking = false;
  hidden.hidden = false;
  for (const p of hidden.querySelectorAll(".wrong")) if (p.textContent === say("desk.error.sign_in")) p.textContent = "";
  return how === "in";
}
