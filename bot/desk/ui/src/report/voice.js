// A voice message: fetched and opened when it is wanted, and gone with the page.

import { h, replace } from "../dom.js";
import { lengthOf } from "../labels.js";
import { blobLink, dropLink } from "../state.js";
import { doing } from "../ui.js";
import { say } from "../words.js";

/** @param {import("./open.js").Shown} shown @param {{number: number, seconds: number}} voice */
export function player(shown, voice) {
  const name = say("word.voice.item", { Length: lengthOf(voice.seconds) });
  const el = h("div", { class: "voice" });
  const begin = () => replace(el, h("p", null, name), doing(say("word.listen"), async () => {
    const ogg = await shown.sound(voice.number);
    const link = blobLink(new Blob([ogg], { type: "audio/ogg" }));
    ogg.fill(0);
    const audio = h("audio", { controls: true, src: link, "aria-label": name });
    replace(el, h("p", null, name), audio);
    shown.signal?.addEventListener("abort", () => { audio.pause(); audio.removeAttribute("src"); dropLink(link); });
    audio.play().catch(() => {}); // where a browser wants one more tap, the controls are there
    audio.focus();
  }));
  begin();
  return el;
}
