// Which lines of the inbox are shown, and in which order.

/**
 * @typedef {{code: string, kind: string, urgency: string, area: string, areaLabel: string, day: string, lang: string,
 *   state: string, step: string, due: string, late: boolean, lacks: number, tray?: "low"}} Line
 * @typedef {{show: "open"|"late"|"all", kind: string, area: string, state: string}} Choice
 */

/** @type {Choice} */
export const everything = { show: "open", kind: "", area: "", state: "" };

const over = (line) => line.state === "closed";

/** @param {Line[]} lines @param {Choice} choice */
export function filter(lines, choice) {
  return lines.filter((l) =>
    (choice.show === "all" || (choice.show === "late" ? l.late : !over(l))) &&
    (!choice.kind || l.kind === choice.kind) && (!choice.area || l.area === choice.area) && (!choice.state || l.state === choice.state));
}

/** Whether a line lies in the low tray. @param {Line} line */
export const isLow = (line) => line.tray === "low";

/**
 * Parts the lines that are shown: those at hand, and those of the low tray below them. Of a large tray the server lists the
 * first alone; then no filter can tell how many fit, and the count is of all that lie there.
 * @param {Line[]} lines @param {Choice} choice @param {number} low how many lie in the tray, listed or not
 */
export function parted(lines, choice, low) {
  const shown = filter(lines, choice);
  const tray = shown.filter(isLow);
  return { hand: shown.filter((l) => !isLow(l)), tray, count: low > lines.filter(isLow).length ? low : tray.length };
}

/** What there is to choose among: each value once, in the order in which it comes. @param {Line[]} lines @param {string} name */
export const values = (lines, name) => [...new Set(lines.map((l) => l[name]).filter(Boolean))];

/** Lines that were not there before; none the first time. @param {Line[]|null} before @param {Line[]} now */
export function added(before, now) {
  if (!before) return [];
  const had = new Set(before.map((l) => l.code));
  return now.filter((l) => !had.has(l.code));
}

/** Where the mark goes from a place in a list for a key; the same place where there is no way on. */
export function step(key, at, count) {
  if (count === 0) return -1;
  switch (key) {
    case "j": case "ArrowDown": return Math.min(at + 1, count - 1);
    case "k": case "ArrowUp": return Math.max(at < 0 ? 0 : at - 1, 0);
    case "Home": return 0;
    case "End": return count - 1;
  }
  return at;
}
