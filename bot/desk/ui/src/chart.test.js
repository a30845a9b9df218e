import { test } from "node:test";
import assert from "node:assert/strict";
import { chart } from "./chart.js";

// As much of a document as the picture is read from and built of.
const element = (nodeName, attributes = {}, ...childNodes) => ({
  nodeType: 1, nodeName, childNodes: childNodes.map((c) => (typeof c === "string" ? { nodeType: 3, nodeValue: c } : c)),
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
});
const make = (name) => ({ name, attrs: {}, kids: [], setAttribute(k, v) { this.attrs[k] = v; }, append(c) { this.kids.push(c); } });
const built = (root) => chart("", { parse: () => root, make });

test("a picture of bars is built anew", () => {
  const got = built(element("svg", { xmlns: "http://www.w3.org/2000/svg", role: "img", fill: "currentColor" },
    element("title", { id: "t" }, "Area"), element("rect", { x: "2", width: "9", fill: "none", stroke: "currentColor" })));
  assert.equal(got.name, "svg");
  assert.deepEqual(got.attrs, { role: "img", fill: "currentColor" });
  assert.deepEqual(got.kids.map((k) => k.name), ["title", "rect"]);
  assert.deepEqual(got.kids[0].kids, ["Area"]);
});

test("anything else in it, and there is no picture", () => {
  const bad = [
    element("html"),
    element("svg", { onload: "x()" }),
    element("svg", { style: "fill:red" }),
    element("svg", { xmlns: "http://www.w3.org/1999/xhtml" }),
    element("svg", {}, element("script", {}, "x()")),
    element("svg", {}, element("a", { href: "https://example.org" })),
    element("svg", {}, element("image", { href: "https://example.org/x.png" })),
    element("svg", {}, element("rect", { fill: "url(https://example.org/x)" })),
    element("svg", {}, element("text", {}, element("foreignObject"))),
    element("svg", {}, { nodeType: 8, nodeValue: "a remark" }),
    null,
  ];
  for (const root of bad) assert.equal(built(root), null, root?.nodeName);
});
