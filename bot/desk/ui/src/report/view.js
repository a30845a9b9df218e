// What a report shows: the frame in the reader's language, the reporter's words as they were written.

import { h, replace } from "../dom.js";
import { answerOf, areaOf, directionOf, languageOf, orgOf, questionOf, roleOf } from "../labels.js";
import { deadline } from "../pages/inbox.js";
import { session } from "../state.js";
import { badge, card, facts, notice, ownWords } from "../ui.js";
import { ago, date, due, has, isolate, label, list, moment, say } from "../words.js";
import { whyHeld } from "./hold.js";
import { player } from "./voice.js";

const withdrawn = (state) => state.startsWith("withdrawn:");

/** Where the report stands: a withdrawal by the server's word, else what the signed thread tells, else the server. */
export function stateOf({ opened, line }) {
  if (withdrawn(opened.standing)) return "withdrawn";
  return opened.stateTold ? opened.state : line?.state || opened.standing || opened.state;
}

/** What was last said between reporter and readers: "answered", "wrote" again, or nothing yet. */
export function lastSaid({ opened }) {
  const last = opened.later.findLast((e) => (e.type === "message" || e.type === "answer") && !e.unsigned);
  return last ? { answer: "answered", message: "wrote" }[last.type] : "";
}

/** Where a report stands and what is due next, in one line; beneath it what stops that clock. @param {import("./open.js").Shown} shown */
export function stands(shown) {
  const state = stateOf(shown);
  const said = state === "closed" || state === "withdrawn" ? "" : lastSaid(shown);
  const first = nextOf(shown);
  return card("",
    h("p", { class: "row stands" },
      shown.about.urgency === "urgent" ? badge(label("staff.urgency.", "urgent"), "bad") : null,
      badge(label("staff.state.", state)),
      said ? badge(say(`desk.said.${said}`), said === "wrote" ? "warn" : "good") : null,
      first ? h("span", null, stepOf(first.step), ": ", deadline(first)) : null,
      shown.line && !first ? h("span", { class: "soft" }, say("desk.due.nothing")) : null),
    first && has(`desk.step.${first.step}.hint`) ? h("p", { class: "soft small no-print" }, say(`desk.step.${first.step}.hint`)) : null);
}

const stepOf = (step) => label("desk.step.", step);

/** The deadline that ends first. */
export const nextOf = ({ runs }) => [...runs].sort((a, b) => Date.parse(a.due) - Date.parse(b.due))[0] ?? null;

/** What is due next, as a sentence to be heard. */
export function nextSaid(shown) {
  const first = nextOf(shown);
  return first ? `${stepOf(first.step)}: ${first.late ? say("staff.time.overdue") : due(first.due)}` : "";
}

/** What the report is, in a few lines. @param {import("./open.js").Shown} shown */
export function head(shown) {
  const { opened, about, runs, hold } = shown;
  return card("",
    facts([
      [say("desk.kind"), h("span", { class: "kind" }, label("staff.kind.", about.kind))],
      [say("desk.received"), [moment(opened.body.time), " · ", ago(opened.body.time)]],
      [say("desk.due"), runs.length ? h("ul", { class: "dues", role: "list" }, runs.map((r) => h("li", null, stepOf(r.step), ": ", h("bdi", null, moment(r.due))))) : ""],
      hold?.held ? [say("desk.hold.held"), whyHeld(hold)] : null,
      [say("desk.area"), about.area ? areaOf(about.area) : ""],
      [say("word.language"), h("bdi", { lang: opened.language }, languageOf(opened.language))],
    ]),
    said(shown));
}

