// The service directory as those see it who refer people: what has to be checked first, and a way to put a field right.

import { api, ApiError } from "../api.js";
import { Trouble } from "../errors.js";
import { focusOn, h, newID, replace, toast } from "../dom.js";
import { badge, busy, button, check, doing, facts, field, fill, pageHead, select } from "../ui.js";
import { date, has, isolate, say, tag } from "../words.js";

const fields = ["phones", "hours", "status", "remarks"];
const states = ["active", "temporarily closed", "defunct"];

// A sheet may also call a service inactive, which says no more than that it is closed for now.
const known = (s) => (states.includes(s) ? s : "temporarily closed");
const stateOf = (s) => say(`desk.services.status.${known(s).replace(" ", "_")}`);
const nameOf = (f) => say(f === "status" ? "desk.state" : `desk.services.${f}`);

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  ctx.title(say("word.services"));
  const q = { area: "", kind: "", name: "", stale: false, page: 0 };
  const bar = h("form", { class: "filters", role: "search" });
  const body = h("div", { class: "stack" });
  replace(el, pageHead(say("word.services")), bar, body);
  let asked = null;
  let barDrawn = false;
  ctx.signal.addEventListener("abort", () => asked?.abort());

  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    await fill(body, () => api.get(`/api/directory?${search(q)}`, signal), (got) => {
      if (!barDrawn) drawBar(got);
      return results(got);
    });
  };
  const again = async () => {
    await show();
    toast(say("word.done"));
    focusOn(body.querySelector("h2") ?? el.querySelector("h1"));
  };
  const change = (what) => { Object.assign(q, { page: 0 }, what); return show(); };

  function drawBar(got) {
    barDrawn = true;
    let soon;
    const name = h("input", { type: "search", maxlength: 60, dir: "auto", value: q.name, oninput: () => { clearTimeout(soon); soon = setTimeout(() => change({ name: name.value }), 350); } });
    const all = ["", say("desk.filter.all")];
    const pick = (key, options, what) => field(say(key), select([all, ...options.map((o) => [o.id, o.name])], q[what], (e) => change({ [what]: e.target.value })));
    bar.addEventListener("submit", (e) => { e.preventDefault(); clearTimeout(soon); change({ name: name.value }); });
    replace(bar, h("div", { class: "picks" }, field(say("desk.form.name"), name), pick("desk.area", got.areas ?? [], "area"), pick("desk.kind", got.kinds ?? [], "kind")),
      check(say("desk.services.stale.only"), (on) => change({ stale: on }), q.stale));
  }

  function results(got) {
    if (!got.services.length) return h("p", { class: "empty" }, say("word.cards.none"));
    const right = new Set();
    const from = q.page * got.size;
    const count = h("p", { class: "soft", role: "status" }, isolate(`${from + 1}–${from + got.services.length} / ${got.total}`));
    const turn = (by) => async () => { q.page += by; await show(); focusOn(el.querySelector("h1")); window.scrollTo(0, 0); };
    return [
      count,
      h("ul", { class: "plain stack" }, got.services.map((s) => service(s, got.may, right, again))),
      got.may ? h("div", { class: "no-print" }, doing(say("desk.services.verify"), async () => {
        if (!right.size) throw new Trouble("desk.services.tick");
        await api.post("/api/directory/verify", { ids: [...right] });
        await again();
      }, "main")) : null,
      h("div", { class: "actions" }, q.page > 0 ? button(say("word.back"), turn(-1)) : null, from + got.size < got.total ? button(say("word.more"), turn(1)) : null),
    ];
  }

  await show();
}

/** The question for the server; what is left empty does not count. */
export const search = (q) => new URLSearchParams(Object.entries({ area: q.area, kind: q.kind, name: q.name.trim(), stale: q.stale ? "1" : "", page: q.page ? String(q.page) : "" }).filter(([, v]) => v)).toString();

const visibility = { "on request": "desk.services.on_request", "referrer only": "desk.services.referrer" };

/** One service, as a card. */
function service(s, may, right, again) {
  const checked = s.verified ? say("desk.services.checked", { Date: date(s.verified) }) : say("card.unchecked");
  return h("li", { class: "card" },
    h("div", null,
      h("div", { class: "line-head" }, h("h2", null, h("bdi", null, s.name)),
        s.stale ? badge(say("desk.services.stale"), "warn") : null,
        s.status !== "active" ? badge(stateOf(s.status), "bad") : null,
        visibility[s.visibility] ? badge(say(visibility[s.visibility])) : null),
      h("p", { class: "soft" }, [s.org, ...s.kinds].filter((x) => x !== s.name).join(" · "))),
    facts([
      [say("desk.area"), [...(s.area ?? [])].reverse().join(" · ")],
      [say("desk.form.place"), s.hidden ? say("card.hidden") : s.place],
      [say("desk.services.phones"), s.phones.length ? h("ul", { class: "plain phones" }, s.phones.map(phone)) : s.email ? h("bdi", { dir: "ltr" }, s.email) : ""],
      [say("desk.services.hours"), h("ul", { class: "plain" }, s.hours.map((l) => h("li", null, l)))],
      [say("desk.services.remarks"), s.typed.remarks ? h("bdi", null, s.typed.remarks) : ""],
    ]),
    h("p", { class: "soft small" }, checked, s.verifiedBy ? [" · ", h("bdi", null, s.verifiedBy)] : null),
    may ? h("div", { class: "no-print" }, check(say("desk.services.right"), (on) => { if (on) right.add(s.id); else right.delete(s.id); }), correction(s, again)) : null);
}

const phone = (p) => h("li", null, h("a", { href: `tel:${p.number}`, dir: "ltr" }, p.number), p.ext ? ` (${p.ext})` : null, p.use ? ` ${p.use}` : null);

/** A form that puts one field right. */
function correction(s, again) {
  const body = h("div", { class: "form" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const input = h("div");
  let box, value;
  const choose = (name) => {
    const id = newID("value");
    value = name === "status" ? select(states.map((x) => [x, stateOf(x)]), known(s.typed.status))
      : name === "remarks" ? h("textarea", { rows: 4, dir: "auto", maxlength: 1000 }) : h("input", { type: "text", dir: "ltr", autocomplete: "off", maxlength: 300 });
    value.id = id;
    if (name !== "status") value.value = s.typed[name];
    const hint = `desk.services.hint.${name}`;
    box = field(nameOf(name), value, has(hint) ? say(hint) : "");
    replace(input, box);
  };
  const which = select(fields.map((f) => [f, nameOf(f)]), fields[0], (e) => choose(e.target.value));
  choose(fields[0]);
  const save = h("button", { type: "submit", class: "button main" }, say("desk.services.save"));
  replace(body, h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      box.complain("");
      busy(save, wrong, async () => {
        try {
          await api.post("/api/directory/correct", { id: s.id, field: which.value, value: value.value });
        } catch (err) {
          if (!(err instanceof ApiError) || !err.what) throw err;
          return box.complain(refusal(err));
        }
        await again();
      });
    },
  }, field(say("desk.services.correct"), which), input, wrong, h("div", { class: "actions" }, save)));
  return h("details", null, h("summary", null, say("desk.services.correct")), body);
}

/** Why a value was not taken. The directory's own words are those of operators, and stand only where English is spoken. */
function refusal(err) {
  const told = say("desk.services.wrong");
  const what = [err.what, err.remedy].filter(Boolean).join("; ");
  return tag() === "en" ? `${told} ${what[0].toUpperCase()}${what.slice(1)}.` : told;
}
