// Pages by the part of the address after #: the server never learns which one is open.

/**
 * Finds the page for an address. A route is a path such as "/report/:code".
 * @template T
 * @param {string} hash @param {Array<[string, T]>} routes
 * @returns {{page: T, params: Object<string, string>, path: string}|null}
 */
export function match(hash, routes) {
  const path = "/" + hash.replace(/^#?\/*/, "").replace(/\/+$/, "");
  const have = path.split("/").slice(1);
  for (const [route, page] of routes) {
    const want = route.split("/").slice(1);
    if (want.length !== have.length) continue;
    const params = {};
    const fits = want.every((w, i) => {
      if (!w.startsWith(":")) return w === have[i];
      params[w.slice(1)] = decode(have[i]);
      return have[i] !== "";
    });
    if (fits) return { page, params, path };
  }
  return null;
}

function decode(s) {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
}

/** Goes to another page. */
export function go(path) {
  if (location.hash === "#" + path) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = path;
}

/**
 * Shows the page of the address, from then on at every change. Before it leaves one, it asks what the page has set as its
 * guard: a promise of true lets it go.
 * @param {(hash: string) => Promise<void>} show
 * @returns {{guard: (f: (() => Promise<boolean>)|null) => void, free: () => Promise<boolean>, guarded: () => boolean}} free asks as well
 */
export function start(show) {
  let guard = null;
  let shown = location.hash;
  window.addEventListener("hashchange", async () => {
    const wanted = location.hash;
    if (guard && wanted !== shown) {
      const held = guard;
      history.replaceState(null, "", shown || "#/");
      if (!(await held())) return;
      guard = null;
      history.replaceState(null, "", wanted);
    }
    shown = location.hash;
    await show(shown);
  });
  window.addEventListener("beforeunload", (e) => {
    if (guard) e.preventDefault();
  });
  return { guard: (f) => { guard = f; }, free: async () => guard === null || guard(), guarded: () => guard !== null };
}
