// Who reads: the list as the coordinator signed it, checked on this page.

import { api, fromBase64 } from "../api.js";
import { h } from "../dom.js";
import { areaOf, languageOf, orgOf, roleOf } from "../labels.js";
import { fingerprintOf } from "../pages/join.js";
import { fingerprint } from "../seal/index.js";
import { canonical, decodeRoster, usable } from "../seal/roster.js";
import { plain } from "../seal/text.js";
import { signedBy } from "../seal/trust.js";
import { session } from "../state.js";
import { badge, button, doing, facts, field } from "../ui.js";
import { date, label, list, say } from "../words.js";

/**
 * Reads the list that the server gave, if the coordinator signed it; null if nobody has signed one yet.
 * @param {{statement: string, signature: string, version: number}} got @param {string} coordinator
 * @returns {{entries: import("../seal/roster.js").Entry[], true: boolean}|null}
 */
export function signedList(got, coordinator) {
  if (!got.statement) return null;
  try {
    const roster = decodeRoster(fromBase64(got.statement));
    return { entries: roster.entries.filter(usable), true: signedBy(coordinator, "roster", canonical(roster), fromBase64(got.signature)) };
  } catch {
    return { entries: [], true: false };
  }
}

/** What a person of the list does, in one line. */
export const doesOf = (e) => [orgOf(e.org), duty(e)].join(" · ");

function duty(e) {
  if (e.role === "recovery") return say("desk.recovery");
  const role = e.role === "oversight" ? say("desk.oversight") : plain(roleOf(e.role));
  return e.oversight && e.role !== "oversight" ? `${role} · ${say("desk.oversight")}` : role;
}

// What must be named to be read: nobody gets it by reading everything.
const care = ["support", "child"];
const kindOf = (k) => label("staff.kind.", k);

const allOr = (values, name) => (values.length ? list(values.map(name)) : say("desk.filter.all"));

/** Everything that a list says of somebody but the key. @param {(id: string) => string} nameOf */
export function pairsOf(e, nameOf) {
  if (e.role === "recovery") return [[say("desk.recovery.holder"), e.holder ? nameOf(e.holder) : ""]];
  return [
    [say("desk.area"), allOr(e.areas, (a) => plain(areaOf(a)))],
    [say("desk.kind"), e.kinds.length ? list(e.kinds.map(kindOf)) : say("desk.all_but", { What: list(care.map(kindOf)) })],
    [say("word.language"), e.langs.length ? list(e.langs.map((l) => plain(languageOf(l)))) : ""],
    [say("desk.backup"), e.backup ? nameOf(e.backup) : ""],
    [say("desk.specialist"), e.child ? say("word.yes") : ""],
  ];
}

/**
 * One person of the list.
 * @param {any} e @param {{nameOf: (id: string) => string, absence: any, revoke: (() => any)|null, changed: () => void}} o
 */
export function person(e, { nameOf, absence, revoke, changed }) {
  const me = session.me;
  const mine = e.id === me.person;
  const may = (mine || me.coordinator) && e.role !== "recovery";
  return h("li", { class: "card person", "data-person": e.id },
    h("div", null,
      h("div", { class: "line-head" }, h("h3", null, h("bdi", null, plain(e.name))), mine ? badge(say("desk.you")) : null,
        absence ? badge(say("desk.away", { Date: date(absence.until) }), "warn") : null),
      h("p", { class: "soft" }, doesOf(e))),
    facts(pairsOf(e, nameOf)),
    h("div", null, h("p", { class: "soft small" }, say("desk.key.compare")), fingerprintOf(fingerprint(e.key))),
    may ? absenceForm(e, absence, changed) : null,
    revoke ? h("div", { class: "actions no-print" }, button(say("desk.revoke"), revoke, "danger")) : null);
}

/** Says until when somebody is away: themselves, or the coordinator for them. */
function absenceForm(e, absence, changed) {
  const today = new Date().toISOString().slice(0, 10);
  const day = h("input", { type: "date", min: today, value: absence?.until ?? "", dir: "ltr" });
  const box = field(say("desk.away.until"), day);
  const send = async (until) => {
    await api.post("/api/roster/absence", { person: e.id, until });
    await changed();
  };
  return h("details", { class: "no-print" }, h("summary", null, say("desk.away.say")),
    h("div", { class: "form" }, h("p", { class: "hint" }, say("desk.away.text")), box,
      h("div", { class: "actions" },
        doing(say("desk.note_it"), async () => {
          if (!day.value || day.value < today) return box.complain(say("desk.fill"));
          box.complain("");
          await send(day.value);
        }, "main"),
        absence ? doing(say("desk.away.back"), () => send("")) : null)));
}
