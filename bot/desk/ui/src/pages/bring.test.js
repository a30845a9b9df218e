import { test, beforeEach } from "node:test";
import assert from "node:assert/strict";
import { bring } from "./bring.js";
import { session, stored } from "../state.js";

let server, asked;

beforeEach(() => {
  const shelf = new Map();
  globalThis.localStorage = { getItem: (k) => shelf.get(k) ?? null, setItem: (k, v) => shelf.set(k, v) };
  asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push(JSON.parse(options.body));
    return server(asked.length);
  };
  session.place = { coordinator: "amana-coordinator1x" };
});

const answer = (status, told) => new Response(JSON.stringify(told), { status });
const joining = () => ({ word: "w", file: new Uint8Array(4), device: new Uint8Array(16), guest: { person: "ana" } });

test("a lost answer costs nobody their invitation", async () => {
  server = (n) => { if (n === 1) throw new TypeError("the line broke"); return answer(404, { error: "gone" }); };
  const j = joining();
  await assert.rejects(bring(j, new Uint8Array(32)), { word: "away" });
  assert.equal(stored().person, undefined);
  await bring(j, new Uint8Array(32));
  assert.deepEqual(asked[0], asked[1]);
  assert.equal(stored().person, "ana");
  assert.equal(stored().browser, asked[0].browser);
});

test("an invitation that was used up before opens nothing", async () => {
  server = () => answer(404, { error: "gone" });
  const j = joining();
  await assert.rejects(bring(j, new Uint8Array(32)), { word: "gone" });
  await assert.rejects(bring(j, new Uint8Array(32)), { word: "gone" });
  assert.equal(stored().person, undefined);
});

test("the first answer does it", async () => {
  server = () => answer(200, { person: "bea", fingerprint: "1" });
  const j = joining();
  await bring(j, new Uint8Array(32));
  assert.equal(j.person, "bea");
  assert.equal(j.file, null);
  assert.equal(stored().pin, "amana-coordinator1x");
});
