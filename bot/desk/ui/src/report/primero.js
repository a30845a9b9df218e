// To a Primero from one's own machine: the program here makes the records and sends them, so that no server of the mission sees
// a word or the password. What goes out is shown before, and the other readers get a note of it.

import { api, ApiError } from "../api.js";
import { h, replace, announce, toast } from "../dom.js";
import { makeNote, moves } from "../seal/index.js";
import { button, dialog, doing } from "../ui.js";
import { say } from "../words.js";
import { noteLeft } from "./left.js";
import { saveFile } from "./save.js";

/** A button that appears if this machine has a mapping. @param {import("./open.js").Shown} shown @param {() => string} form */
export function primeroButton(shown, form) {
  const place = h("span", { class: "doing" });
  api.get("/api/primero").then((there) => {
    if (there.name) replace(place, button(say("desk.primero"), () => offer(shown, form())));
  }).catch(() => {}); // then there is none
  return place;
}

function offer(shown, form) {
  const body = h("div", { class: "stack" }, h("p", null, say("desk.loading")));
  const d = dialog(say("desk.primero"), () => body);
  const close = () => d.close();
  const wrong = (err) => replace(body, h("p", { class: "wrong", role: "alert", dir: "auto" }, err instanceof ApiError && err.what ? err.what : say("desk.error.away")), button(say("desk.close"), close, "main"));
  api.post("/api/primero/show", { form }).then((plan) => {
    replace(body, h("p", null, say("open.primero.ask", { Name: plan.name })), h("pre", { class: "code small", dir: "ltr", tabindex: "0" }, plan.shown),
      h("div", { class: "actions" }, doing(say("desk.primero"), () => send(shown, form, plan).then((told) => { close(); announce(told); toast(told); }).catch(wrong), "danger"), button(say("desk.cancel"), close)));
  }).catch(wrong);
}

/** Sends, and notes for the other readers what was sent where. A note that fails is made again with the same records. */
async function send(shown, form, plan) {
  const { opened, code, server } = shown;
  await noteLeft(shown, "system");
  const sent = await api.post("/api/primero/send", { form, sum: plan.sum });
  const state = plan.leg === "complaint" && opened.state !== "referred" && moves(opened).includes("referred") ? "referred" : "";
  const note = await makeNote({ opened, text: sent.text, lang: "en", leg: { leg: plan.leg, to: plan.name, state: "sent" }, state });
  if (!server) {
    saveFile(`${code}-handed.amana`, note);
    return `${say("desk.primero.done", { Name: plan.name })} ${say("desk.saved")}`;
  }
  await api.send("/api/answer", note);
  return `${say("desk.primero.done", { Name: plan.name })} ${say("staff.note.ok", { Code: code })}`;
}
