// Which page belongs to which address.

import { page as join } from "./pages/join.js";
import { page as signIn } from "./pages/signin.js";
import { page as inbox } from "./pages/inbox.js";
import { page as report } from "./pages/report.js";
import { page as file } from "./pages/file.js";
import { page as me } from "./pages/me.js";
import { page as roster } from "./pages/roster.js";
import { page as directory } from "./pages/directory.js";
import { page as numbers } from "./pages/numbers.js";
import { page as audit } from "./pages/audit.js";

/** The first part of every address that needs nobody signed in. */
export const open = new Set(["in", "join"]);

/** @type {Array<[string, (el: HTMLElement, params: Object<string, string>, ctx: any) => Promise<void>]>} */
export const routes = [
  ["/join/:word", join],
  ["/in", signIn],
  ["/inbox", inbox],
  ["/report/:code", report],
  ["/file", file],
  ["/me", me],
  ["/roster", roster],
  ["/services", directory],
  ["/numbers", numbers],
  ["/record", audit],
];
