// The inbox: what waits for the reader, due first. It looks for news once a minute, and only while it is looked at.

import { api } from "../api.js";
import { announce, h, newID, replace } from "../dom.js";
import { added, everything, isLow, parted, step, values } from "../filter.js";
import { session, stored, store, whenForgotten } from "../state.js";
import { badge, button, card, check, dialog, notice, pageHead, problem, select, waiting } from "../ui.js";
import { fingerprintOf } from "./join.js";
import { tray } from "./tray.js";
import { ago, due, item, label, moment, say } from "../words.js";

const every = 60_000;

// What is chosen and what was seen stays while one goes to a report and back.
let choice = { ...everything };
let seen = null;
let fresh = new Set();
whenForgotten(() => { choice = { ...everything }; seen = null; fresh = new Set(); });

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  ctx.title(say("desk.nav.reports"));
  if (!session.me.confirmed) return unconfirmed(el, ctx);
  const bar = h("div", { class: "filters" });
  const count = h("p", { class: "soft", role: "status" });
  const hand = h("div", { class: "stack" }, waiting(5));
  const low = tray(row);
  const body = h("div", { class: "stack" }, hand, low.el);
  replace(el, pageHead(say("desk.nav.reports")), session.me.held ? notice("warn", say("staff.held")) : null, bar, count, body,
    h("p", { class: "no-print" }, button(say("desk.keys"), () => keys(), "quiet")));

  let lines = [];
  let inTray = 0;
  let mark = "";
  const draw = () => {
    drawFilters(bar, lines, (change) => { Object.assign(choice, change); if ("show" in change) look(true); else draw(); });
    const shown = parted(lines, choice, inTray);
    count.textContent = shown.hand.length && choice.show === "open" ? say("staff.inbox.head", { Count: shown.hand.length }) : "";
    replace(hand, shown.hand.length ? h("ol", { class: "lines", role: "list" }, shown.hand.map((l) => row(l))) : shown.count ? null : nothing(lines));
    hand.hidden = !hand.firstChild;
    low.show(shown.tray, shown.count);
  };

  const redraw = () => {
    const at = focused(body);
    draw();
    if (at) body.querySelector(`a[data-code="${CSS.escape(at)}"]`)?.focus();
  };

  const look = async (anew) => {
    const all = choice.show === "all";
    try {
      const got = await api.poll(all ? "/api/inbox?all=1" : "/api/inbox", anew ? "" : mark, ctx.signal);
      if (!got) return void redraw(); // nothing new, but the hours have gone on
      mark = got.mark;
      lines = got.data.lines ?? [];
      inTray = got.data.low ?? 0;
      const news = added(seen, lines.filter((l) => l.state !== "closed"));
      seen = [...new Map([...(seen ?? []), ...lines].map((l) => [l.code, l])).values()];
      for (const l of news) fresh.add(l.code);
      redraw();
      const told = news.filter((l) => !isLow(l)).length; // a flood interrupts nobody
      if (told) announce(say("desk.inbox.new", { Count: told }));
    } catch (err) {
      if (err.name === "AbortError") return;
      if (!lines.length) replace(hand, problem(err, () => look(true)));
      else count.textContent = say("desk.inbox.stale");
    }
  };

  await look(true);
  let last = Date.now();
  const tick = () => {
    if (document.visibilityState !== "visible" || (Date.now() - last < every && !session.place.demo)) return; // in a showing, at each tick
    last = Date.now();
    look(false);
  };
  const timer = setInterval(tick, 5000);
  document.addEventListener("visibilitychange", tick, { signal: ctx.signal });
  document.addEventListener("keydown", (e) => onKey(e, body), { signal: ctx.signal });
  ctx.signal.addEventListener("abort", () => clearInterval(timer));
}

/** Before the coordinator has signed somebody's key, nothing is sealed to it. */
function unconfirmed(el, ctx) {
  replace(el, pageHead(say("desk.joined")), card("", h("p", null, say("staff.waiting")), fingerprintOf(session.me.fingerprint)));
  const timer = setInterval(async () => {
    if (document.visibilityState !== "visible") return;
    const me = await api.get("/api/me", ctx.signal).catch(() => null);
    if (!me?.confirmed) return;
    clearInterval(timer);
    session.me = me;
    announce(say("staff.confirmed"));
    ctx.redraw();
  }, 15_000);
  ctx.signal.addEventListener("abort", () => clearInterval(timer));
}

/** What stands where no line is shown. */
function nothing(lines) {
  const none = lines.length || choice.show !== "open";
  return h("div", { class: "empty" },
    h("p", null, say(none ? "desk.inbox.none" : "staff.inbox.empty")), !none && standsBy(session.me) ? h("p", null, say("desk.inbox.by")) : null);
}

