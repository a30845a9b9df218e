// Which one or two deeds stand before all others.

/**
 * What most readers want next where a report stands. A received one is acknowledged at the head of the page.
 * @param {{state: string, said: ""|"answered"|"wrote", step: string}} at said: what came last between reporter and readers;
 *   step: what is due next
 * @returns {string[]} names of deeds, the main one first
 */
export function first({ state, said, step }) {
  if (state === "closed") return said === "wrote" ? ["answer", "reopen"] : ["reopen", "note"];
  if (state === "withdrawn") return ["note"]; // nothing is passed on, and the reporter asked for no more
  const passing = step === "refer" || step === "confirm";
  if (said !== "answered") return passing && state !== "received" ? ["answer", "refer"] : ["answer", "note"];
  return passing ? ["refer", "answer"] : ["close", "answer"];
}