/** What only the server can know, as the server's word: that the reporter asked to withdraw, or took that back. */
function said({ opened }) {
  const texts = [];
  for (const turn of opened.turns) {
    const args = { When: date(turn.day) };
    const after = opened.later.some((e) => e.type === "message" && Date.parse(e.time) > Date.parse(turn.day) + 8 * 86400e3);
    if (turn.what === "keep") texts.splice(0, texts.length, say("open.server.keep", args));
    else if (turn.what === "withdraw") {
      texts.length = 0;
      if (withdrawn(opened.standing)) texts.push(say("open.server.withdraw", args));
      else if (opened.standing === "closed" && !after) texts.push(say("open.server.final", args));
    }
  }
  return texts.map((text) => notice("warn", text));
}

/** What was answered by choices, and after it what was left out. */
export function answers({ opened }) {
  const chosen = opened.body.answers.filter((a) => !a.text && !a.voices.length);
  const given = chosen.filter((a) => answerOf(a));
  const left = chosen.filter((a) => !answerOf(a));
  return card(say("open.answers"),
    facts(given.map((a) => [questionOf(a.flow, a.step), answerOf(a)])),
    left.length ? h("p", { class: "soft small" }, say("open.skipped"), ": ", list(left.map((a) => questionOf(a.flow, a.step)))) : null);
}

/** What was told in own words, written or spoken. */
export function words(shown) {
  const told = shown.opened.body.answers.filter((a) => a.text || a.voices.length);
  return told.map((a) => card(a.step === "story" ? say("open.words", { Language: languageOf(a.lang) }) : questionOf(a.flow, a.step),
    a.step === "story" ? null : h("p", { class: "soft small" }, say("open.words", { Language: languageOf(a.lang) })),
    a.text ? ownWords(a.text, a.lang, directionOf(a.lang)) : null,
    a.voices.map((v) => player(shown, v))));
}

/** What the reporter agreed to, word for word as it was shown. */
export function consents({ opened }) {
  const { consents: all, answers: given } = opened.body;
  if (!all.length) return null;
  return card(say("open.consent"), all.map((c) => h("div", { class: "stack tight piece" },
    ownWords(c.text, c.lang, directionOf(c.lang)),
    h("p", null, questionOf(given[0]?.flow ?? "", c.step), ": ", badge(say(c.given ? "word.yes" : "word.no"), c.given ? "good" : "warn")))));
}

/**
 * What the reporter was told would happen, and how they can be reached. Whether they wanted a short line when an answer waits
 * stands in a blob that only the server can read, so that no reader learns of it.
 */
export function promised({ opened, about }) {
  const hours = session.place.promised?.[about.urgency];
  const get = (step) => opened.body.answers.findLast((a) => a.step === step && !a.skipped)?.values ?? [];
  const lines = [
    hours ? say("open.promised", { Hours: hours }) : "",
    get("call").includes("yes") ? say("open.warn.call") : "",
  ].filter(Boolean);
  return lines.length ? card(say("desk.promised"), lines.map((text) => h("p", null, text))) : null;
}

/** Everything that came after the report, in order. */
export function thread(shown) {
  const { opened } = shown;
  if (!opened.later.length && !opened.unsealed && !opened.spoilt) return null;
  return card(say("desk.thread"),
    h("ol", { class: "thread", role: "list" }, opened.later.map((e) => h("li", { class: `piece ${e.type}` }, entry(shown, e)))),
    opened.unsealed ? notice("warn", say("open.unsealed")) : null,
    opened.newer ? notice("warn", say("desk.error.newer")) : null,
    opened.spoilt > opened.newer ? notice("warn", say("desk.spoilt", { Count: opened.spoilt - opened.newer })) : null);
}

function entry(shown, e) {
  const { opened } = shown;
  const when = e.time ? moment(e.time) : "";
  const heads = {
    message: () => say("open.thread.message", { When: when }),
    answer: () => say("open.thread.answer", { Name: roleOf(e.role), When: when }),
    note: () => say("open.thread.note", { Name: nameOf(opened, e.by), When: when }),
    share: () => say("open.thread.share", { Name: nameOf(opened, e.added) }),
  };
  return [
    e.unsigned ? notice("bad", say("open.unverified")) : null,
    h("h3", null, heads[e.type]()),
    e.leg ? leg(e.leg) : null,
    e.text ? ownWords(e.text, e.lang, directionOf(e.lang)) : null,
    e.voices.map((v) => player(shown, v)),
    e.state ? h("p", { class: "soft small" }, [say("open.state", { State: label("staff.state.", e.state.replace("withdrawn:", "")) }),
      e.outcome ? label("desk.outcome.", e.outcome) : ""].filter(Boolean).join(" · ")) : null,
  ];
}

