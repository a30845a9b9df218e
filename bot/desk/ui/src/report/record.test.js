import assert from "node:assert/strict";
import test from "node:test";
import { watch } from "./record.js";

const report = new Uint8Array(16).fill(7);
const trail = (lines, salt = 0) => ({ lines, links: Array.from({ length: lines }, (_, n) => new Uint8Array(16).fill(n + salt)) });

test("a record that was cut, or grew anew, is missed by a browser that saw it", () => {
  let { kept, changed, older } = watch({}, report, trail(5));
  assert.deepEqual([changed, older], [false, false]);
  const see = (t) => {
    const got = watch(kept, report, t);
    kept = got.kept;
    return [got.changed, got.older];
  };
  assert.deepEqual(see(trail(7)), [false, false]);
  assert.deepEqual(see(trail(6)), [false, true]);
  assert.deepEqual(see(trail(0)), [false, true]); // a server that says nothing of it
  assert.deepEqual(see(trail(7, 1)), [true, false]);
  assert.deepEqual(see(trail(8, 1)), [false, false]);
  assert.ok(!JSON.stringify(kept).includes("07070707"), "what is kept names the report");
});

test("of many reports the latest are remembered", () => {
  let kept = {};
  for (let n = 0; n < 600; n++) kept = watch(kept, new Uint8Array(16).fill(0).with(0, n % 256).with(1, n >> 8), trail(2)).kept;
  assert.equal(Object.keys(kept).length, 500);
  assert.equal(watch(kept, new Uint8Array(16).fill(0).with(0, 599 % 256).with(1, 2), trail(1)).older, true);
  assert.equal(watch(kept, new Uint8Array(16), trail(1)).older, false);
});
