// Who is signed in. The unwrapped key lives here and nowhere else: it is in no storage, and goes with the page.

const shelf = "amana-desk";

/**
 * @typedef {Object} Session
 * @property {any} place   what GET /api/place gave
 * @property {any} me      what GET /api/me gave, or null
 * @property {string} secret  the unwrapped age identity, or ""
 * @property {Uint8Array|null} device  the device key, or null
 * @property {string} [file]   name of an opened file, where one is looked at without the server
 */

/** @type {Session} */
export const session = { place: null, me: null, secret: "", device: null };

const onForget = new Set();
const links = new Set();

/** Calls f when everything is forgotten; the function that is given back takes that away. */
export function whenForgotten(f) {
  onForget.add(f);
  return () => onForget.delete(f);
}

/** Keeps who signed in. */
export function remember({ me, secret, device }) {
  session.me = me;
  session.secret = secret;
  session.device = device;
}

/** Drops everything about a person and every opened word from the memory of the page. */
export function forget() {
  session.me = null;
  session.secret = "";
  session.device?.fill(0);
  session.device = null;
  for (const link of links) URL.revokeObjectURL(link);
  links.clear();
  for (const f of [...onForget]) f();
}

/** An address in the memory of this page for bytes: it ends with the page that asked for it, or when all is forgotten. */
export function blobLink(blob) {
  const link = URL.createObjectURL(blob);
  links.add(link);
  return link;
}

/** Ends such an address. */
export function dropLink(link) {
  URL.revokeObjectURL(link);
  links.delete(link);
}

/**
 * What this browser keeps between visits: who uses it, the device key, its own random word, the coordinator's key as
 * it was first seen, and by hashes how the records of reports ended. None of it opens anything without the passphrase.
 * @returns {{person?: string, device?: string, browser?: string, pin?: string, trails?: Record<string, [number, string]>}}
 */
export function stored() {
  try {
    return JSON.parse(localStorage.getItem(shelf) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Changes what the browser keeps. False says that it keeps nothing, as in a private window. */
export function store(change) {
  try {
    localStorage.setItem(shelf, JSON.stringify({ ...stored(), ...change }));
    return true;
  } catch {
    return false;
  }
}

/** The key by which this page knows the coordinator: the one that this machine pins, or else that of the first visit. */
export const coordinator = () => (session.place.local ? session.place.coordinator : stored().pin || session.place.coordinator);
