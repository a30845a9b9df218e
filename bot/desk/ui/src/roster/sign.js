// What waits for the coordinator's signature: keys that are compared by voice, one by one, and the list that is then signed.

import { api } from "../api.js";
import { announce, focusOn, h, replace, toast } from "../dom.js";
import { explain } from "../errors.js";
import { fingerprintOf } from "../pages/join.js";
import { signRoster } from "../seal/index.js";
import { coordinator, session } from "../state.js";
import { badge, busy, button, card, check, facts, notice, paragraphs, radios } from "../ui.js";
import { say } from "../words.js";
import { aboutList, asks, choiceOf, left, look, note, saidOf, shown, waiting } from "./decide.js";
import { doesOf, pairsOf } from "./people.js";
import { keepSigned, lastSigned, withSigner } from "./signer.js";

/**
 * @param {object} proposal as the server lists it
 * @param {import("./decide.js").Decided} decided stays while the page does
 * @param {(id: string) => string} nameOf @param {() => Promise<void>} done draws the page anew
 */
export function signPanel(proposal, decided, nameOf, done) {
  const body = h("div", { class: "stack" });
  const panel = card(say("desk.sign"), body);
  let signed = null; // what was signed and did not arrive, as long as nothing else was decided
  const draw = () => { signed = null; replace(body, content()); };
  const drawAt = (id) => { draw(); focusOn(body.querySelector(`[data-id="${CSS.escape(id)}"] h3`) ?? panel.querySelector("h2")); };

  function content() {
    if (!asks(proposal, decided)) return h("p", { class: "soft" }, say("desk.sign.none"));
    let seen;
    try {
      seen = look(proposal, coordinator(), decided, lastSigned());
    } catch (err) {
      return notice("bad", aboutList(err) ? say("desk.sign.untrue") : explain(err));
    }
    if (seen.stopped || decided.older) {
      const known = check(say("desk.sign.older.known"), (on) => { decided.older = on; draw(); focusOn(panel.querySelector("input")); }, decided.older);
      const told = notice("bad", ...paragraphs(say("desk.sign.older", { Version: seen.last, Server: seen.inForce })), known);
      if (seen.stopped) return told;
      return [told, decide(seen)];
    }
    return decide(seen);
  }

  function decide(seen) {
    const rows = shown(seen);
    const status = h("p", { class: "soft", role: "status" });
    const wrong = h("p", { class: "wrong", role: "alert" });
    const submit = button(say("desk.sign.do"), () => {
      const open = left(seen, decided);
      if (open.length) {
        wrong.textContent = say("desk.sign.left");
        return focusOn(body.querySelector(`[data-id="${CSS.escape(open[0])}"] input`));
      }
      busy(submit, wrong, () => sign(seen));
    }, "main");
    const count = () => { status.textContent = say("desk.sign.count", { Count: left(seen, decided).length }); wrong.textContent = ""; };
    count();
    const since = { unremembered: "desk.sign.unremembered", elsewhere: "desk.sign.elsewhere", other: "desk.sign.elsewhere" }[seen.since];
    return [
      seen.held ? notice("warn", ...paragraphs(say("staff.held")), ...paragraphs(say("desk.sign.held"))) : null,
      since ? notice("warn", ...paragraphs(say(since, { Version: seen.inForce }))) : null,
      seen.compare ? h("p", null, say("desk.sign.compare")) : null,
      h("ul", { class: "plain stack" }, rows.map((r) => row(r, count))),
      seen.compare ? status : null, wrong,
      h("div", { class: "actions" }, submit),
    ];
  }

  /** One entry: what becomes of it, what it was, the digits to compare, and what is decided. */
  function row(r, count) {
    const { id } = r.entry;
    const waits = waiting(proposal).includes(id);
    const tone = { revoked: "bad", refused: "bad", removed: "", stays: "", out: "" }[r.word] ?? "warn";
    const decide = (word) => { signed = null; note(decided, r.entry, word); count(); };
    return h("li", { class: "entry", "data-id": id },
      h("div", { class: "line-head" }, h("h3", null, h("bdi", null, r.entry.name)), badge(say(`desk.sign.word.${r.word === "refused" ? "revoked" : r.word}`), tone)),
      h("p", { class: "soft" }, doesOf(r.entry)),
      facts(pairsOf(r.entry, nameOf)),
      ["revoked", "removed", "out"].includes(r.word) ? null : fingerprintOf(r.fingerprint),
      r.before ? h("details", null, h("summary", null, say("desk.sign.before")),
        h("div", { class: "stack tight" }, h("p", null, `${r.before.name} · ${doesOf(r.before)}`), facts(pairsOf(r.before, nameOf)), r.beforeFingerprint ? fingerprintOf(r.beforeFingerprint) : null)) : null,
      r.compare ? radios(say("desk.sign.heard", { Name: r.entry.name }), [
        ["same", say("desk.sign.same")],
        waits ? ["refuse", say("desk.sign.refuse")] : ["revoke", say("desk.revoke")],
      ], decided.revoke.has(id) ? "revoke" : saidOf(decided, r.entry), (word) => {
        if (word === "revoke") { decided.revoke.add(id); drawAt(id); } else decide(word);
      }) : null,
      r.word === "changes" && waits ? check(say("desk.sign.refuse"), (on) => decide(on ? "refuse" : ""), saidOf(decided, r.entry) === "refuse") : null,
      decided.revoke.has(id) ? button(say("desk.sign.keep"), () => { decided.revoke.delete(id); drawAt(id); }) : null,
      r.word === "out" || decided.remove.has(id) ? check(say("desk.sign.remove"), (on) => { if (on) decided.remove.add(id); else decided.remove.delete(id); drawAt(id); }, decided.remove.has(id)) : null);
  }

  /** Signs, keeps what was signed, and only then sends it. What did not arrive is sent again as it is. */
  async function sign(seen) {
    if (!signed && !(await withSigner(async (seed) => { signed = signRoster(proposal, seed, choiceOf(proposal, decided, seen.known)); keepSigned(signed); }))) return;
    await api.post("/api/roster", signed);
    signed = null;
    decided.said.clear(); decided.revoke.clear(); decided.remove.clear(); decided.older = false;
    session.me = await api.get("/api/me");
    await done();
    toast(say("desk.sign.done"));
    announce(say("desk.sign.done"));
  }

  draw();
  return Object.assign(panel, { draw });
}
