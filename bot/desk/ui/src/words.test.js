import { test } from "node:test";
import assert from "node:assert/strict";
import { ago, choose, date, due, has, label, moment, say, sayFrom, use, useZone, daysSince } from "./words.js";

const plain = (s) => s.replace(/[\u2066-\u2069]/g, "");

const texts = {
  "hours.date": "{Day} {Month} {Year}",
  "hours.month.november": "November",
  "word.when.today": "today",
  "word.when.yesterday": "yesterday",
  "word.when.days": { arg: "Count", one: "one day ago", other: "{Count} days ago" },
  "staff.time.hours": { arg: "Count", one: "in one hour", other: "in {Count} hours" },
  "staff.time.days": { arg: "Count", one: "in one day", other: "in {Count} days" },
  "staff.time.overdue": "overdue",
  "staff.state.read": "read",
  "a.name": "{Name} reads {Code}",
};
use({ tag: "en", dir: "ltr", texts });
useZone("Asia/Dhaka");

test("values are isolated, numbers are bare, and a missing one stays to be seen", () => {
  assert.equal(say("a.name", { Name: "آمنة", Code: "K7Q2" }), "\u2068آمنة\u2069 reads \u2068K7Q2\u2069");
  assert.equal(plain(say("a.name", { Name: "Ana" })), "Ana reads {Code}");
  assert.equal(say("word.when.days", { Count: 3 }), "3 days ago");
});

test("a value with braces of its own fills nothing in", () => {
  assert.equal(plain(say("a.name", { Name: "{Code}", Code: "x" })), "{Code} reads x");
});

test("the form of a plural is that of the language", () => {
  const arabic = { tag: "ar", dir: "rtl", texts: { n: { arg: "Count", zero: "z", one: "o", two: "t", few: "f", many: "m", other: "x" } } };
  assert.deepEqual([0, 1, 2, 5, 11, 100].map((Count) => sayFrom(arabic, "n", { Count })), ["z", "o", "t", "f", "m", "x"]);
  const unknown = { tag: "rhg", dir: "ltr", texts: { n: { arg: "Count", one: "o", other: "x" } } };
  assert.equal(sayFrom(unknown, "n", { Count: 5 }), "x");
  const lent = { ...unknown, plural: "ar", texts: { n: { arg: "Count", two: "t", other: "x" } } };
  assert.equal(sayFrom(lent, "n", { Count: 2 }), "t");
  const exact = { tag: "en", dir: "ltr", plural: "other", texts: { n: { arg: "Count", "=0": "z", one: "o", other: "x" } } };
  assert.deepEqual([0, 1].map((Count) => sayFrom(exact, "n", { Count })), ["z", "x"]);
  const lacking = { tag: "ar", dir: "rtl", texts: { n: { arg: "Count", other: "x" } } };
  assert.equal(sayFrom(lacking, "n", { Count: 2 }), "x");
});

test("a word that the catalog does not know is shown bare", () => {
  assert.equal(label("staff.state.", "read"), "read");
  assert.equal(label("staff.state.", "novel"), "novel");
  assert.equal(has("constructor"), false);
});

test("days and hours are those of the place", () => {
  assert.equal(plain(date("2026-11-25")), "25 November 2026");
  assert.equal(plain(date("2026-11-25T20:00:00Z")), "26 November 2026");
  assert.equal(moment("2026-11-25T20:00:00Z"), "26 November 2026, 02:00", "nothing in it is isolated, so that its first letter gives its direction");
  const now = new Date("2026-11-26T19:00:00Z"); // the 27th in Dhaka
  assert.equal(daysSince("2026-11-25", now), 2);
  assert.equal(ago("2026-11-27", now), "today");
  assert.equal(ago("2026-11-26", now), "yesterday");
  assert.equal(ago("2026-11-24", now), "3 days ago");
});

test("what is due is told in hours, then in days, then as late", () => {
  const now = new Date("2026-11-26T12:00:00Z");
  assert.equal(due("2026-11-26T12:20:00Z", now), "in one hour");
  assert.equal(due("2026-11-26T17:30:00Z", now), "in 5 hours");
  assert.equal(due("2026-11-29T13:00:00Z", now), "in 3 days");
  assert.equal(due("2026-11-26T12:00:00Z", now), "overdue");
  assert.equal(due("", now), "");
});

test("the language of the device is looked for exactly, then nearly", () => {
  const there = ["en", "ar", "prs", "kmr-Arab"].map((tag) => ({ tag }));
  assert.equal(choose(["ar-SD", "en"], there), "ar");
  assert.equal(choose(["kmr-arab"], there), "kmr-Arab");
  assert.equal(choose(["de", "prs"], there), "prs");
  assert.equal(choose(["de"], there), "en");
  assert.equal(choose([], [{ tag: "fr" }]), "fr");
});
