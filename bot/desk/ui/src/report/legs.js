// What was passed on, as the thread tells it.

/** How far each way has come for each receiver: the latest note counts. */
export function legsOf(opened) {
  const found = new Map();
  for (const e of opened.later) if (e.leg && !e.unsigned) found.set(`${e.leg.leg}\n${e.leg.to}`, e.leg);
  return [...found.values()];
}
