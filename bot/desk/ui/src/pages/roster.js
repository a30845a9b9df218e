// Who reads, for everybody of the list to look at; and for the coordinator what is done about it.

import { api } from "../api.js";
import { announce, focusOn, h, replace } from "../dom.js";
import { undecided } from "../roster/decide.js";
import { browsersPanel } from "../roster/browsers.js";
import { invitePanel } from "../roster/invite.js";
import { person, signedList } from "../roster/people.js";
import { labelsWarning } from "../report/view.js";
import { signPanel } from "../roster/sign.js";
import { plain } from "../seal/text.js";
import { coordinator, session, whenForgotten } from "../state.js";
import { ask, badge, linkButton, notice, pageHead, problem, waiting } from "../ui.js";
import { say } from "../words.js";

// What was decided stays while one looks at something else.
let decided = undecided();
whenForgotten(() => { decided = undecided(); });

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  ctx.title(say("desk.nav.roster"));
  const head = pageHead(say("desk.nav.roster"), linkButton(say("desk.me"), "#/me"));
  const body = h("div", { class: "stack" }, waiting(4));
  replace(el, head, body);

  async function load() {
    try {
      replace(body, draw(await api.get("/api/roster", ctx.signal)));
    } catch (err) {
      if (err.name === "AbortError") throw err;
      replace(body, problem(err, load));
    }
  }

  function draw(got) {
    const signed = signedList(got, coordinator());
    const entries = signed?.true ? signed.entries : [];
    const absences = new Map(got.entries.map((e) => [e.id, e.absence]));
    const nameOf = (id) => plain(entries.find((e) => e.id === id)?.name ?? id);
    const { me } = session;
    for (const id of decided.revoke) if (!entries.some((e) => e.id === id)) decided.revoke.delete(id); // somebody else was faster
    const sign = got.proposal ? signPanel(got.proposal, decided, nameOf, load) : null;
    const revoke = (e) => async () => {
      if (!(await ask(say("desk.revoke.ask", { Name: plain(e.name) }), say("desk.revoke.text"), say("desk.revoke"), say("desk.cancel"), "danger"))) return;
      decided.revoke.add(e.id);
      sign.draw();
      sign.scrollIntoView({ block: "start" });
      focusOn(sign.querySelector("h2"));
    };
    const mineFirst = [...entries].sort((a, b) => (b.id === me.person) - (a.id === me.person));
    return [
      got.held && !got.proposal ? notice("warn", say("staff.held")) : null,
      got.proposal ? browsersPanel(got.browsers ?? [], ctx) : null,
      sign,
      got.proposal ? invitePanel(entries.filter((e) => e.role !== "recovery").map((e) => ({ id: e.id, name: plain(e.name) })), got.mail) : null,
      signed && !signed.true ? notice("bad", say("desk.error.lie")) : null,
      signed?.true ? h("p", null, badge(say("desk.verified"), "good")) : null,
      session.place.local ? labelsWarning() : null,
      h("ul", { class: "plain stack" }, mineFirst.map((e) => person(e, {
        nameOf, absence: absences.get(e.id), changed: () => noted(e.id),
        revoke: got.proposal && e.id !== me.person && !decided.revoke.has(e.id) ? revoke(e) : null,
      }))),
    ];
  }

  /** Draws the list anew after something was noted about somebody, and goes back to them. */
  async function noted(id) {
    await load();
    announce(say("word.done"));
    focusOn(body.querySelector(`[data-person="${CSS.escape(id)}"] h3`));
  }

  await load();
}