/** Says that somebody is handed reports later than others, so that an empty list worries nobody. */
export const standsBy = (me) => me.role === "backup" || me.role === "coordinator";

const focused = (body) => (body.contains(document.activeElement) ? document.activeElement.dataset.code : "");

/** One line. Heading is what its code is for those who go from heading to heading. */
function row(l, heading = "h2") {
  const code = h("a", { href: `#/report/${encodeURIComponent(l.code)}`, class: "code", "data-code": l.code, onclick: () => fresh.delete(l.code) }, h("bdi", null, l.code));
  const language = session.place.languages.find((x) => x.tag === l.lang)?.name ?? l.lang;
  return h("li", { class: "line" },
    h("div", { class: "line-head" },
      h(heading, null, code),
      l.urgency === "urgent" ? badge(label("staff.urgency.", "urgent"), "bad") : null,
      fresh.has(l.code) ? badge(say("desk.new"), "good") : null,
      deadline(l)),
    h("p", { class: "kind" }, label("staff.kind.", l.kind)),
    h("p", { class: "soft small" }, [l.areaLabel || (l.area && item("areas", l.area)), ago(l.day), label("staff.state.", l.state), language].filter(Boolean)
      .map((text, i) => [i ? " · " : "", h("bdi", null, text)])),
    l.lacks ? badge(say("desk.lacks", { Count: l.lacks }), "warn") : null);
}

/** When something is due, in words, with the hour where it is pointed at. */
export function deadline(l) {
  if (!l.due) return null;
  const late = l.late || new Date(l.due) <= Date.now();
  const words = late ? say("staff.time.overdue") : due(l.due);
  return h("time", { class: `badge ${late ? "bad" : soon(l.due) ? "warn" : ""}`, datetime: l.due, title: moment(l.due) }, words);
}

const soon = (at) => new Date(at) - Date.now() < 6 * 3600e3;

function drawFilters(bar, lines, change) {
  const had = bar.contains(document.activeElement) ? document.activeElement.name : "";
  const pick = (name, key, head, labelOf) => {
    const there = values(lines, name);
    if (there.length < 2 && !choice[name]) return null;
    const id = newID("filter");
    const options = [["", say("desk.filter.any")], ...there.map((v) => [v, labelOf(v)])];
    const input = select(options, choice[name], (e) => change({ [name]: e.target.value }));
    input.id = id;
    input.name = name;
    return h("div", { class: "field" }, h("label", { for: id }, say(key)), input);
  };
  const tabs = h("fieldset", { class: "tabs" }, h("legend", { class: "hidden-text" }, say("desk.filter")), ["open", "late", "all"].map((v) => {
    const id = newID("tab");
    return h("span", null, h("input", { type: "radio", name: "show", id, value: v, checked: choice.show === v, class: "hidden-text", onchange: () => change({ show: v }) }),
      h("label", { for: id }, say(`desk.filter.${v}`)));
  }));
  replace(bar, tabs, h("div", { class: "picks" },
    pick("kind", "desk.kind", "staff.kind.", (v) => label("staff.kind.", v)),
    pick("area", "desk.area", "", (v) => lines.find((l) => l.area === v)?.areaLabel || item("areas", v)),
    pick("state", "desk.state", "", (v) => label("staff.state.", v))));
  if (had) (bar.querySelector(`[name="${had}"]:checked`) ?? bar.querySelector(`[name="${had}"]`))?.focus();
}

function onKey(e, body) {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || stored().keys === false) return;
  if (document.querySelector("dialog[open]") || e.target.matches("input,select,textarea")) return;
  if (e.key === "?") { e.preventDefault(); return keys(); }
  const links = [...body.querySelectorAll("a[data-code]")].filter((a) => !a.closest("details:not([open])"));
  const at = links.indexOf(document.activeElement);
  if (!["j", "k"].includes(e.key) && at < 0 && e.key !== "ArrowDown") return; // arrows scroll the page until the list is entered
  const to = step(e.key, at, links.length);
  if (to === at || to < 0) return;
  e.preventDefault();
  links[to].focus();
  links[to].scrollIntoView({ block: "nearest" });
}

/** Shows which keys there are, and turns them off for those whom they disturb. */
function keys() {
  dialog(say("desk.keys"), (close) => [
    h("dl", { class: "facts keys" }, [["j ↓", "desk.keys.next"], ["k ↑", "desk.keys.back"], ["Enter", "desk.keys.open"], ["?", "desk.keys"]]
      .map(([k, text]) => h("div", null, h("dt", null, k.split(" ").map((one) => [h("kbd", null, one), " "])), h("dd", null, say(text))))),
    check(say("desk.keys.on"), (on) => store({ keys: on }), stored().keys !== false),
    h("div", { class: "actions" }, button(say("desk.close"), () => close(), "main")),
  ]);
}
