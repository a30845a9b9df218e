// The handle by which a report is told apart where it is handed over. It comes from what only readers hold, so that nobody
// else can say which report it belongs to; it signs nothing and opens nothing.
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hex, utf8 } from "./bytes.js";
import { protocol } from "./keys.js";

/** @param {import("./thread.js").Opened} opened @returns {string} in hexadecimal */
export const handle = (opened) => hex(hkdf(sha256, opened.secrets.seed, undefined, utf8(`${protocol} hand-over`), 32));
