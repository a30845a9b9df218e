// Age files of one fixed outer form: an intro, n X25519 places of equal length, a MAC, a nonce, and chunks of 64 KiB. So a
// file can be checked without a key, and its length says nothing.
//
// The age library does the work at every place and on the payload. Its entry point brings post-quantum and passkey code
// that nothing here uses, four fifths of its weight, so its parts are imported by their own paths; the lock file holds
// their very bytes, and the vectors in testdata hold what they do.
import { X25519Identity, X25519Recipient, ScryptRecipient, ScryptIdentity } from "../../node_modules/age-encryption/dist/recipients.js";
import { Stanza, encodeHeader, encodeHeaderNoMAC } from "../../node_modules/age-encryption/dist/format.js";
import { decryptSTREAM, encryptSTREAM } from "../../node_modules/age-encryption/dist/stream.js";
import { readAll, stream } from "../../node_modules/age-encryption/dist/io.js";
import { base64nopad } from "@scure/base";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equal, randomBytes, startsWith, utf8 } from "./bytes.js";
import { fail } from "./errors.js";

export { ScryptIdentity, ScryptRecipient, Stanza, X25519Identity, X25519Recipient };

/** How many X25519 places every message has: 15 for readers and recovery keys, one for the reporter. */
export const places = 16;

export const ageIntro = "age-encryption.org/v1\n";
const placeStart = "-> X25519 ";
export const macStart = "--- ";
export const field = 43; // base64 of 32 bytes
const placeSize = placeStart.length + field + 1 + field + 1;
export const ageNonce = 16;
export const chunk = 64 * 1024;
export const chunkTag = 16;
const fileKeySize = 16;

const headOf = (n) => ageIntro.length + n * placeSize + macStart.length + field + 1;

/** The length of the head of every message: intro, sixteen places, MAC. Behind it the payload begins. */
export const headSize = headOf(places);

/** The length of an age file of n places over a plain text of a fixed length. */
export function sealedSize(n, plain) {
  return headOf(n) + ageNonce + plain + Math.max(1, Math.ceil(plain / chunk)) * chunkTag;
}

const ascii = (b) => String.fromCharCode(...b);
const isField = (b) => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/.test(ascii(b));

/** Says whether a file begins with exactly the head of n X25519 places. */
export function hasPlaces(file, n) {
  if (file.length < headOf(n) || !startsWith(file, ageIntro)) return false;
  let at = ageIntro.length;
  for (let i = 0; i < n; i++, at += placeSize) {
    const place = file.subarray(at, at + placeSize);
    const body = placeStart.length + field + 1;
    if (!startsWith(place, placeStart) || place[body - 1] !== 10 || place[placeSize - 1] !== 10) return false;
    if (!isField(place.subarray(placeStart.length, body - 1)) || !isField(place.subarray(body, placeSize - 1))) return false;
  }
  const mac = file.subarray(at, headOf(n));
  return startsWith(mac, macStart) && mac[mac.length - 1] === 10 && isField(mac.subarray(macStart.length, mac.length - 1));
}

/** The places of a head that passed hasPlaces, or another head of known form. @returns {Stanza[]} */
function stanzas(head, n) {
  return Array.from({ length: n }, (_, i) => {
    const at = ageIntro.length + i * placeSize + placeStart.length;
    const share = ascii(head.subarray(at, at + field));
    const body = base64nopad.decode(ascii(head.subarray(at + field + 1, at + 2 * field + 1)));
    return new Stanza(["X25519", share], body);
  });
}

/** The MAC of a head under a file key, as the age format has it. */
function headMAC(fileKey, unsigned) {
  const under = hkdf(sha256, fileKey, undefined, utf8("header"), 32);
  const out = hmac(sha256, under, unsigned);
  under.fill(0);
  return out;
}

/** Says whether a head was made with a file key, by its MAC. */
export function wraps(head, fileKey) {
  const at = head.length - macStart.length - field - 1;
  const mac = base64nopad.decode(ascii(head.subarray(at + macStart.length, head.length - 1)));
  return equal(mac, headMAC(fileKey, head.subarray(0, at + macStart.length - 1)));
}

/**
 * Gives the file key that a head of n places wraps for one of the identities.
 * @param {Uint8Array} head
 * @param {number} n
 * @param {X25519Identity[]} identities
 */
export async function unwrapKey(head, n, identities) {
  const all = stanzas(head, n);
  for (const identity of identities) {
    let key;
    try {
      key = await identity.unwrapFileKey(all);
    } catch {
      fail("tampered"); // a share with which every secret gives the same
    }
    if (key === null) continue;
    if (key.length !== fileKeySize || !wraps(head, key)) fail("tampered");
    return key;
  }
  return fail("not_for_you");
}

/** Writes a head that wraps a file key, at the places in the order given. */
export async function makeHead(fileKey, recipients) {
  const all = (await Promise.all(recipients.map((r) => r.wrapFileKey(fileKey)))).flat();
  return encodeHeader(all, headMAC(fileKey, encodeHeaderNoMAC(all)));
}

/** Opens what stands behind a head. */
export async function openPayload(fileKey, payload) {
  const key = hkdf(sha256, fileKey, payload.subarray(0, ageNonce), utf8("payload"), 32);
  try {
    return await readAll(stream(payload.subarray(ageNonce)).pipeThrough(decryptSTREAM(key)));
  } catch {
    return fail("tampered");
  } finally {
    key.fill(0);
  }
}

/** Seals a plain text of a fixed length to the recipients in the order given. */
export async function encrypt(plain, recipients) {
  const fileKey = randomBytes(fileKeySize);
  const nonce = randomBytes(ageNonce);
  const head = await makeHead(fileKey, recipients);
  const key = hkdf(sha256, fileKey, nonce, utf8("payload"), 32);
  const payload = await readAll(stream(plain).pipeThrough(encryptSTREAM(key)));
  fileKey.fill(0);
  key.fill(0);
  return concat(head, nonce, payload);
}

/** Opens an age file of n places that passed hasPlaces. */
export async function decrypt(file, n, identities) {
  const key = await unwrapKey(file.subarray(0, headOf(n)), n, identities);
  try {
    return await openPayload(key, file.subarray(headOf(n)));
  } finally {
    key.fill(0);
  }
}

const lengthPrefix = 4;

/** How much fits into a padded text of a size. */
export const roomIn = (size) => size - lengthPrefix;

/** Puts a length before the body and zeros behind it. */
export function pad(body, size) {
  if (body.length > roomIn(size)) fail("too_long");
  const out = new Uint8Array(size);
  new DataView(out.buffer).setUint32(0, body.length);
  out.set(body, lengthPrefix);
  return out;
}

/** Undoes pad and refuses anything but zeros behind the body. */
export function unpad(plain) {
  if (plain.length < lengthPrefix) fail("malformed");
  const n = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  const rest = plain.subarray(lengthPrefix);
  if (n > rest.length || !rest.subarray(n).every((b) => b === 0)) fail("malformed");
  return rest.subarray(0, n);
}
