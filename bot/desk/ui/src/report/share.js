// Letting one more colleague read, sealing again for those who cannot open everything, and handing over.

import { api } from "../api.js";
import { h, replace, announce, toast } from "../dom.js";
import { Trouble } from "../errors.js";
import { orgOf, roleOf } from "../labels.js";
import { candidates, fingerprint, makeCopies, makeShare, refusesShare } from "../seal/index.js";
import { busy, button, card, doing, radios } from "../ui.js";
import { say } from "../words.js";
import { openCode } from "./open.js";
import { saveFile } from "./save.js";
import { readersFirst } from "./write.js";

const care = ["support", "child"];

// What is for case workers comes before nobody else, and before case workers nothing but their own kinds. The server knows
// more, and refuses whoever is excluded.
const mayRead = (e, kind) => (care.includes(kind) || e.kinds.some((k) => care.includes(k)) ? e.kinds.includes(kind) : true);
const couldJoin = (shown) => [...candidates(shown.opened), ...byTheSide(shown)].filter((e) => mayRead(e, shown.about.kind));

// Who stands by has it sealed already, and sees it from the share on. Only a server says who does.
const byTheSide = ({ opened, waiting }) =>
  opened.roster.entries.filter((e) => waiting?.includes(e.id) && refusesShare(opened, e) === "");

/** @param {any} tools */
export function sharePanel(tools) {
  const { shown } = tools;
  const there = couldJoin(shown);
  if (!there.length) return card(say("open.choose.share"), h("p", null, say("open.share.nobody")), button(say("desk.close"), () => tools.end()));
  return peoplePanel(tools, {
    title: say("open.choose.share"), question: say("open.share.who"), missing: say("desk.share.missing"), people: there, text: say("open.share.ask"), send: say("desk.share.do"),
    work: async (entry, progress) => {
      const files = await makeShare({ opened: shown.opened, entry });
      if (!shown.server) return save(tools, "share", files);
      await sendAll(files, progress);
      const now = await whole(shown.code, tools.ctx, progress);
      await tools.done(say("staff.grant.added", { Name: entry.name, Code: shown.code }), now);
    },
  });
}

/** @param {any} tools */
export function sealAgainPanel(tools) {
  const { shown } = tools;
  const progress = h("p", { role: "status" });
  return card(say("open.choose.seal"), readersFirst(shown), h("p", null, say("open.seal.ask")),
    h("div", { class: "actions" },
      doing(say("desk.seal.do"), async () => {
        const files = await makeCopies({ opened: shown.opened });
        if (!files.length) throw new Trouble("desk.seal.cannot");
        if (!shown.server) return save(tools, "seal", files);
        await sendAll(files, progress);
        const now = await whole(shown.code, tools.ctx, progress);
        await tools.done(lacking(now) ? say("desk.seal.cannot") : say("staff.grant.whole", { Code: shown.code }), now);
      }, "main"),
      button(say("desk.cancel"), () => tools.end())),
    progress);
}

/** Only who sees all of the report can take it: the server says who does. A colleague who does not read yet is let in first. */
export async function handOverPanel(tools) {
  const { shown } = tools;
  const { opened, code } = shown;
  const path = `/api/report/${encodeURIComponent(code)}/handover`;
  const { takers } = await api.get(path, tools.ctx.signal);
  const readers = opened.readers.filter((r) => takers.some((t) => t.person === r.id));
  const others = couldJoin(shown);
  const people = [...readers, ...others];
  if (!people.length) return card(say("desk.handover"), h("p", null, say("open.share.nobody")), button(say("desk.close"), () => tools.end()));
  return peoplePanel(tools, {
    title: say("desk.handover"), question: say("desk.handover.who"), people, text: say("desk.handover.text"), send: say("desk.handover.do"),
    work: async (entry, progress) => {
      if (others.includes(entry)) {
        await sendAll(await makeShare({ opened, entry }), progress);
        await whole(code, tools.ctx, progress);
      }
      await api.post(path, { to: entry.id });
      tools.unsent(false);
      tools.ctx.go("/inbox"); // it is theirs now, and not in this reader's sight
      const done = say("desk.handover.done", { Name: entry.name, Code: code });
      setTimeout(() => { announce(done); toast(done); }, 300);
    },
  });
}

/** Chooses a person, shows who reads then, and does it. */
function peoplePanel(tools, { title, question, missing = question, people, text, send, work }) {
  const { opened } = tools.shown;
  const after = h("div");
  const progress = h("p", { role: "status" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { type: "submit", class: "button main" }, send);
  const who = () => people.find((e) => e.id === list.value());
  const draw = () => {
    const e = who();
    const joins = e && !opened.readers.some((r) => r.id === e.id) ? { ...e, fingerprint: fingerprint(e.key) } : null;
    replace(after, e ? readersFirst(tools.shown, joins) : null);
  };
  const list = radios(question, people.map((e) => [e.id, e.name, `${orgOf(e.org)} · ${roleOf(e.role)}`]), "", draw);
  return card(title, h("form", {
    class: "form",
    onsubmit: (ev) => {
      ev.preventDefault();
      if (!who()) { wrong.textContent = missing; return; }
      busy(submit, wrong, () => work(who(), progress));
    },
  }, list, after, h("p", null, text), h("div", { class: "actions" }, submit, button(say("desk.cancel"), () => tools.end())), progress, wrong));
}

async function sendAll(files, progress) {
  for (const [i, file] of files.entries()) {
    progress.textContent = say("desk.sealing", { Number: i + 1, Count: files.length });
    await api.send("/api/grant", file);
  }
}

const lacking = (shown) => shown.opened.readers.reduce((n, r) => n + r.lacks, 0);

/** Seals again until nobody lacks what opens here: messages may have come meanwhile. Gives the report as it is then. */
async function whole(code, ctx, progress) {
  let before = Infinity;
  for (;;) {
    const shown = await openCode(code, ctx.signal);
    const left = lacking(shown);
    if (left === 0 || left >= before) return shown;
    before = left;
    const files = await makeCopies({ opened: shown.opened });
    if (!files.length) return shown;
    await sendAll(files, progress);
  }
}

function save(tools, what, files) {
  const { code } = tools.shown;
  files.forEach((file, i) => saveFile(files.length > 1 ? `${code}-${what}-${i + 1}-of-${files.length}.amana` : `${code}-${what}.amana`, file));
  announce(say("desk.saved"));
  tools.end();
}
