// The frame around every page: the place, the reader, the ways to the rooms.

import { h, replace, icon, liveRegion, toastShelf, focusOn } from "./dom.js";
import { say } from "./words.js";
import { session } from "./state.js";
import { button } from "./ui.js";

const rooms = [
  ["/inbox", "desk.nav.reports", "M3 13v6a1 1 0 0 0 1 1h16a1 1 0 0 0 1-1v-6M3 13l3-8h12l3 8M3 13h5l1.5 3h5L16 13h5"],
  ["/roster", "desk.nav.roster", "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5M16 4.5a3.2 3.2 0 0 1 0 6.2M18 14.8c2 .8 3.2 2.5 3.5 5.2"],
  ["/services", "word.services", "M12 21s-7-5.7-7-11a7 7 0 0 1 14 0c0 5.3-7 11-7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"],
  ["/numbers", "desk.nav.numbers", "M4 20h16M7 16v-4M12 16V6M17 16V9"],
  ["/record", "desk.nav.record", "M7 3h8l4 4v14H7zM15 3v4h4M10 12h6M10 16h6"],
];

let main, top, nav;

/** Builds the frame once; what stands in it changes with the language and with who is signed in. */
export function frame(root) {
  top = h("header", { class: "top" });
  nav = h("nav", { class: "rooms" });
  main = h("main", { id: "main", tabindex: "-1" });
  replace(root, top, nav, main, toastShelf(), liveRegion());
  return main;
}

/** Draws head and navigation anew. @param {string} path of the page that is shown @param {() => void} leave signs out */
export function drawFrame(path, leave) {
  const { place, me } = session;
  const skip = h("a", { class: "skip", href: "#main", onclick: (e) => { e.preventDefault(); focusOn(main); main.scrollIntoView(); } }, say("desk.skip"));
  replace(top, skip,
    h("div", { class: "names" },
      h("p", { class: "place" }, h("bdi", null, place?.name || say("desk.title"))),
      me?.name ? h("a", { class: "me", href: "#/me", "aria-current": path === "/me" ? "page" : null }, h("bdi", null, me.name)) : null),
    me ? button(say("desk.leave"), leave, "quiet leave") : null);
  const inside = me && !place.offline;
  nav.hidden = !inside;
  nav.setAttribute("aria-label", say("desk.nav"));
  replace(nav, inside ? h("ul", null, rooms.map(([to, key, drawing]) => h("li", null,
    h("a", { href: "#" + to, "aria-current": current(path, to) ? "page" : null }, icon(drawing), h("span", null, say(key)))))) : null);
  document.body.classList.toggle("signed-in", Boolean(inside));
}

const current = (path, to) => path === to || (to === "/inbox" && path.startsWith("/report/"));

/** Names the page in the window, without anything of a report. */
export function title(text) {
  document.title = [text, session.place?.name].filter(Boolean).join(" · ");
}
