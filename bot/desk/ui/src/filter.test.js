import { test } from "node:test";
import assert from "node:assert/strict";
import { added, everything, filter, parted, step, values } from "./filter.js";

const line = (code, more) => ({ code, kind: "sea", area: "north", state: "received", late: false, ...more });
const lines = [line("A", { late: true }), line("B", { kind: "fraud", area: "" }), line("C", { state: "closed" }), line("D", { state: "withdrawn" })];
const codes = (choice) => filter(lines, { ...everything, ...choice }).map((l) => l.code).join("");

test("open leaves the closed out, late keeps only what is late, all keeps all", () => {
  assert.equal(codes({}), "ABD");
  assert.equal(codes({ show: "late" }), "A");
  assert.equal(codes({ show: "all" }), "ABCD");
});

test("filters add up, and the order stays", () => {
  assert.equal(codes({ kind: "sea" }), "AD");
  assert.equal(codes({ kind: "fraud", area: "north" }), "");
  assert.equal(codes({ show: "all", state: "closed" }), "C");
});

test("the low tray lies apart, and filters are for both", () => {
  const many = [...lines, line("E", { tray: "low" }), line("F", { tray: "low", kind: "fraud" }), line("G", { tray: "low", late: true })];
  const part = (choice, low) => {
    const { hand, tray, count } = parted(many, { ...everything, ...choice }, low);
    return [hand, tray].map((all) => all.map((l) => l.code).join("")).join(" ") + ` ${count}`;
  };
  assert.equal(part({}, 3), "ABD EFG 3");
  assert.equal(part({ kind: "fraud" }, 3), "B F 1");
  assert.equal(part({ show: "late" }, 3), "A G 1");
  assert.equal(part({ state: "closed" }, 3), "  0");
  assert.equal(part({ show: "all", state: "closed" }, 3), "C  0");
  // Of a hundred and three, three are listed.
  assert.equal(part({}, 103), "ABD EFG 103");
  assert.equal(part({ state: "withdrawn" }, 103), "D  103");
});

test("what can be chosen stands in the list, once, and nothing empty", () => {
  assert.deepEqual(values(lines, "area"), ["north"]);
  assert.deepEqual(values(lines, "kind"), ["sea", "fraud"]);
});

test("new is what was not there the time before, and nothing the first time", () => {
  assert.deepEqual(added(null, lines), []);
  assert.deepEqual(added(lines.slice(1), lines).map((l) => l.code), ["A"]);
});

test("the mark stays in the list", () => {
  assert.deepEqual([step("j", -1, 3), step("j", 2, 3), step("ArrowDown", 0, 3)], [0, 2, 1]);
  assert.deepEqual([step("k", 0, 3), step("k", -1, 3), step("ArrowUp", 2, 3)], [0, 0, 1]);
  assert.deepEqual([step("End", 0, 3), step("Home", 2, 3), step("x", 1, 3), step("j", 0, 0)], [2, 0, 1, -1]);
});
