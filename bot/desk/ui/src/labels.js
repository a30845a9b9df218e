// What the questions and answers of a report are called in the reader's language.

import { date, has, isolate, item, items, list, say } from "./words.js";
import { session } from "./state.js";

// The lists of the mission from which a step chooses.
const listOf = { area: "areas", organisation: "organisations", involved_org: "organisations", involved_role: "roles" };

// What the names of the choices within_72h and within_120h say, where the mission's own windows are not known.
const usual = { Window1: "3", Window2: "5" };

/** A text of a flow, unless it wants a value that only a conversation knows. */
function written(key) {
  if (!has(key)) return "";
  const text = say(key, { ...usual, ...session.place?.values });
  return /\{\w+\}/.test(text) ? "" : text;
}

/** The short name of a question; one of another version of the flows keeps its bare name. */
export const questionOf = (flow, step) => written(`${flow}.${step}.title`) || step;

/** The label of a choice: of the flow, or of the mission's lists. */
export const choiceOf = (flow, step, value) => written(`${flow}.${step}.${value}`) || item(listOf[step], value);

/** What was chosen, in one line; "" if nothing was. */
export function answerOf(a) {
  if (a.skipped || !a.values.length) return "";
  return list(a.values.map((v) => choiceOf(a.flow, a.step, v)));
}

/** A language in its own words. */
export function languageOf(tag) {
  return session.place?.languages.find((l) => l.tag === tag)?.name ?? tag;
}

/** The direction in which a language is written, as far as it is known. */
export function directionOf(tag) {
  return session.place?.languages.find((l) => l.tag === tag)?.dir ?? "auto";
}

/** How long something sounds. */
export const lengthOf = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export const orgOf = (name) => item("organisations", name) || "–";
/** What somebody does with reports, in the desk's own words; those of the mission are for the people who report. */
export const roleOf = (name) => (has(`desk.role.${name}`) ? say(`desk.role.${name}`) : item("roles", name));

export const areaOf = (name) => item("areas", name);

/** The organisations that the mission names, in the reader's language. */
export const orgs = () => items("organisations");

/** What an audit chain says was done; what follows a colon, or a number, stays out. */
export function didOf(did) {
  const word = did.replace(/[:\d].*$/, "").trim().replaceAll(" ", "_");
  const key = `desk.did.${word === "escalated" ? "deadline" : word}`;
  return has(key) ? say(key) : did;
}

/** What the mission's own record says was done, with the day or the number that belongs to it. */
export function doneOf(did) {
  const day = did.match(/\d{4}-\d\d-\d\d$/)?.[0];
  const number = day ? "" : did.match(/\d+$/)?.[0] ?? "";
  return [didOf(did), day ? date(day) : number && `(${isolate(number)})`].filter(Boolean).join(" ");
}

/** Who did it: a person by name, or what is no person. */
export const doerOf = (who, name) => (has(`desk.by.${who}`) ? say(`desk.by.${who}`) : name || who);
