// The pieces that pages are made of.

import { h, newID, replace, announce, focusOn } from "./dom.js";
import { say } from "./words.js";
import { explain } from "./errors.js";

/** The head of a page: one h1, and what can be done with the whole of it. */
export function pageHead(title, ...actions) {
  return h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, title), actions.length ? h("div", { class: "actions" }, actions) : null);
}

/** A part of a page with its own title. */
export function card(title, ...children) {
  const id = newID("card");
  return h("section", { class: "card", "aria-labelledby": title ? id : null }, title ? h("h2", { id }, title) : null, children);
}

/** Facts in pairs of name and value; a pair without a value is left out. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter((p) => p && p[1] !== "" && p[1] !== null && p[1] !== undefined && p[1] !== false)
    .map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}

/** A short word in a frame. Tone is "", "warn", "bad" or "good"; the word says the same without its colour. */
export const badge = (text, tone = "") => h("span", { class: `badge ${tone}` }, text);

/** A remark. Tone as for a badge; role "alert" is for what came up just now. */
export const notice = (tone, ...children) => h("div", { class: `notice ${tone}` }, children.map((c) => (typeof c === "string" ? h("p", null, c) : c)));

/** A text of several paragraphs. */
export const paragraphs = (text) => text.split(/\n\n+/).map((p) => h("p", { class: "said" }, p));

/** Somebody's own words, in their language and direction. */
export function ownWords(text, lang, dir = "auto") {
  return h("div", { class: "own", lang, dir }, text.split(/\n{2,}/).map((p) => h("p", { class: "said", dir }, p)));
}

/** A button. Kind is "", "main", "quiet" or "danger". */
export const button = (text, onclick, kind = "") => h("button", { type: "button", class: `button ${kind}`, onclick }, text);

/** A link that looks like a button. */
export const linkButton = (text, href, kind = "") => h("a", { class: `button ${kind}`, href }, text);

/**
 * A button that does something that takes a while: it cannot be pressed twice, and says below itself what went wrong.
 * @param {string} text @param {() => Promise<any>} work @param {string} [kind]
 */
export function doing(text, work, kind = "") {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const b = button(text, () => busy(b, wrong, work), kind);
  return h("div", { class: "doing" }, b, wrong);
}

/** Runs work while a button is held, and says in an element what went wrong. */
export async function busy(b, wrong, work) {
  if (b.getAttribute("aria-disabled") === "true") return;
  wrong.textContent = "";
  b.setAttribute("aria-disabled", "true");
  b.classList.add("busy");
  try {
    await work();
  } catch (err) {
    if (err.name !== "AbortError") wrong.textContent = explain(err);
  } finally {
    b.removeAttribute("aria-disabled");
    b.classList.remove("busy");
  }
}

/**
 * A field of a form with its name, a hint and room for what is wrong with it.
 * @param {string} name @param {HTMLElement} input @param {string} [hint]
 */
export function field(name, input, hint) {
  const id = input.id || newID("field");
  input.id = id;
  const wrong = h("p", { class: "wrong", id: id + "-wrong" });
  input.setAttribute("aria-describedby", [hint ? id + "-hint" : "", id + "-wrong"].join(" ").trim());
  const el = h("div", { class: "field" }, h("label", { for: id }, name), hint ? h("p", { class: "hint", id: id + "-hint" }, hint) : null, input, wrong);
  return Object.assign(el, {
    complain(text) {
      wrong.textContent = text;
      if (text) { input.setAttribute("aria-invalid", "true"); input.focus(); announce(text); } else input.removeAttribute("aria-invalid");
    },
  });
}

/** A choice among a few. Options are [value, text] pairs. */
export const select = (options, value, onchange) => h("select", { onchange }, options.map(([v, text]) => h("option", { value: v, selected: v === value }, text)));

/** A group of radio buttons: the element, with the chosen value as `value()`. Options: [value, text, hint?, attrs?]. */
export function radios(name, options, value, onchange) {
  const group = newID("radio");
  const el = h("fieldset", { class: "choices" }, h("legend", null, name), options.map(([v, text, hint, attrs]) => {
    const id = newID("choice");
    return h("div", { class: "choice" },
      h("input", { type: "radio", id, name: group, value: v, checked: v === value, disabled: attrs?.disabled, "aria-describedby": hint ? id + "-hint" : null, onchange: () => onchange?.(v) }),
      h("div", null, h("label", { for: id, lang: attrs?.lang, dir: attrs?.dir }, text), hint ? h("p", { class: "hint", id: id + "-hint" }, hint) : null));
  }));
  return Object.assign(el, { value: () => el.querySelector("input:checked")?.value ?? "" });
}

/** A box to tick. */
export function check(text, onchange, checked = false) {
  const id = newID("check");
  return h("div", { class: "choice" }, h("input", { type: "checkbox", id, checked, onchange: (e) => onchange(e.target.checked) }), h("label", { for: id }, text));
}

/**
 * A table that becomes cards where it is narrow. The roles are written out, because display changes take them away.
 * @param {string} caption @param {string[]} columns @param {any[][]} rows
 * @param {{quiet?: boolean}} [how] quiet: the caption is heard and not seen, as where a title says the same
 */
export function table(caption, columns, rows, { quiet = false } = {}) {
  return h("table", { class: "table", role: "table" }, h("caption", { class: quiet ? "hidden-text" : null }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map((c) => h("th", { scope: "col", role: "columnheader" }, c)))),
    h("tbody", { role: "rowgroup" }, rows.map((r) => h("tr", { role: "row" }, r.map((c, i) => h("td", { role: "cell", "data-name": columns[i] }, h("div", null, c)))))));
}

/** What stands in place of what is still on its way. */
export const waiting = (lines = 3) => h("div", { class: "skeleton", role: "status" }, h("span", { class: "hidden-text" }, say("desk.loading")),
  Array.from({ length: lines }, () => h("div", { class: "bar", "aria-hidden": "true" })));

/** What went wrong with the whole of a page, and a way to try again. */
export function problem(err, again) {
  return h("div", { class: "notice bad", role: "alert" }, h("p", null, explain(err)), again ? button(say("desk.again"), again) : null);
}

/** Loads something into an element: bars while it is on its way, words if it fails. */
export async function fill(el, load, draw) {
  replace(el, waiting());
  try {
    const got = await load();
    replace(el, draw(got));
  } catch (err) {
    if (err.name === "AbortError") return;
    replace(el, problem(err, () => fill(el, load, draw)));
  }
}

/**
 * A dialog with content of its own. What is given back ends it with a value; the promise holds that value, or undefined
 * if it was closed otherwise.
 */
export function dialog(title, content, { alert = false } = {}) {
  const id = newID("dialog");
  let value;
  const el = h("dialog", { "aria-labelledby": id, role: alert ? "alertdialog" : null }, h("h2", { id, tabindex: "-1" }, title));
  const close = (v) => { value = v; el.close(); };
  el.append(...[content(close)].flat(Infinity).filter(Boolean));
  const done = new Promise((resolve) => el.addEventListener("close", () => { el.remove(); resolve(value); }));
  document.body.append(el);
  el.showModal();
  focusOn(el.querySelector("h2"));
  return { close, done, el };
}

/** Asks once, with two answers that say what happens. */
export function ask(title, text, yes, no, kind = "main") {
  return dialog(title, (close) => [paragraphs(text), h("div", { class: "actions" }, button(yes, () => close(true), kind), button(no, () => close(false)))], { alert: true })
    .done.then((v) => v === true);
}
