// Whoever leaves the phone on the table is signed out, after one warning.

import { api, lastAsked } from "./api.js";
import { say } from "./words.js";
import { button, dialog, paragraphs } from "./ui.js";
import { h } from "./dom.js";

const warnBefore = 60_000;

let timer = null;
let last = 0;
let warning = null;
let whole = 0;
let out = () => {};

const signs = ["pointerdown", "keydown", "wheel", "touchmove"];

/** Signs out after some minutes in which nobody touched the page. */
export function watchIdle(minutes, signOut) {
  stopIdle();
  whole = minutes * 60_000;
  out = signOut;
  last = Date.now();
  for (const s of signs) window.addEventListener(s, touched, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  timer = setInterval(look, 5000);
}

/** Ends the watch. */
export function stopIdle() {
  clearInterval(timer);
  timer = null;
  for (const s of signs) window.removeEventListener(s, touched, { capture: true });
  document.removeEventListener("visibilitychange", look);
  warning?.close();
  warning = null;
}

function touched() {
  if (warning) return; // the question is answered with its own buttons
  last = Date.now();
  // Long writing is no silence: the server, which has its own clock, is told of it.
  if (Date.now() - lastAsked() > 60_000) api.get("/api/me").catch(() => {});
}

// The clock of the day is asked, since timers stand still on a phone that sleeps.
function look() {
  const quiet = Date.now() - last;
  if (quiet >= whole) {
    const go = out;
    stopIdle();
    go();
  } else if (quiet >= whole - warnBefore && !warning) {
    warn();
  }
}

function warn() {
  const d = dialog(say("desk.idle"), (close) => [
    paragraphs(say("desk.idle.text")),
    h("div", { class: "actions" }, button(say("desk.idle.stay"), () => close("stay"), "main"), button(say("desk.leave"), () => close("leave"))),
  ], { alert: true });
  warning = d;
  d.done.then((v) => {
    if (!warning) return;
    warning = null;
    if (v === "leave") return out();
    last = Date.now();
    api.get("/api/me").catch(() => {});
  });
}
