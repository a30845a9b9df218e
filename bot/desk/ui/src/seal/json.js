// Reading JSON from foreign hands: only what is known, each part of its kind. A part that is missing, or null, is empty.
import { fromBase64, unhex } from "./bytes.js";
import { fail } from "./errors.js";

/** @typedef {(value: unknown) => any} Kind reads a value that is there */

/** @type {Kind} */
export const string = (v) => (typeof v === "string" ? v : fail("malformed"));
/** @type {Kind} */
export const boolean = (v) => (typeof v === "boolean" ? v : fail("malformed"));
/** @type {Kind} */
export const integer = (v) => (Number.isSafeInteger(v) ? v : fail("malformed"));
/** @type {Kind} */
export const bytes = (v) => fromBase64(v);
/** A report's or message's id: thirty-two hexadecimal digits. @type {Kind} */
export const id = (v) => unhex(v, 16);

/** @param {Kind} of @returns {Kind} */
export const list = (of) => (v) => (Array.isArray(v) ? v.map((x) => of(x)) : fail("malformed"));

/** The empty value of each kind, by the name of the field's kind. */
const empty = new Map([
  [string, () => ""],
  [boolean, () => false],
  [integer, () => 0],
  [bytes, () => new Uint8Array(0)],
  [id, () => new Uint8Array(16)],
]);

/**
 * An object with these fields and no others.
 * @param {Record<string, Kind>} fields
 * @returns {Kind}
 */
export function object(fields) {
  return (v) => {
    if (typeof v !== "object" || v === null || Array.isArray(v)) fail("malformed");
    for (const name of Object.keys(v)) if (!Object.hasOwn(fields, name)) fail("malformed");
    const out = {};
    for (const [name, kind] of Object.entries(fields)) {
      const there = Object.hasOwn(v, name) && v[name] !== null;
      out[name] = there ? kind(v[name]) : (empty.get(kind)?.() ?? null);
    }
    return out;
  };
}

/** A list that is empty when it is missing. */
export const orNone = (v) => v ?? [];

/** Reads exactly one value. @param {string} s @param {Kind} kind */
export function parse(s, kind) {
  let v;
  try {
    v = JSON.parse(s);
  } catch {
    fail("malformed");
  }
  return kind(v);
}
