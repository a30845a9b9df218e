import { test } from "node:test";
import assert from "node:assert/strict";
import { once, saidIn } from "./once.js";

test("what is sent again is the same file, and what was changed another", async () => {
  const text = { value: "An answer.", checked: undefined };
  const closed = { value: "closed", checked: false };
  const form = { elements: [text, closed] };
  let made = 0;
  const file = once(async () => new Uint8Array([++made]), () => saidIn(form));
  const first = await file();
  assert.equal(await file(), first);
  text.value += " More of it.";
  const second = await file();
  assert.notEqual(second, first);
  closed.checked = true;
  assert.notEqual(await file(), second);
  assert.equal(made, 3);
});

test("what could not be made is made anew", async () => {
  let tries = 0;
  const file = once(async () => {
    if (++tries === 1) throw new Error("too long");
    return new Uint8Array(1);
  }, () => "the same");
  await assert.rejects(file());
  assert.equal((await file()).length, 1);
});
