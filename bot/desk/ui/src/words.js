// What the desk says. The catalogs come from the server, a language at a time; nothing is written in the code.

import { api } from "./api.js";

/**
 * @typedef {Object} Book
 * @property {string} tag
 * @property {"ltr"|"rtl"} dir
 * @property {string} [plural]  the tag whose rule of plurals counts, or "other" where there is one form
 * @property {Object<string, string|Object<string, string>>} texts
 * @property {Object<string, Object<string, string>>} [lists]  what the mission's areas, organisations and roles are called
 */

/** @type {Book} */
let book = { tag: "en", dir: "ltr", texts: {} };
let zone = "UTC";
const kept = new Map();

/** Takes a book into use for the whole page. @param {Book} b */
export function use(b) {
  book = b;
  if (typeof document === "undefined") return;
  document.documentElement.lang = b.tag;
  document.documentElement.dir = b.dir;
}

/** Dates and hours are those of the place, not of the device. */
export function useZone(name) {
  zone = name || "UTC";
}

/** Fetches the book of a language, once. */
export async function fetchBook(tag) {
  if (!kept.has(tag)) kept.set(tag, await api.get(`/words/${encodeURIComponent(tag)}.json`));
  return kept.get(tag);
}

/** Fetches a language and speaks it from then on. */
export async function load(tag) {
  use(await fetchBook(tag));
}

export const tag = () => book.tag;
export const dir = () => book.dir;
export const has = (key) => Object.hasOwn(book.texts, key);

/**
 * Gives a text with its values filled in. A value that is a string is isolated, so that a code or a name turns no
 * neighbour around; the form of a plural follows the language. A key that is in no catalog shows as itself.
 * @param {string} key @param {Object<string, string|number>} [args] @returns {string}
 */
export function say(key, args = {}) {
  return sayFrom(book, key, args);
}

/** The same from another book, for words that are shown in the reporter's language. */
export function sayFrom(from, key, args = {}) {
  return fill(from, key, args, isolate);
}

function fill(from, key, args, wrap) {
  let text = Object.hasOwn(from.texts, key) ? from.texts[key] : key;
  if (typeof text === "object") text = text[form(from.plural || from.tag, args[text.arg], text)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = args[name];
    if (value === undefined || value === null) return whole;
    return typeof value === "number" ? String(value) : wrap(value);
  });
}

function form(lang, count, forms) {
  const n = Number(count);
  if (Object.hasOwn(forms, `=${n}`)) return `=${n}`;
  if (lang === "other" || Intl.PluralRules.supportedLocalesOf(lang).length === 0) return "other"; // not those of the device's own language
  return new Intl.PluralRules(lang).select(n);
}

/** Puts a text between marks, within which its direction is its own. */
export const isolate = (text) => `\u2068${text}\u2069`;

/** A label of a word such as a state; the bare word where a newer program has one that is not known here. */
export function label(head, word) {
  return has(head + word) ? say(head + word) : word;
}

/** What an item of the mission's lists is called: of areas, organisations or roles. */
export function item(listName, name) {
  const names = book.lists?.[listName];
  return names && Object.hasOwn(names, name) ? names[name] : name;
}

/** What all items of a list of the mission are called. */
export const items = (listName) => Object.values(book.lists?.[listName] ?? {});

/** The names of a list of the mission, in its order. */
export const names = (listName) => Object.keys(book.lists?.[listName] ?? {});

/** Several things in one line. */
export function list(items) {
  const lang = Intl.ListFormat.supportedLocalesOf(book.tag).length ? book.tag : "en";
  return new Intl.ListFormat(lang, { type: "unit", style: "short" }).format(items.map(isolate));
}

const months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/** The numbers of a moment on the clock of the place. */
function parts(d) {
  const fields = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(d);
  return Object.fromEntries(fields.map((f) => [f.type, f.value]));
}

/** A day as "2026-11-25" or a moment, written out in the language of the page. */
export function date(d) {
  const p = typeof d === "string" && /^\d{4}-\d\d-\d\d$/.test(d)
    ? { year: d.slice(0, 4), month: Number(d.slice(5, 7)), day: String(Number(d.slice(8))) }
    : parts(new Date(d));
  // Bare: within a sentence the whole of a date is isolated, and the name of the month says in which direction it runs.
  return fill(book, "hours.date", { Day: p.day, Month: say(`hours.month.${months[Number(p.month) - 1]}`), Year: p.year }, String);
}

/** A moment with its hour. */
export function moment(d) {
  const p = parts(new Date(d));
  return `${date(d)}, ${p.hour}:${p.minute}`;
}

/** How many days of the place lie between a day or moment and now. */
export function daysSince(d, now = new Date()) {
  const day = (x) => { const p = parts(x); return Date.UTC(p.year, p.month - 1, p.day) / 86400e3; };
  const then = typeof d === "string" && /^\d{4}-\d\d-\d\d$/.test(d) ? Date.parse(d + "T00:00:00Z") / 86400e3 : day(new Date(d));
  return Math.max(0, Math.round(day(now) - then));
}

/** "today", "yesterday", "3 days ago". */
export function ago(d, now = new Date()) {
  const days = daysSince(d, now);
  if (days === 0) return say("word.when.today");
  if (days === 1) return say("word.when.yesterday");
  return say("word.when.days", { Count: days });
}

/** How long until something is due, in words; nothing if nothing is due. */
export function due(d, now = new Date()) {
  if (!d) return "";
  const hours = (new Date(d) - now) / 3600e3;
  if (hours <= 0) return say("staff.time.overdue");
  if (hours < 48) return say("staff.time.hours", { Count: Math.max(1, Math.floor(hours)) });
  return say("staff.time.days", { Count: Math.floor(hours / 24) });
}

/** Chooses the language of the device among those there are: the same tag, else the same language, else the first. */
export function choose(wanted, there) {
  const tags = there.map((l) => l.tag);
  for (const w of wanted) {
    const exact = tags.find((t) => t.toLowerCase() === w.toLowerCase());
    if (exact) return exact;
    const base = w.toLowerCase().split("-")[0];
    const near = tags.find((t) => t.toLowerCase().split("-")[0] === base);
    if (near) return near;
  }
  return tags.includes("en") ? "en" : tags[0];
}

/** How much a byte count is, for a person. */
export function size(bytes) {
  return isolate(bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
}
