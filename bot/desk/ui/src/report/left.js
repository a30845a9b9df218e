// A report leaves this machine: on paper, as a form, into a case system. The server notes that, and nothing of what left.

import { api } from "../api.js";

/** Notes it, before it leaves. What was opened from a file without the server is noted nowhere. */
export async function noteLeft({ code, server }, way) {
  if (server) await api.post(`/api/report/${encodeURIComponent(code)}/left`, { way });
}

let onPage = null;
const printed = () => onPage && noteLeft(onPage, "printed").catch(() => {}); // printing itself cannot be held up

/** Notes each printing of a report for as long as it is shown, whichever way the browser is told to print. */
export function watchPrinting(shown, signal) {
  onPage = shown;
  window.addEventListener("beforeprint", printed); // once, however often it is drawn
  signal.addEventListener("abort", () => { if (onPage === shown) onPage = null; });
}
