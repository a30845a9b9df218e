import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const catalog = JSON.parse(readFileSync(join(here, "../../../../locales/en/messages.gotext.json"), "utf8"));
const there = new Set(catalog.messages.map((m) => m.id));

const scripts = readdirSync(here, { recursive: true }).filter((f) => f.endsWith(".js") && !f.endsWith(".test.js"));
const named = new Map();
for (const f of scripts) {
  for (const [, key] of readFileSync(join(here, f), "utf8").matchAll(/["'`]((?:desk|staff|open|word|contact|hours|service|card)\.[a-z0-9_.]*[a-z0-9_])["'`]/g)) {
    if (!named.has(key)) named.set(key, f);
  }
}

// Some texts are said by the server.
for (const f of readdirSync(join(here, "../..")).filter((f) => f.endsWith(".go") && !f.endsWith("_test.go"))) {
  for (const [, key] of readFileSync(join(here, "../..", f), "utf8").matchAll(/"(desk\.[a-z0-9_.]*[a-z0-9_])"/g)) named.set(key, f);
}

test("every text that the pages name is in the catalog", () => {
  assert.ok(named.size > 20);
  assert.deepEqual([...named].filter(([key]) => !there.has(key)), []);
});

// Keys that are put together, such as "desk.canned.1", are found by the head that stands in the code.
const heads = new Set();
for (const f of scripts) for (const [, head] of readFileSync(join(here, f), "utf8").matchAll(/["'`]((?:desk)\.[a-z0-9_.]*\.)(?=["'`]|\$\{)/g)) heads.add(head);

test("every text of the desk in the catalog is named by a page", () => {
  const unused = [...there].filter((key) => key.startsWith("desk.") && !named.has(key) && ![...heads].some((head) => key.startsWith(head)));
  assert.deepEqual(unused, []);
});
