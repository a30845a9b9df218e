// The fixed files of the Go programs, for the tests here.
import { readFileSync } from "node:fs";

/** @param {string} name */
export const fixed = (name) => new Uint8Array(readFileSync(new URL(name, import.meta.url)));

export const vectors = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8"));
