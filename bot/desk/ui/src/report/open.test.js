import { test } from "node:test";
import assert from "node:assert/strict";
import { fixed, vectors as v } from "../seal/testdata/fixed.mjs";
import { session } from "../state.js";
import { openFiles } from "./open.js";

const shelf = new Map();
globalThis.localStorage = { getItem: (k) => shelf.get(k) ?? null, setItem: (k, text) => shelf.set(k, text) };

const file = (name) => ({ name, arrayBuffer: async () => fixed(name).buffer });
const other = v.Coordinator.Public.replace(/.$/, (c) => (c === "q" ? "p" : "q"));

// A browser may still hold the coordinator's key of its first visit, which the machine pins no longer.
test("on one's own machine the key that is pinned there decides", async () => {
  session.secret = v.Secret;
  shelf.set("amana-desk", JSON.stringify({ pin: other }));
  session.place = { local: true, coordinator: v.Coordinator.Public, languages: [] };
  assert.ok((await openFiles([file("handout.age")])).opened.body.id);
  shelf.set("amana-desk", JSON.stringify({ pin: v.Coordinator.Public }));
  session.place = { local: true, coordinator: other, languages: [] };
  await assert.rejects(openFiles([file("handout.age")]));
});

test("pages of a server are held to the key of the first visit", async () => {
  shelf.set("amana-desk", JSON.stringify({ pin: v.Coordinator.Public }));
  session.place = { local: false, coordinator: other, languages: [] };
  assert.ok((await openFiles([file("handout.age")])).opened.body.id);
});
