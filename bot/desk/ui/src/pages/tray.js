// The low tray of the inbox: reports that came with many at once. It stands below the others and is closed until somebody
// opens it, so that a flood hides nothing and can still be read through.

import { h, newID, replace } from "../dom.js";
import { whenForgotten } from "../state.js";
import { badge } from "../ui.js";
import { say } from "../words.js";

// Whether it is open stays while one goes to a report and back.
let open = false;
whenForgotten(() => { open = false; });

/**
 * The section, to be filled anew at each look. It stays the same element, so that whoever is in it is not thrown out.
 * @param {(line: import("../filter.js").Line, heading: string) => HTMLElement} row
 */
export function tray(row) {
  const id = newID("tray");
  const count = badge("");
  const body = h("div", { class: "stack" });
  const details = h("details", { open, ontoggle: () => { open = details.open; } },
    h("summary", null, h("h2", null, h("span", { id }, say("desk.tray")), " ", count)), body);
  const el = h("section", { class: "tray", "aria-labelledby": id, hidden: true }, details);
  return {
    el,
    /** @param {import("../filter.js").Line[]} lines @param {number} many */
    show(lines, many) {
      el.hidden = many === 0;
      count.textContent = String(many);
      replace(body, h("p", { class: "soft" }, say("desk.tray.hint")),
        lines.length ? h("ol", { class: "lines", role: "list" }, lines.map((l) => row(l, "h3"))) : h("p", null, say("desk.inbox.none")));
    },
  };
}
