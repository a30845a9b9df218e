import { test } from "node:test";
import assert from "node:assert/strict";
import { first } from "./first.js";

test("the deeds at hand fit where a report stands", () => {
  const at = (state, said, step) => first({ state, said, step }).join(" ");
  assert.equal(at("received", "", "acknowledge"), "answer note");
  assert.equal(at("read", "", "refer"), "answer refer");
  assert.equal(at("read", "answered", "refer"), "refer answer");
  assert.equal(at("referred", "answered", "confirm"), "refer answer");
  assert.equal(at("referred", "wrote", "confirm"), "answer refer");
  assert.equal(at("confirmed", "answered", "answer"), "close answer");
  assert.equal(at("confirmed", "wrote", "answer"), "answer note");
  assert.equal(at("closed", "answered", ""), "reopen note");
  assert.equal(at("withdrawn", "wrote", "withdraw"), "note");
  assert.equal(at("received", "", ""), "answer note"); // opened from a file: no server says what is due
});

test("there are one or two, and never the same twice", () => {
  for (const state of ["received", "read", "referred", "confirmed", "closed", "withdrawn"]) {
    for (const said of ["", "answered", "wrote"]) {
      for (const step of ["", "acknowledge", "refer", "confirm", "answer", "withdraw"]) {
        const got = first({ state, said, step });
        assert.ok(got.length >= 1 && got.length <= 2 && new Set(got).size === got.length, `${state} ${said} ${step}: ${got}`);
        assert.ok(state === "closed" || !got.includes("reopen"), `${state} is reopened`);
        assert.ok(state !== "closed" || !got.includes("close"), "what is closed is closed");
      }
    }
  }
});
