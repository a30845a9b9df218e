// The page of the demonstration: two pages side by side, time that passes, and what the server had in its hands.

"use strict";

const $ = (id) => document.getElementById(id);
const phone = document.querySelector("iframe[name=phone]");
const desk = document.querySelector("iframe[name=desk]");
let state = null;
let shownMoments = -1;
let words = {}; // of the page itself, by key, in the language of the phone
let sitting = 0; // counts who sat down, so that a slow one does not sign in over a later one

/** Makes an element with attributes and children. */
function h(tag, attrs, ...children) {
  const el = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs ?? {})) if (v !== undefined && v !== false) el.setAttribute(k, v === true ? "" : v);
  el.append(...children.filter((c) => c !== null && c !== undefined));
  return el;
}

function say(text) { $("status").textContent = text; }

async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const got = await answer.json();
  if (!answer.ok) throw new Error(got.error);
  return got;
}

/** Does something that somebody pressed a button for, one thing at a time. */
async function busy(button, what) {
  button.disabled = true;
  try {
    await what();
  } catch (err) {
    say(t("demo.failed"));
    console.warn(err.message);
  }
  button.disabled = false;
  await refresh();
}

// What is shown.

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    document.body.dataset.view = button.dataset.show;
    for (const b of document.querySelectorAll("[data-show]")) {
      b.setAttribute("aria-pressed", String(b.dataset.show === button.dataset.show || (b.className === "both" && button.dataset.show === "desk")));
    }
    refresh();
  });
}

