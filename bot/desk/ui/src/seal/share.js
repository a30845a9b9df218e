// Sharing a report with one more reader, and sealing again what a reader cannot open yet.
import { randomBytes } from "./bytes.js";
import { fail } from "./errors.js";
import { grantFiles, signCopy, signShare } from "./grant.js";
import { none } from "./header.js";
import { maxReaders } from "./message.js";
import { find, isName, usable } from "./roster.js";
import { isWithdrawn } from "./states.js";

/**
 * Says why a report cannot be shared with somebody: no_person, named, withdrawn; empty if it can. The server refuses whoever
 * is excluded besides.
 */
export function refusesShare(opened, entry) {
  if (!usable(entry) || entry.role === "recovery") return "no_person";
  if (named(opened.secrets.answers, entry) || keptOut(opened.secrets.answers, entry)) return "named"; // nothing of it must reach them
  if (isWithdrawn(opened.standing)) return "withdrawn";
  return "";
}

/** People whom the coordinator signed, who do not read the report yet and whom the reporter did not name. */
export function candidates(opened) {
  return opened.roster.entries.filter((e) => refusesShare(opened, e) === "" && !find({ entries: opened.readers }, e.id));
}

/** What was answered to a step last. */
const last = (answers) => (step) => {
  const said = answers.filter((a) => a.step === step && !a.skipped).at(-1);
  return said?.values[0] ?? said?.text ?? "";
};

/** Says whether the reporter wants nobody of an entry's organisation to read. */
function keptOut(answers, e) {
  const get = last(answers);
  const org = get("organisation");
  return get("inside") === "keep_out" && get("inside_few") !== "may" && isName(org, 24) && org !== "unknown" && org !== "none" && e.org === org;
}

/** Says whether an entry may be the person whom the reporter names as involved: by organisation and role. */
function named(answers, e) {
  const get = last(answers);
  const org = get("involved_org");
  if (get("involved") !== "yes" || !isName(org, 24) || org === "unknown" || org === "none" || e.org !== org) return false;
  const role = get("involved_role");
  const desk = e.role === "oversight" || (e.oversight && e.role !== "recovery");
  switch (role) {
    case "focal_point":
    case "backup": // cannot be told apart from outside
      return e.role === "focal_point" || e.role === "backup";
    case "coordinator":
    case "recovery":
      return e.role === role;
    case "oversight":
      return e.role === role || desk;
  }
  return true; // a manager, another role, or none at all may be anybody of the organisation
}

/**
 * Shares an opened report: the signed share, and behind it a copy of each message for everybody who reads with the one who
 * joins. Words: those of refusesShare, and readers beyond fifteen.
 * @param {{opened: import("./thread.js").Opened, entry: import("./roster.js").Entry|string}} what entry: of the signed roster, or its id
 * @returns {Promise<Uint8Array[]>} files for the server, in order; nearly always one
 */
export async function makeShare({ opened, entry }) {
  const joins = find(opened.roster, typeof entry === "string" ? entry : entry.id);
  if (!joins) fail("no_person");
  const why = refusesShare(opened, joins);
  if (why !== "") fail(why);
  const at = opened.readers.findIndex((e) => e.id === joins.id);
  const readers = at < 0 ? [...opened.readers, joins] : opened.readers;
  if (readers.length > maxReaders) fail("readers");
  const share = signShare(opened.secrets.seed, header(opened, "share", none, [joins]));
  const copies = await copiesOf(opened, toSeal(opened, (item) => at < 0 || item.lacks.includes(at)), readers);
  return grantFiles([share, ...copies]);
}

/**
 * Seals again what a reader cannot open yet, for all who read. No file: nobody lacks anything that opens here.
 * @param {{opened: import("./thread.js").Opened, all?: boolean}} what all: also where the server knows of nobody who lacks it
 * @returns {Promise<Uint8Array[]>}
 */
export async function makeCopies({ opened, all = false }) {
  return grantFiles(await copiesOf(opened, toSeal(opened, (item) => all || item.lacks.length > 0), opened.readers));
}

/**
 * What was opened and has an age file, the report itself last: whoever is told that they can open it finds all that came
 * after it.
 */
function toSeal(opened, wanted) {
  const { first, later } = opened.secrets;
  return [...later, first].filter((e) => e.item.file.length > 0 && wanted(e.item));
}

async function copiesOf(opened, entries, readers) {
  const out = [];
  for (const e of entries) {
    out.push(await signCopy(opened.secrets.seed, header(opened, "copy", e.item.id, readers), e.file, opened.secrets.identity));
  }
  return out;
}

const header = (opened, kind, of, to) => ({
  report: opened.report, message: randomBytes(16), of, kind, state: "", readers: to.map(({ id, key }) => ({ id, key })), nudge: new Uint8Array(0),
});
