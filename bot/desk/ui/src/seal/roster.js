// The signed list of everyone to whom anything may be sealed.
import { byText, text, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import * as json from "./json.js";

/**
 * @typedef {object} Entry one key of the roster and what its holder reads
 * @property {string} id
 * @property {string} name
 * @property {string} org
 * @property {string} role focal_point, backup, coordinator, oversight or recovery
 * @property {string[]} areas none: all
 * @property {string[]} kinds none: all
 * @property {string[]} langs
 * @property {string} backup
 * @property {string} holder of a recovery key
 * @property {boolean} child
 * @property {boolean} oversight
 * @property {string} key age1…
 * @property {string} status confirmed or revoked
 *
 * @typedef {{version: number, entries: Entry[]}} Roster
 */

const maxEntries = 1000;
const roles = ["focal_point", "backup", "coordinator", "oversight", "recovery"];
const kinds = ["sea", "trafficking", "force", "fraud", "retaliation", "other", "support", "child", "remedy", "participation", "feedback"];

const bareEntry = json.object({
  id: json.string, name: json.string, org: json.string, role: json.string, areas: json.list(json.string), kinds: json.list(json.string),
  langs: json.list(json.string), backup: json.string, holder: json.string, child: json.boolean, oversight: json.boolean,
  key: json.string, status: json.string,
});

/** Reads an entry. @param {unknown} v @returns {Entry} */
export function readEntry(v) {
  const e = bareEntry(v);
  for (const name of ["areas", "kinds", "langs"]) e[name] = json.orNone(e[name]);
  return e;
}

const readRoster = json.object({ version: json.integer, entries: json.list(readEntry) });

/** Reads a roster and validates it. Unknown fields are refused: they would not be signed. @returns {Roster} */
export function decodeRoster(b) {
  if (b.length > 4 << 20) fail("malformed");
  const r = json.parse(text(b), readRoster);
  r.entries = json.orNone(r.entries);
  if (problems(r).length > 0) fail("malformed");
  return r;
}

/** Says that something may be sealed to the entry. @param {Entry} e */
export const usable = (e) => e.status === "confirmed" && e.key !== "";

/** @param {Roster} r @param {string} id */
export const find = (r, id) => r.entries.find((e) => e.id === id);

const byID = (a, b) => byText(a.id, b.id);

const fieldOf = (b) => `${utf8(b).length}:${b},`;
const fieldList = (l) => {
  const set = [...new Set(l)].sort(byText);
  return fieldOf(String(set.length)) + set.map(fieldOf).join("");
};

/**
 * Gives the bytes that the coordinator signs for a whole roster: the same for the same roster, whatever the order of its
 * entries and lists. It is a row of netstrings.
 * @param {Roster} r that passed problems
 */
export function canonical(r) {
  const rows = [...r.entries].sort(byID).map((e) =>
    [e.id, e.name, e.org, e.role].map(fieldOf).join("") + fieldList(e.areas) + fieldList(e.kinds) + fieldList(e.langs) +
    [e.backup, e.holder, String(e.child), String(e.oversight), e.key, e.status].map(fieldOf).join(""));
  return utf8(["amana/roster/1", String(r.version), String(rows.length)].map(fieldOf).join("") + rows.join(""));
}

/** Writes the roster as JSON, as it travels; its signature is over canonical. */
export function encodeRoster(r) {
  const entries = [...r.entries].sort(byID).map((e) => ({
    id: e.id, name: e.name, org: e.org, role: e.role, areas: some(e.areas), kinds: some(e.kinds), langs: some(e.langs),
    backup: e.backup || undefined, holder: e.holder || undefined, child: e.child || undefined, oversight: e.oversight || undefined,
    key: e.key, status: e.status,
  }));
  return utf8(JSON.stringify({ version: r.version, entries: some(entries) ?? null }));
}

const some = (l) => (l.length > 0 ? l : undefined);

export const isName = (s, most) => s.length <= most && /^[a-z0-9][a-z0-9_]*$/.test(s);
const isRosterID = (s) => s.length <= 32 && /^[a-z0-9][a-z0-9_-]*$/.test(s);
const isRecipient = (s) => s.length <= 128 && /^age1[a-z0-9]{50,}$/.test(s);
const isTag = (s) => /^[A-Za-z0-9-]{1,35}$/.test(s);

/** Names are compared by voice before they are signed, so nothing may be in them that shows otherwise than it reads. */
function isPlainName(s) {
  return s !== "" && s === s.trim() && [...s].length <= 80 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u.test(s);
}

/**
 * Gives every reason why a roster must not be signed: the id of the entry and the name of the field.
 * @param {Roster} r
 * @returns {{id: string, field: string}[]}
 */
export function problems(r) {
  const out = [];
  if (r.version < 1) out.push({ id: "", field: "version" });
  if (r.entries.length > maxEntries) return [{ id: "", field: "entries" }];
  const ids = new Set();
  const keys = new Map();
  for (const e of r.entries) {
    const bad = (field) => out.push({ id: e.id, field });
    if (ids.has(e.id) || !isRosterID(e.id)) bad("id");
    ids.add(e.id);
    if (!isPlainName(e.name)) bad("name");
    if (!isName(e.org, 24)) bad("org");
    if (!roles.includes(e.role)) bad("role");
    if (e.status !== "confirmed" && e.status !== "revoked") bad("status");
    if (!isRecipient(e.key) || (keys.has(e.key) && keys.get(e.key) !== e.id)) bad("key");
    keys.set(e.key, e.id);
    if (!e.kinds.every((k) => kinds.includes(k))) bad("kinds");
    if (!e.areas.every((a) => isName(a, 24))) bad("areas");
    if (!e.langs.every(isTag)) bad("langs");
    for (const field of links(r, e)) bad(field);
  }
  return out;
}

/** Checks what an entry says about others. */
function* links(r, e) {
  const backup = find(r, e.backup);
  if (e.backup !== "" && (e.backup === e.id || !backup || backup.role === "recovery")) yield "backup";
  const recovery = e.role === "recovery";
  if (recovery && (e.backup !== "" || e.child || e.oversight || e.areas.length + e.kinds.length > 0)) yield "role";
  const holder = find(r, e.holder);
  if (e.holder !== "" && (!recovery || !holder || holder.role === "recovery")) yield "holder";
}
