// The desk from its first moment: the place, the language, then the page of the address.

import { api, onSignedOut } from "./api.js";
import { h, replace, focusOn, hush } from "./dom.js";
import { frame, drawFrame, title } from "./layout.js";
import { signInAgain, signingInAgain } from "./again.js";
import { match, start as route, go } from "./router.js";
import { forget, session, stored } from "./state.js";
import { choose, load, say, use, useZone } from "./words.js";
import { watchIdle, stopIdle } from "./idle.js";
import { pageHead, problem } from "./ui.js";
import { routes, open } from "./routes.js";

let leaving = null; // ends what the page before still does
let routing;
let main;
let shown = "";

/** Signs out: first here, whatever the server then says. */
export async function leave({ everywhere = false, quietly = false, why = "" } = {}) {
  const told = quietly ? Promise.resolve() : api.post("/api/leave", { everywhere }).catch(() => {});
  wipe();
  session.why = why;
  await told;
  go("/in");
}

/** Takes everything of a person out of the page. */
function wipe() {
  stopIdle();
  routing?.guard(null);
  leaving?.abort();
  for (const d of document.querySelectorAll("dialog")) d.close();
  replace(main);
  hush();
  forget();
}

/** Shows the page of an address. */
async function show(hash) {
  leaving?.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  routing?.guard(null);
  let found = match(hash, routes);
  if (!found || found.path === "/") found = match(!session.me ? "/in" : session.place.offline ? "/file" : "/inbox", routes);
  if (!session.me && !open.has(found.path.split("/")[1])) {
    session.wanted = found.path;
    found = match("/in", routes);
  }
  if (found.path !== shown) hush();
  shown = found.path;
  drawFrame(found.path, () => leaveAsked());
  title("");
  const el = replace(main, h("div", { class: "page" })).firstChild;
  try {
    await found.page(el, found.params, {
      signal, go, leave, title,
      guard: (f) => routing.guard(f),
      redraw: () => show(location.hash),
      signedIn,
    });
  } catch (err) {
    if (err.name === "AbortError" || signal.aborted) return;
    replace(el, pageHead(say("desk.title")), problem(err, () => show(location.hash)));
  }
  if (signal.aborted) return;
  window.scrollTo(0, 0);
  focusOn(el.querySelector("[autofocus]") ?? el.querySelector("h1"));
}

/** What begins when somebody has signed in. */
async function signedIn() {
  const { me, place } = session;
  if (place.languages.some((l) => l.tag === me.lang)) await load(me.lang);
  watchIdle(me.idle || 10, () => leave({ why: "desk.in.idle" }));
  go(place.offline ? "/file" : session.wanted ?? "/inbox");
  session.wanted = undefined;
}

async function leaveAsked() {
  if (await routing.free()) await leave(); // at once, unless words would be lost: somebody may be coming in
}

/** Starts the desk in an element of the page. */
export function begin(root) {
  main = frame(root);
  onSignedOut(async () => {
    if (!session.me || signingInAgain()) return;
    const kept = routing?.guarded() && await signInAgain(main);
    if (session.me && !kept) leave({ quietly: true, why: "desk.error.sign_in" });
  });
  // A page that was kept by the browser comes back without anything of a person.
  window.addEventListener("pagehide", () => { if (session.me) wipe(); });
  window.addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
  return reach();
}

async function reach() {
  replace(main, h("div", { class: "page" }, h("p", { class: "skeleton" })));
  const start = /^#\/start\/(\w+)$/.exec(location.hash); // pages of one's own machine begin with a word, given once
  try {
    if (start) {
      history.replaceState(null, "", "#/in");
      await api.post("/api/start", { word: start[1] });
    }
    session.place = await api.get("/api/place");
    useZone(session.place.zone);
    const kept = stored().lang;
    await load(choose([kept, ...navigator.languages].filter(Boolean), session.place.languages));
  } catch (err) {
    // Without the server there are no words: these are the only ones in the code, beside <noscript>.
    use({ tag: "en", dir: "ltr", texts: {} });
    replace(main, h("div", { class: "page" }, h("h1", null, "The desk cannot be reached."),
      h("p", null, err.word === "start" ? "Please start the program again, and open the address that it prints." : "Nothing is lost. Please try again in a few minutes."),
      h("button", { type: "button", class: "button main", onclick: reach }, "Try again")));
    return;
  }
  routing = route(show);
  await show(location.hash);
}
