// Where a report stands, and who can bring it from one state to another; the words are those that its reporter is told.

const over = "withdrawn:";
const ranks = ["received", "read", "referred", "confirmed", "closed"];

/** Takes a withdrawal away again. @param {string} s */
export const keep = (s) => (s.startsWith(over) ? s.slice(over.length) : s);

/** Says that the reporter asked to withdraw. @param {string} s */
export const isWithdrawn = (s) => s.startsWith(over);

/** Says that this is a state in which a report can stand. @param {string} s */
export const isState = (s) => ranks.includes(keep(s));

/**
 * Says whether a reader's signed answer can bring a report from one state to another: forward, also past a state; to stay;
 * closed to read; all this beneath a withdrawal too.
 */
export function allowed(from, to) {
  if (!isState(from) || !isState(to) || isWithdrawn(from) !== isWithdrawn(to)) return false;
  const [a, b] = [keep(from), keep(to)];
  return ranks.indexOf(b) >= ranks.indexOf(a) || (a === "closed" && b === "read");
}

/** The states to which an answer can bring a report. To answer is to read. @param {string} from */
export const movesFrom = (from) => ["read", "referred", "confirmed", "closed"].filter((to) => allowed(from, to));

/** What came of a report, in the answer that closes it; in the order in which it is offered. */
export const outcomes = ["helped", "passed_on", "looked_into", "not_enough", "elsewhere", "withdrawn"];

/** Says whether an outcome can stand in an answer with a state: none in any, one of the list where it closes. */
export const isOutcome = (o, state) => o === "" || (outcomes.includes(o) && keep(state) === "closed");

/** The two ways on which a report is passed on, and how far one can have come, in order. */
export const legs = ["complaint", "assistance"];
export const legStates = ["sent", "confirmed", "declined", "done"];

/** How many characters the name of a receiving body may have. */
export const maxReceiver = 120;

/** Says whether a note can tell this of a leg. Joiners stay in a name: names in many scripts need them. */
export function isLeg({ leg, to, state }) {
  if (!legs.includes(leg) || !legStates.includes(state) || to.trim() === "") return false;
  return [...to].length <= maxReceiver && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(to);
}
