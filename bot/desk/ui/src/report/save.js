// Giving a file to the person at the page. Nothing of it stays here.

import { h } from "../dom.js";
import { blobLink, dropLink } from "../state.js";

/** Offers bytes or a text as a file. */
export function saveFile(name, content, type = "application/octet-stream") {
  const link = blobLink(new Blob([content], { type }));
  const a = h("a", { href: link, download: name });
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => dropLink(link), 60_000);
}
