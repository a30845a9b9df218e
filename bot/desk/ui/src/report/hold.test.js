import { test, beforeEach } from "node:test";
import assert from "node:assert/strict";
import { use } from "../words.js";
import { holdDeed, holdOf, setHold, whyHeld } from "./hold.js";

// A server that keeps one report, as the desk does: the first reason stays until it is lifted.
let reason, asked;

beforeEach(() => {
  reason = "";
  asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push(`${options.method ?? "GET"} ${path}`);
    if (path !== "/api/report/AB%2FCDE/hold") return new Response(JSON.stringify({ error: "unknown" }), { status: 404 });
    if (options.method === "POST") {
      const want = JSON.parse(options.body).reason;
      reason = want && (reason || want);
      return new Response("{}");
    }
    return new Response(JSON.stringify({ held: reason !== "", reason, reasons: ["court", "other"] }));
  };
});

test("it is kept, and no longer, and what is true is asked after each", async () => {
  assert.equal((await holdOf("AB/CDE")).held, false);
  assert.deepEqual(await setHold("AB/CDE", "court"), { held: true, reason: "court", reasons: ["court", "other"] });
  assert.equal((await setHold("AB/CDE", "other")).reason, "court");
  assert.equal((await setHold("AB/CDE", "")).held, false);
  assert.deepEqual(asked.slice(0, 3).map((a) => a.split(" ")[0]), ["GET", "POST", "GET"]);
});

test("where the server does not say, nothing is offered, and what it refuses is told", async () => {
  assert.equal(await holdOf("FGHIJK"), null);
  await assert.rejects(setHold("FGHIJK", "court"), { word: "unknown" });
});

test("there is one deed: to keep it, or to end that", () => {
  assert.equal(holdDeed(null), "");
  assert.equal(holdDeed({ held: false }), "desk.hold");
  assert.equal(holdDeed({ held: true }), "desk.hold.lift");
});

test("a reason has its words, and one that is not known hides nothing", () => {
  use({ tag: "en", dir: "ltr", texts: { "desk.hold.court": "A court needs it" } });
  assert.equal(whyHeld({ held: true, reason: "court" }), "A court needs it");
  assert.equal(whyHeld({ held: true, reason: "newer" }), "newer");
  assert.equal(whyHeld({ held: true, reason: "" }), "–");
});
