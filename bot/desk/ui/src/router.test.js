import { test } from "node:test";
import assert from "node:assert/strict";
import { match } from "./router.js";

const routes = [["/join/:word", "join"], ["/inbox", "inbox"], ["/report/:code", "report"]];

test("an address finds its page and what stands in it", () => {
  assert.deepEqual(match("#/report/ABC-DEF", routes), { page: "report", params: { code: "ABC-DEF" }, path: "/report/ABC-DEF" });
  assert.equal(match("#/inbox/", routes).page, "inbox");
  assert.equal(match("inbox", routes).page, "inbox");
  assert.deepEqual(match("#/join/a%20b", routes).params, { word: "a b" });
});

test("what is no address finds none", () => {
  for (const hash of ["", "#/", "#/report", "#/report//", "#/report/A/b", "#/constructor"]) assert.equal(match(hash, routes), null, hash);
});

test("an address that cannot be decoded is taken as it is", () => {
  assert.deepEqual(match("#/join/%E0%A4%A", routes).params, { word: "%E0%A4%A" });
});
