// Inviting somebody: a one-time link, shown once.

import { api } from "../api.js";
import { focusOn, h, newID, replace, toast } from "../dom.js";
import { areaOf, orgOf, roleOf } from "../labels.js";
import { session } from "../state.js";
import { busy, button, card, check, field, notice, select } from "../ui.js";
import { names, say, tag } from "../words.js";
import { canBeID, idFrom } from "./decide.js";

const kinds = ["sea", "trafficking", "force", "fraud", "retaliation", "other", "remedy", "participation", "feedback", "support", "child"];
const roles = ["focal_point", "backup", "coordinator", "oversight"];

/** Boxes of which any number can be ticked. */
function several(name, hint, options) {
  const ticked = new Set();
  const id = newID("hint");
  const el = h("fieldset", { class: "choices", "aria-describedby": hint ? id : null }, h("legend", null, name), hint ? h("p", { class: "hint", id }, hint) : null,
    h("div", { class: "ticks" }, options.map(([value, text]) => check(text, (on) => { if (on) ticked.add(value); else ticked.delete(value); }))));
  return Object.assign(el, { values: () => options.map(([v]) => v).filter((v) => ticked.has(v)) });
}

/**
 * @param {Array<{id: string, name: string}>} people who can stand in for somebody
 * @param {boolean} mails whether notices can go by mail
 */
export function invitePanel(people, mails) {
  const body = h("div", { class: "stack" });
  const start = () => replace(body, h("div", { class: "actions" }, button(say("desk.invite"), () => { replace(body, card(say("desk.invite"), form(body, people, mails, start))); focusOn(body.querySelector("input")); })));
  start();
  return body;
}

const canBeMail = (address) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address); // the server looks closer

function form(body, people, mails, start) {
  const name = h("input", { type: "text", autocomplete: "off", maxlength: 80, dir: "auto", oninput: () => { if (!touched) id.value = idFrom(name.value); } });
  let touched = false;
  const id = h("input", { type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: 32, dir: "ltr", oninput: () => { touched = true; } });
  const org = select([["", "–"], ...names("organisations").map((o) => [o, orgOf(o)])], "");
  const role = select(roles.map((r) => [r, r === "oversight" ? say("desk.oversight") : roleOf(r)]), "focal_point");
  const backup = select([["", "–"], ...people.map((p) => [p.id, p.name])], "");
  const lang = select(session.place.languages.map((l) => [l.tag, l.name]), tag());
  const mail = h("input", { type: "text", inputmode: "email", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: 254, dir: "ltr" });
  const boxes = {
    name: field(say("desk.form.name"), name), id: field(say("desk.me.person"), id, say("desk.invite.id")), org: field(say("desk.org"), org),
    role: field(say("desk.role"), role), backup: field(say("desk.backup"), backup), lang: field(say("word.language"), lang),
    mail: field(say("desk.invite.mail"), mail, say("desk.invite.mail.hint")),
  };
  const areas = several(say("desk.area"), say("desk.invite.all"), names("areas").map((a) => [a, areaOf(a)]));
  const reads = several(say("desk.kind"), say("desk.invite.kinds"), kinds.map((k) => [k, say(`staff.kind.${k}`)]));
  const langs = several(say("desk.invite.langs"), "", session.place.languages.map((l) => [l.tag, l.name]));
  let child = false, oversight = false;
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { type: "submit", class: "button main" }, say("desk.invite.make"));
  return h("form", {
    class: "form",
    onsubmit: (e) => {
      e.preventDefault();
      for (const b of Object.values(boxes)) b.complain("");
      if (!name.value.trim()) return boxes.name.complain(say("desk.fill"));
      if (!canBeID(id.value.trim())) return boxes.id.complain(say("desk.invite.id"));
      if (!org.value) return boxes.org.complain(say("desk.fill"));
      if (mail.value.trim() && !canBeMail(mail.value.trim())) return boxes.mail.complain(say("desk.invite.mail.hint"));
      busy(submit, wrong, async () => {
        const got = await api.post("/api/roster/invite", {
          id: id.value.trim(), name: name.value.trim(), org: org.value, role: role.value, areas: areas.values(), kinds: reads.values(),
          langs: langs.values(), backup: backup.value, child, oversight, lang: lang.value, mail: mail.value.trim(),
        });
        replace(body, card(say("desk.invite"), link(got.link, name.value.trim(), start)));
        focusOn(body.querySelector("h2"));
        body.scrollIntoView({ block: "start" }); // the form was longer
      });
    },
  }, boxes.name, boxes.id, boxes.org, boxes.role, areas, reads, check(say("desk.specialist"), (on) => { child = on; }), check(say("desk.oversight"), (on) => { oversight = on; }),
  boxes.backup, langs, boxes.lang, mails ? boxes.mail : null, wrong, h("div", { class: "actions" }, submit, button(say("desk.cancel"), start)));
}

/** The link, once: it is kept nowhere, and made anew if it is lost. */
function link(text, name, start) {
  const shown = h("input", { type: "text", readonly: true, value: text, dir: "ltr", class: "code", "aria-label": say("desk.invite.link", { Name: name }), onfocus: (e) => e.target.select() });
  return [
    notice("good", say("desk.invite.link", { Name: name }), say("desk.invite.once")),
    shown,
    h("div", { class: "actions" },
      button(say("desk.copy"), async () => {
        try { await navigator.clipboard.writeText(text); toast(say("word.done")); } catch { shown.focus(); shown.select(); }
      }, "main"),
      button(say("desk.close"), start)),
  ];
}
