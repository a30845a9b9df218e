// A report in files that came another way than through this desk, such as from the staff bot.

import { h, replace, focusOn } from "../dom.js";
import { busy, card, pageHead, paragraphs } from "../ui.js";
import { say } from "../words.js";
import { openFiles } from "../report/open.js";
import { draw } from "./report.js";

/** @param {HTMLElement} el @param {Object<string, string>} params @param {any} ctx */
export async function page(el, params, ctx) {
  ctx.title(say("desk.file"));
  const wrong = h("p", { class: "wrong", role: "alert" });
  const input = h("input", { type: "file", multiple: true, accept: ".amana", id: "files" });
  const open = async (files) => {
    if (!files.length) return;
    await busy(input, wrong, async () => {
      const shown = await openFiles(files);
      draw(el, shown, ctx);
      focusOn(el.querySelector("h1"));
      window.scrollTo(0, 0);
    });
  };
  input.addEventListener("change", () => open(input.files));
  const drop = h("div", {
    class: "drop",
    ondragover: (e) => { e.preventDefault(); drop.classList.add("over"); },
    ondragleave: () => drop.classList.remove("over"),
    ondrop: (e) => { e.preventDefault(); drop.classList.remove("over"); open(e.dataTransfer.files); },
  }, h("label", { for: "files" }, say("desk.file.choose")), h("p", { class: "hint" }, say("desk.file.drop")), input);
  replace(el, pageHead(say("desk.file")), card("", paragraphs(say("desk.file.text")), drop, wrong));
}
