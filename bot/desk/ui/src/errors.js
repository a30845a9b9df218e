// What went wrong, in words for a person.

import { say, has } from "./words.js";
import { ApiError } from "./api.js";
import { SealError } from "./seal/errors.js";

/** Something that went wrong on the page itself, with the key of its words. */
export class Trouble extends Error {
  constructor(key, args) {
    super(key);
    this.name = "Trouble";
    this.key = key;
    this.args = args;
  }
}

// Refusals of the registry have the words of the staff bot.
const reason = (word) => (word && has(`staff.answer.reason.${word}`) ? say(`staff.answer.reason.${word}`) : "");

// What the seal room found, in groups that ask for the same of a person. All the others mean that somebody lies: the server,
// or whoever made the file.
const sealed = {
  unsealed: "desk.error.unsealed", not_for_you: "desk.error.unsealed",
  damaged: "desk.error.damaged", malformed: "desk.error.damaged", tampered: "desk.error.damaged", unread: "desk.error.damaged", empty: "desk.error.damaged",
  newer: "desk.error.newer",
  other_report: "desk.error.parts", not_together: "desk.error.parts", part_twice: "desk.error.parts", part_missing: "desk.error.parts",
  too_long: "desk.error.too_long", readers: "staff.answer.reason.full", withdrawn: "staff.answer.reason.withdrawn",
  empty_text: "desk.error.empty", passphrase: "desk.in.wrong", state: "staff.answer.reason.state", roster_older: "desk.error.older",
};

/** Says that an error means a lie, of which the coordinator has to know. */
export const isLie = (err) => err instanceof SealError && !Object.hasOwn(sealed, err.word);

/** Gives the words for an error. What is not known is told as "not taken", and never with anything of its own text. */
export function explain(err) {
  if (err instanceof Trouble) return say(err.key, err.args);
  if (err instanceof SealError) return say(sealed[err.word] ?? "desk.error.lie");
  if (!(err instanceof ApiError)) return say("desk.error.page");
  switch (err.word) {
    case "away": case "failed": return say("desk.error.away");
    case "sign_in": return say("desk.error.sign_in");
    case "unknown": return say("staff.none");
    case "held": return say("staff.held");
    case "slow": return say("desk.error.slow");
    case "gone": return say("staff.enrol.expired");
    case "not_allowed": return say("desk.error.not_allowed");
    case "last_reader": return say("desk.error.last_reader");
    case "refused": return say("staff.grant.refused", { Reason: reason(err.reason) || err.reason });
  }
  return say("desk.error.bad");
}
