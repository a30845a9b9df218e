// The choice of language at the foot of pages that need nobody signed in.

import { h, newID } from "../dom.js";
import { session, store } from "../state.js";
import { load, say, tag } from "../words.js";

/** A list of languages, each in its own words; the page is drawn anew in the one that is chosen. */
export function languages(ctx, chosen = async (lang) => { store({ lang }); }) {
  const id = newID("lang");
  return h("div", { class: "field language" }, h("label", { for: id }, say("word.language")),
    h("select", {
      id,
      onchange: async (e) => {
        const lang = e.target.value;
        await load(lang);
        await chosen(lang);
        ctx.redraw();
      },
    }, session.place.languages.map((l) => h("option", { value: l.tag, lang: l.tag, dir: l.dir, selected: l.tag === tag() }, l.name))));
}
