import { test } from "node:test";
import assert from "node:assert/strict";
import { classify } from "./kind.js";

const said = (flow, choices) => Object.entries(choices).map(([step, v]) => ({ flow, step, values: [v].flat(), skipped: v === "" }));

test("kind and urgency are read from the answers as the program files them", () => {
  for (const [flow, choices, kind, urgency] of [
    ["report", { matter: "sexual" }, "sea", "normal"],
    ["report", { matter: "sexual", when: "within_72h" }, "sea", "urgent"],
    ["report", { matter: "favours", when: "within_72h" }, "fraud", "normal"],
    ["report", { matter: "favours", concern: ["other", "sex_for_aid"] }, "sea", "normal"],
    ["report", { matter: "force", concern: ["sexual_assault"] }, "force", "normal"],
    ["report", { matter: "trafficking", concern: ["sexual_assault"], danger: "yes" }, "trafficking", "urgent"],
    ["report", { accused: "military" }, "force", "normal"],
    ["report", { age: "under_18", matter: "other" }, "other", "urgent"],
    ["report", {}, "sea", "normal"],
    ["feedback", { matter: "sexual", about: "goods" }, "feedback", "normal"],
    ["support", { when: "within_72h" }, "support", "urgent"],
    ["child", {}, "child", "urgent"],
    ["child", { age: "adult" }, "child", "normal"],
    ["novel", {}, "other", "normal"],
  ]) {
    const got = classify(said(flow, { ...choices, last: "" }));
    assert.deepEqual([got.kind, got.urgency], [kind, urgency], `${flow} ${JSON.stringify(choices)}`);
  }
});

test("an answer that was changed counts as it was changed, and what names no place is none", () => {
  assert.equal(classify([...said("report", { area: "north" }), ...said("report", { area: "unknown" })]).area, "");
  assert.equal(classify([...said("report", { area: "unknown" }), ...said("report", { area: "north" })]).area, "north");
});
