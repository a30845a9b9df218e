// A picture that the server drew. It is taken apart and built anew from what a picture of numbers is made of; anything else in
// it, and there is no picture.

const space = "http://www.w3.org/2000/svg";

// Elements, and the attributes of each. Nothing here loads, links or runs anything.
const allowed = {
  svg: ["role", "lang", "direction", "viewBox", "width", "height", "aria-labelledby", "fill", "font-size"],
  title: ["id"], desc: ["id"],
  text: ["x", "y"], rect: ["x", "y", "width", "height", "fill", "stroke", "stroke-dasharray"],
};

// Colours are those of the text around it, or none.
const paints = { fill: ["currentColor", "none"], stroke: ["currentColor"] };

/**
 * Gives the picture as an element, or null for what is none.
 * @param {string} text @param {{parse?: (text: string) => any, make?: (name: string) => any}} [how] for tests without a browser
 */
export function chart(text, { parse = parsed, make = (name) => document.createElementNS(space, name) } = {}) {
  const root = parse(text);
  return root?.nodeName === "svg" ? rebuilt(root, make) : null;
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
}

function rebuilt(node, make) {
  if (!Object.hasOwn(allowed, node.nodeName)) return null;
  const el = make(node.nodeName);
  for (const { name, value } of node.attributes) {
    if (name === "xmlns" && value === space) continue;
    if (!allowed[node.nodeName].includes(name) || (paints[name] && !paints[name].includes(value))) return null;
    el.setAttribute(name, value);
  }
  for (const child of node.childNodes) {
    if (child.nodeType === 3) { el.append(child.nodeValue); continue; }
    const made = child.nodeType === 1 ? rebuilt(child, make) : null;
    if (!made) return null;
    el.append(made);
  }
  return el;
}
