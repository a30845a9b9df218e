// Building the page. Everything goes through text nodes and set properties: no word of a person is ever read as HTML.

const svgSpace = "http://www.w3.org/2000/svg";

/**
 * Makes an element. An attribute that is null, undefined or false is left out; "on…" adds a listener; true writes the bare
 * attribute. Children may be nodes, strings, numbers, nested lists, or nothing.
 * @param {string} tag @param {Object<string, any>|null} [attrs] @param {...any} children
 */
export function h(tag, attrs, ...children) {
  const el = document.createElement(tag);
  set(el, attrs);
  el.append(...flat(children));
  return el;
}

function set(el, attrs) {
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "value" && "value" in el) el.value = value;
    else el.setAttribute(name, value === true ? "" : String(value));
  }
}

function flat(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false)
    .map((c) => (c instanceof Node ? c : String(c)));
}

/** Puts new children in the place of all there are. */
export function replace(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/** A small drawing of one path on a field of 24 by 24; it says nothing that the text beside it does not. */
export function icon(path) {
  const svg = document.createElementNS(svgSpace, "svg");
  for (const [k, v] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", class: "icon" })) svg.setAttribute(k, v);
  const p = document.createElementNS(svgSpace, "path");
  p.setAttribute("d", path);
  svg.append(p);
  return svg;
}

let ids = 0;

/** A name for an element that another one points to. */
export const newID = (head = "e") => `${head}-${++ids}`;

/** Moves the focus to the head of what was just shown, so that a screen reader begins there. */
export function focusOn(el) {
  if (!el) return;
  if (!el.hasAttribute("tabindex") && !el.matches("a[href],button,input,select,textarea,summary")) el.setAttribute("tabindex", "-1");
  el.focus({ preventScroll: true });
}

// The live region stands in the page from the start: one that is added with its text is not read out.
let live;
let fading;

/** The element in which announcements appear. */
export function liveRegion() {
  live ??= h("div", { class: "hidden-text", role: "status", "aria-live": "polite" });
  return live;
}

/** Says something to those who listen to the page. */
export function announce(text) {
  const region = liveRegion();
  clearTimeout(fading);
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60); // the same words twice are two announcements
  fading = setTimeout(() => { region.textContent = ""; }, 10_000); // nobody comes upon them later
}

let shelf;

/** The element in which toasts appear. */
export function toastShelf() {
  shelf ??= h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  return shelf;
}

/** Shows a short line that goes by itself; it can be read again nowhere, so nothing that matters is said here alone. */
export function toast(text) {
  const line = h("p", { class: "toast" }, text);
  while (toastShelf().childElementCount > 1) toastShelf().firstChild.remove();
  toastShelf().append(line);
  setTimeout(() => line.remove(), 7000);
}

/** Takes away what toasts and announcements still show. */
export function hush() {
  liveRegion().textContent = "";
  toastShelf().replaceChildren();
}