/** Asks what is new, and draws it. */
async function refresh() {
  let got;
  try {
    got = await ask("/demo/state");
  } catch {
    return say(t("demo.ended"));
  }
  const first = !state;
  state = got;
  if (first) begin();
  $("now").textContent = new Intl.DateTimeFormat(`${document.documentElement.lang}-u-nu-latn-ca-gregory`, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" }).format(new Date(local(state.now)));
  $("number").disabled = !state.receipt;
  const list = $("told").querySelector("ul");
  if (list.childElementCount !== state.told.length) {
    list.replaceChildren(...state.told.map((t) => h("li", { dir: "auto" }, `${t.to}: ${t.text}`)));
    $("told-count").textContent = `(${state.told.length})`;
    lookAgain();
  }
  if (document.body.dataset.view === "bytes" && shownMoments !== state.moments) {
    shownMoments = state.moments;
    draw(await ask("/demo/moments"));
  }
}

/** Lets the list at the desk be looked at again, which it does by itself once a minute only. */
function lookAgain() {
  const there = desk.contentWindow;
  if (there?.location.hash === "#/inbox") there.dispatchEvent(new there.Event("hashchange"));
}

/** The hour of the camp, whatever the zone of this browser: the time as it is written, without its zone. */
function local(text) { return text.slice(0, 19) + "Z"; }

function begin() {
  for (const id of ["phone-lang", "desk-lang"]) {
    const chosen = $(id).value; // also in a new camp
    $(id).replaceChildren(...state.languages.map((l) => h("option", { value: l.tag, lang: l.tag }, l.name)));
    $(id).value = chosen || state.lang;
  }
  speak();
  frame().then(sit, () => say("The demonstration has ended."));
}

/** A text of the page itself. */
function t(key) { return words[key] ?? ""; }

/** Puts the page itself into the language of the phone, and in its direction. */
async function frame() {
  const got = await ask(`/demo/words?lang=${encodeURIComponent($("phone-lang").value)}`);
  words = got.words;
  document.documentElement.lang = got.lang;
  document.documentElement.dir = got.dir;
  document.title = t("demo.title");
  for (const el of document.querySelectorAll("[data-say]")) {
    if (el.tagName === "IFRAME") el.title = t(el.dataset.say);
    else el.textContent = t(el.dataset.say);
  }
  const who = $("who").value;
  $("who").replaceChildren(...got.people.map((p) => h("option", { value: p.id }, `${p.name}, ${p.org}`)));
  if (who) $("who").value = who;
}

// The phone.

/** Begins a conversation in the language that was chosen, as a tap on its name does. */
function speak() {
  const form = h("form", { method: "post", action: "/phone/", target: "phone", hidden: true }, h("input", { name: "lang", value: $("phone-lang").value }));
  document.body.append(form);
  form.submit();
  form.remove();
}

$("phone-lang").addEventListener("change", () => {
  speak();
  frame().then(refresh, () => say(t("demo.ended")));
});
phone.addEventListener("load", () => refresh());

$("number").addEventListener("click", () => {
  const into = [...(phone.contentDocument?.querySelectorAll("textarea, input") ?? [])].find((f) => ["text", "textarea", "tel", "search", "number"].includes(f.type) && f.offsetParent);
  if (!into) return say(t("demo.number.not"));
  into.value = state.receipt.replace(/(\d{4})(?=\d)/g, "$1 ");
  into.dispatchEvent(new Event("input", { bubbles: true }));
  into.focus();
  say("");
});

// The desk.

/** Lets somebody sit down: their browser gets its keys, and they sign in. */
async function sit() {
  const mine = ++sitting;
  if (!state.built) {
    desk.src = "/desk/";
    return;
  }
  say(t("demo.wait"));
  try {
    const k = await ask("/demo/sit", { id: $("who").value, lang: $("desk-lang").value });
    if (mine !== sitting) return;
    const kept = { person: k.person, device: k.device, browser: k.browser, pin: k.pin, lang: k.lang };
    localStorage.setItem("amana-desk", JSON.stringify(kept));
    await loaded(() => { desk.contentWindow.location.replace(`/desk/?${mine}`); });
    await signIn(k.passphrase, () => mine === sitting);
    say("");
  } catch (err) {
    if (mine !== sitting) return; // somebody else sits there by now
    say(t("demo.failed"));
    console.warn(err.message);
  }
}

function loaded(what) {
  return new Promise((resolve) => {
    desk.addEventListener("load", resolve, { once: true });
    what();
  });
}

/** Types the passphrase as its owner would, and waits until the desk has let them in. */
async function signIn(passphrase, still) {
  const field = await found(() => desk.contentDocument?.querySelector("input[type=password]"), still);
  field.value = passphrase;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.form.requestSubmit();
  await found(() => !desk.contentDocument?.querySelector("input[type=password]"), still);
}

async function found(look, still) {
  for (let n = 0; n < 600 && still(); n++) {
    const got = look();
    if (got) return got;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error("the desk did not come");
}

for (const id of ["who", "desk-lang"]) $(id).addEventListener("change", sit);
$("again").addEventListener("click", sit);

// The camp.

for (const [id, hours] of [["hour", 1], ["day", 24]]) {
  $(id).addEventListener("click", () => busy($(id), async () => {
    const { lines } = await ask("/demo/wait", { hours });
    say((lines ?? []).map((l) => `${t("demo.phone")}: ${l}`).join(" "));
  }));
}

$("anew").addEventListener("click", () => busy($("anew"), async () => {
  await ask("/demo/anew", {});
  localStorage.removeItem("amana-desk");
  shownMoments = -1;
  state = null;
  say("");
}));

// What the server could read.

function draw(moments) {
  $("nothing").hidden = moments.length > 0;
  const open = new Set([...document.querySelectorAll("#moments details[open]")].map((d) => d.dataset.id));
  $("moments").replaceChildren(...moments.map((m, i) => moment(m, i, open)).reverse());
}

function moment(m, i, open) {
  return h("article", { class: "moment", "data-kind": m.kind },
    h("h3", null, m.title, m.times > 1 ? ` (the latest of ${m.times})` : "", " ", h("span", { class: "at" }, m.at)),
    h("div", { class: "sides" },
      h("div", { class: "could" }, h("h4", null, "It could read"), list(m.could)),
      h("div", { class: "could-not" }, h("h4", null, "It could not read"), list(m.couldNot))),
    ...(m.records ?? []).map((r, n) => record(r, `${i}.${n}`, open)));
}

function list(lines) { return h("ul", null, ...lines.map((l) => h("li", null, l))); }

function record(r, id, open) {
  return h("details", { class: "record", "data-id": id, open: open.has(id) },
    h("summary", null, r.shelf, r.gone ? h("strong", { class: "gone" }, " — taken away") : null, ` · ${r.size.toLocaleString("en")} bytes`),
    r.under ? h("p", null, `Opened with: ${r.under}`) : null,
    r.fields?.length ? fields(r.fields) : null,
    r.key ? pre("Its key in the database", r.key) : null,
    r.sealed ? h("div", null,
      h("p", null, `Sealed: one age file of ${r.sealed.size.toLocaleString("en")} bytes with ${r.sealed.places} ${r.sealed.places === 1 ? "place" : "places"}. No key of the server fits any of them.`),
      pre("Its places", r.sealed.head), pre("What they lock", r.sealed.payload)) : null,
    pre(r.key ? "As it is kept" : "Its bytes", r.stored));
}

function fields(all) {
  return h("table", null, h("tbody", null, ...all.map((f) => h("tr", null, h("th", { scope: "row" }, f.name || "in clear"),
    h("td", { dir: "auto" }, f.value.includes("\n0000") || /^[0-9a-f]{8} {2}/.test(f.value) ? h("pre", { tabindex: "0" }, f.value) : f.value)))));
}

function pre(title, text) { return h("div", null, h("p", null, title), h("pre", { tabindex: "0", "aria-label": title, role: "region" }, text)); }

setInterval(() => { if (document.visibilityState === "visible") refresh(); }, 1500);
refresh();
