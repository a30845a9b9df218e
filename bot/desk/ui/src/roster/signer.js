// The coordinator's signing key: it is opened in this page for one signature, and forgotten.

import { fromBase64, toBase64 } from "../api.js";
import { h, newID, replace } from "../dom.js";
import { coordinatorPublicOf, parseCoordinatorSecret, parseRecoveryCode } from "../seal/index.js";
import { passphraseInput, showPassphrase } from "../pages/signin.js";
import { slowly } from "../slow.js";
import { coordinator, store, stored } from "../state.js";
import { busy, button, check, dialog, field, notice, paragraphs } from "../ui.js";
import { say } from "../words.js";

const mostBytes = 64 << 10;

/**
 * What was signed last with this browser.
 * @returns {{statement: string, signature: string}|null}
 */
export const lastSigned = () => stored().last ?? null;

/** Keeps what was signed, before it goes anywhere: a server that then shows an older list is found out. */
export const keepSigned = ({ statement, signature }) => store({ last: { statement, signature } });

/** Reads chosen files: the locked key, the device key beside it, or a key that has no lock. */
export async function readKeyFiles(files) {
  const found = { wrapped: null, device: null, seed: null };
  for (const f of files) {
    if (f.size > mostBytes) continue;
    const bytes = new Uint8Array(await f.arrayBuffer());
    const text = new TextDecoder().decode(bytes).trim();
    const plain = attempt(() => parseCoordinatorSecret(text));
    const device = plain ? null : attempt(() => parseRecoveryCode(text));
    if (plain) found.seed = plain;
    else if (device) found.device = device;
    else found.wrapped = bytes;
  }
  return found;
}

function attempt(f) {
  try { return f(); } catch { return null; }
}

/**
 * Asks for the key, and gives it to work. It is wiped when that is done, whatever came of it.
 * @param {(seed: Uint8Array) => Promise<void>} work
 * @returns {Promise<boolean>} whether it was done
 */
export async function withSigner(work) {
  return (await dialog(say("desk.signer"), (close) => form(work, close, stored().signer ?? null)).done) === true;
}

function form(work, close, kept) {
  const body = h("div", { class: "stack" });
  const file = h("input", { type: "file", multiple: true, id: newID("file") });
  const box = field(say("desk.signer.file"), file, say("desk.signer.file.hint"));
  const pass = passphraseInput("current-password");
  const passBox = field(say("desk.pass"), pass);
  const code = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", dir: "ltr", class: "code" });
  const codeBox = field(say("desk.code"), code, say("desk.signer.code.hint"));
  let keep = false;
  const wrong = h("p", { class: "wrong", role: "alert" });
  const state = h("p", { class: "hint", role: "status" });
  const submit = h("button", { type: "submit", class: "button main" }, say("desk.sign.do"));

  /** Opens the key, or says at the field what is missing. */
  const open = async () => {
    for (const b of [box, passBox, codeBox]) b.complain("");
    let from = kept ? { wrapped: fromBase64(kept.wrapped), device: fromBase64(kept.device), seed: null } : await readKeyFiles(file.files);
    if (from.seed) return { seed: from.seed };
    if (!from.wrapped) return void box.complain(say("desk.fill"));
    if (!pass.value.trim()) return void passBox.complain(say("desk.pass.missing"));
    if (!kept && code.value.trim()) {
      const device = attempt(() => parseRecoveryCode(code.value));
      if (!device) return void codeBox.complain(say("desk.code.wrong"));
      from = { ...from, device };
    }
    if (!from.device) return void codeBox.complain(say("desk.signer.code.hint"));
    state.textContent = say("desk.in.opening");
    try {
      return { seed: await slowly("unwrapCoordinator", from.wrapped, pass.value, from.device), from };
    } catch (err) {
      if (err.word !== "passphrase") throw err;
      passBox.complain(say("desk.in.wrong"));
    } finally {
      state.textContent = "";
    }
  };

  const go = async () => {
    const opened = await open();
    if (!opened) return;
    const { seed, from } = opened;
    try {
      if (coordinatorPublicOf(seed) !== coordinator()) return void box.complain(say("desk.signer.other"));
      if (keep && from) store({ signer: { wrapped: toBase64(from.wrapped), device: toBase64(from.device) } });
      await work(seed);
    } finally {
      seed.fill(0);
      pass.value = "";
    }
    close(true);
  };

  replace(body, paragraphs(say("desk.signer.text")), h("form", {
    class: "form",
    onsubmit: (e) => { e.preventDefault(); busy(submit, wrong, go); },
  },
  kept ? notice("", say("desk.signer.kept")) : box, passBox, showPassphrase(pass), kept ? null : codeBox,
  kept ? null : check(say("desk.signer.keep"), (on) => { keep = on; }),
  state, wrong,
  h("div", { class: "actions" }, submit, button(say("desk.cancel"), () => close()),
    kept ? button(say("desk.signer.another"), () => { store({ signer: undefined }); replace(body, form(work, close, null)); }, "quiet") : null)));
  return body;
}