/** One way of a referral: which, to whom, how far. */
export function leg(l) {
  return h("p", { class: "row" }, h("span", null, label("desk.leg.", l.leg), ": ", h("bdi", null, l.to)), badge(label("desk.leg.state.", l.state), l.state === "declined" ? "warn" : ""));
}

/** How somebody of the roster is called. */
export const nameOf = (opened, id) => opened.roster.entries.find((e) => e.id === id)?.name ?? id;

/** Whether somebody reads now, stands by, or is no person but a spare key; "" where no server says which of the first two. */
function standsAs(shown, r) {
  if (r.role === "recovery") return "spare";
  return !shown.waiting ? "" : shown.waiting.includes(r.id) ? "by" : "now";
}

const groups = [["", ""], ["now", "desk.readers.now"], ["by", "desk.readers.by"], ["spare", "desk.recovery"]];
const hints = { by: "desk.readers.by.hint", spare: "desk.recovery.hint" };

/** Who can read, in what way, with the digits by which a key is compared. */
export function readers(shown) {
  const there = groups.map(([as, key]) => [as, key, shown.opened.readers.filter((r) => standsAs(shown, r) === as)]).filter(([, , all]) => all.length);
  return card(say("open.readers"),
    there.map(([as, key, all]) => h("div", { class: "stack tight reader-group" }, key ? h("h3", null, say(key)) : null, hints[as] ? h("p", { class: "soft small" }, say(hints[as])) : null, readerList(shown.opened, all))),
    session.place.local ? labelsWarning() : h("p", { class: "soft small" }, say("open.warn.server")));
}

/** In pages of one's own machine: what a list is called there comes from the server, unlike names and keys. */
export const labelsWarning = () => (session.place.offline ? null : h("p", { class: "soft small" }, say("desk.local.labels")));

const who = (opened, r) => [h("bdi", null, r.name), h("span", { class: "soft" }, " · ", isolate(orgOf(r.org))),
  r.id === opened.me.id ? h("span", { class: "soft" }, " · ", say("desk.you")) : null];

/** Who will be able to read what is written now, and somebody who would join, in short. */
export function readerNames(shown, joins = null) {
  const all = joins ? [...shown.opened.readers, joins] : shown.opened.readers;
  const as = (r) => ({ by: "desk.readers.by", spare: "desk.recovery" })[r === joins ? "" : standsAs(shown, r)];
  return h("ul", { class: "names-list", role: "list" }, all.map((r) => h("li", { class: r === joins ? "joins" : "" }, who(shown.opened, r),
    as(r) ? h("span", { class: "soft" }, " · ", say(as(r))) : null,
    r === joins ? [" ", badge(say("desk.new"), "warn")] : null,
    r === joins ? h("p", { class: "code small soft", dir: "ltr" }, r.fingerprint) : null)));
}

function readerList(opened, all) {
  return h("ul", { class: "readers", role: "list" }, all.map((r) => h("li", null,
    h("p", null, who(opened, r)),
    r.fingerprint ? h("p", { class: "code small soft", dir: "ltr" }, r.fingerprint) : null,
    session.place.local && r.verified ? badge(say("desk.verified"), "good") : null,
    r.lacks ? badge(say("open.lacks", { Name: r.name, Count: r.lacks }), "warn") : null)));
}

/** What stands at the head of paper. */
export const paperWarning = () => h("p", { class: "print-only paper" }, say("desk.paper.nolock"));
