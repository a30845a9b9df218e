// Bytes and their texts. Whatever a text form has in two spellings is refused in all but one.
import { base64 } from "@scure/base";
import { fail } from "./errors.js";

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param {string} s @returns {Uint8Array} */
export const utf8 = (s) => encoder.encode(s);

/** Reads UTF-8; anything else is malformed. @param {Uint8Array} b */
export function text(b) {
  try {
    return strict.decode(b);
  } catch {
    return fail("malformed");
  }
}

/** Reads UTF-8, with a mark in place of what is none. @param {Uint8Array} b */
export const lossyText = (b) => lossy.decode(b);

/** @param {...Uint8Array} parts */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** Compares without telling by its time where two byte rows differ. */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let diff = 0;
  for (let i = 0; i < a.length; i++) diff |= a[i] ^ b[i];
  return diff === 0;
}

/** @param {Uint8Array} b */
export const isZero = (b) => b.every((x) => x === 0);

/** @param {Uint8Array} b */
export const hex = (b) => Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");

/** Reads hexadecimal of a fixed number of bytes. */
export function unhex(s, size) {
  if (typeof s !== "string" || s.length !== 2 * size || !/^[0-9a-fA-F]*$/.test(s)) fail("malformed");
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(s.slice(2 * i, 2 * i + 2), 16));
}

/** @param {Uint8Array} b */
export const toBase64 = (b) => base64.encode(b);

/** Reads standard base64 with its padding. @returns {Uint8Array} */
export function fromBase64(s) {
  if (typeof s !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(s)) fail("malformed");
  try {
    return base64.decode(s);
  } catch {
    return fail("malformed");
  }
}

/** Says whether bytes begin with a line of ASCII. */
export function startsWith(b, line) {
  if (b.length < line.length) return false;
  for (let i = 0; i < line.length; i++) if (b[i] !== line.charCodeAt(i)) return false;
  return true;
}

/** Orders texts of ASCII as Go orders their bytes. */
export const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {number} n */
export function randomBytes(n) {
  return crypto.getRandomValues(new Uint8Array(n));
}

/** Fisher and Yates with numbers that favour none. @template T @param {T[]} list */
export function shuffle(list) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

function below(n) {
  const limit = 2 ** 32 - (2 ** 32 % n);
  for (;;) {
    const [v] = crypto.getRandomValues(new Uint32Array(1));
    if (v < limit) return v % n;
  }
}
