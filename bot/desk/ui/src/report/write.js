// Writing: an answer that the reporter reads, or a note that they never see. Who will be able to read stands above the words.

import { api } from "../api.js";
import { h, replace, announce } from "../dom.js";
import { directionOf, languageOf } from "../labels.js";
import { makeAnswer, makeNote, moves, outcomes } from "../seal/index.js";
import { session } from "../state.js";
import { busy, button, card, field, notice, radios, select } from "../ui.js";
import { fetchBook, label, say, sayFrom, tag } from "../words.js";
import { once, saidIn } from "./once.js";
import { saveFile } from "./save.js";
import { labelsWarning, readerNames } from "./view.js";

const ready = ["read", "more", "passed_on", "help", "when", "call", "safe", "thanks"];

/**
 * The panel for an answer.
 * @param {any} tools @param {{asks?: boolean, state?: string}} [want] with a question, or into a state
 */
export function answerPanel(tools, { asks = false, state = "" } = {}) {
  const { shown } = tools;
  const { opened } = shown;
  const theirs = opened.language;
  const there = session.place.languages;
  let lang = there.some((l) => l.tag === theirs) ? theirs : tag();
  const text = textBox(tools, lang);
  const canned = h("details", { class: "canned", open: asks }, h("summary", null, say("desk.ready")));
  const drawReady = async () => {
    const from = await fetchBook(lang).catch(() => null);
    if (!from) return;
    replace(canned, h("summary", null, say("desk.ready")), h("ul", null, ready.map((name) => {
      const key = `desk.canned.${name}`;
      const words = sayFrom(from, key);
      return h("li", null, h("button", { type: "button", class: "button sentence", onclick: () => { insert(text, words); tools.unsent(true); } },
        h("span", { lang, dir: from.dir }, words), lang === tag() ? null : h("span", { class: "soft small" }, say(key))));
    })));
  };
  drawReady();
  const order = [theirs, ...there.map((l) => l.tag).filter((t) => t !== theirs)].filter((t) => there.some((l) => l.tag === t));
  const language = select(order.map((t) => [t, languageOf(t)]), lang, (e) => {
    lang = e.target.value;
    text.lang = lang;
    text.dir = directionOf(lang);
    drawReady();
  });
  const possible = moves(opened);
  const chosen = possible.includes(state) ? state : possible[0];
  const outcome = select([["", say("desk.outcome.none")], ...outcomes.map((o) => [o, label("desk.outcome.", o)])], "");
  const ending = field(say("desk.outcome"), outcome, say("desk.outcome.hint"));
  const states = radios(say("open.state.ask"), possible.map((s) => [s, label("staff.state.", s)]), chosen, (s) => { ending.hidden = s !== "closed"; });
  ending.hidden = chosen !== "closed";
  return panel(tools, asks ? say("desk.ask") : state === "closed" ? say("desk.close_it") : state === "read" && opened.state === "closed" ? say("desk.reopen") : say("open.choose.answer"), {
    before: [readersFirst(shown), notice("warn", say("open.warn.repeat"), say("open.warn.investigate"))],
    fields: [field(say("open.answer.lang"), language), canned, text.field, states, ending],
    send: say("desk.answer.send"),
    make: () => makeAnswer({ opened, text: text.value, lang, state: states.value(), outcome: states.value() === "closed" ? outcome.value : "" }),
    name: "answer",
    text,
    told: (got) => [say(got.again ? "staff.answer.already" : "staff.answer.ok", { Code: shown.code }), got.missing?.length ? say("desk.missing") : ""].filter(Boolean).join(" "),
  });
}

/** The panel for a note among readers. */
export function notePanel(tools) {
  const { shown } = tools;
  const text = textBox(tools, tag());
  return panel(tools, say("open.choose.note"), {
    before: [readersFirst(shown)],
    fields: [text.field],
    send: say("desk.note.send"),
    make: () => makeNote({ opened: shown.opened, text: text.value, lang: tag() }),
    name: "note",
    text,
    told: (got) => say(got.again ? "staff.answer.already" : "staff.note.ok", { Code: shown.code }),
  });
}

/** Who will be able to read what is written now. */
export const readersFirst = (shown, joins = null) => h("div", { class: "stack tight" }, h("p", null, say("open.readers")), readerNames(shown, joins),
  session.place.local ? labelsWarning() : h("p", { class: "soft small" }, say("open.warn.server")));

/** A field for words; what stands in it is kept nowhere. */
export function textBox(tools, lang, name = say("desk.text")) {
  const box = h("textarea", { rows: 6, lang, dir: directionOf(lang), autocomplete: "off", oninput: () => tools.unsent(box.value.trim() !== "") });
  box.field = field(name, box);
  return box;
}

function insert(box, words) {
  const before = box.value.trimEnd();
  box.value = before ? `${before}\n${words}` : words;
  box.focus();
  announce(words);
}

/**
 * A panel that seals and sends, or saves where the file did not come from the server.
 * @param {any} tools @param {string} title
 * @param {{before: any[], fields: any[], send: string, make: () => Promise<Uint8Array>, name: string, text: any, told: (got: any) => string}} what
 */
export function panel(tools, title, what) {
  const { shown } = tools;
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { class: "button main", type: "submit" }, shown.server ? what.send : say("desk.save.file"));
  const form = h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      busy(submit, wrong, async () => {
        const file = await made();
        if (!shown.server) {
          saveFile(`${shown.code}-${what.name}.amana`, file);
          replace(form, notice("good", say("desk.saved")), button(say("desk.close"), () => tools.end()));
          tools.unsent(false);
          return;
        }
        const got = await api.send("/api/answer", file);
        await tools.done(what.told(got));
      });
    },
  }, what.fields, h("div", { class: "actions" }, submit, button(say("desk.cancel"), () => tools.end())), wrong);
  const made = once(what.make, () => saidIn(form));
  return card(title, what.before, form);
}
