// The texts of keys, as age and the coordinator's tools write them: bech32 in one spelling.
import { bech32 } from "@scure/base";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { X25519Identity } from "./age.js";
import { randomBytes, utf8 } from "./bytes.js";
import { fail, SealError } from "./errors.js";

/** Opens every label, so that no key or signature of ours is good for anything else. */
export const protocol = "amana/1";

const keySize = 32;
const publicName = "age";
const secretName = "age-secret-key-";
const coordinatorName = "amana-coordinator";
const coordinatorSecretName = "amana-coordinator-secret-";

const encode = (name, data) => bech32.encode(name, bech32.toWords(data), false);

/** Reads 32 bytes behind a name, in lower case only, so that one key has one spelling. */
function decode(name, s) {
  if (typeof s !== "string" || s.length > 128 || !s.startsWith(`${name}1`)) fail("bad_key");
  let data;
  try {
    data = bech32.fromWords(bech32.decode(s, false).words);
  } catch {
    fail("bad_key");
  }
  if (data.length !== keySize || encode(name, data) !== s) fail("bad_key");
  return Uint8Array.from(data);
}

/** Makes a key for a person, on that person's machine. @returns {Promise<{secret: string, public: string}>} */
export async function newIdentity() {
  const secret = encode(secretName, randomBytes(keySize)).toUpperCase();
  return { secret, public: await publicOf(secret) };
}

/** Gives the public half, age1…, of AGE-SECRET-KEY-1…. @param {string} secret */
export async function publicOf(secret) {
  return publicText(await identityOf(secret).recipient);
}

/** A secret key in the form that opens; one that was made already is given back. @param {string|X25519Identity} secret */
export function identityOf(secret) {
  if (secret instanceof X25519Identity) return secret;
  const s = typeof secret === "string" ? secret.trim() : "";
  decode(secretName, s.toLowerCase());
  if (s !== s.toUpperCase()) fail("bad_key");
  return new X25519Identity(s);
}

/** The identity of 32 bytes: of a throwaway key, or of one that stands inside a message. */
export const identityFrom = (bytes) => new X25519Identity(encode(secretName, bytes).toUpperCase());

/** age1… of a point. @param {Uint8Array} point */
export const publicText = (point) => encode(publicName, point);

/** The 32 bytes of age1…, whether or not anything can be sealed to it. */
export const pointOf = (s) => decode(publicName, s);

const eight = new Uint8Array(keySize).fill(8);

/**
 * Says whether a text is a public key to which can be sealed: age1…, in its one spelling, and no point with which every
 * secret gives the same.
 */
export function checkPublic(s) {
  const point = pointOf(s);
  try {
    x25519.getSharedSecret(eight, point);
  } catch {
    fail("bad_key");
  }
  return s;
}

/**
 * Gives a public key, of a person or of the coordinator, as six groups of five digits that two people can read to each
 * other in any language.
 */
export function fingerprint(publicKey) {
  const sum = sha256(utf8(`${protocol} fingerprint ${publicKey}`));
  return Array.from({ length: 6 }, (_, i) => {
    const n = sum.subarray(5 * i, 5 * i + 5).reduce((v, b) => v * 256 + b, 0);
    return String(n % 100000).padStart(5, "0");
  }).join(" ");
}

/** Reads AMANA-COORDINATOR-SECRET-1…, in any case, with white space around it. @returns {Uint8Array} the seed */
export function parseCoordinatorSecret(s) {
  if (typeof s !== "string") fail("bad_key");
  return decode(coordinatorSecretName, s.trim().toLowerCase());
}

/** Gives amana-coordinator1… of the coordinator's seed. */
export const coordinatorPublicOf = (seed) => encode(coordinatorName, ed25519.getPublicKey(seed));

/** Reads amana-coordinator1…. @returns {Uint8Array} */
export const coordinatorPoint = (s) => decode(coordinatorName, s);

/** Says whether a text is a coordinator's public key. */
export function isCoordinator(s) {
  try {
    return coordinatorPoint(s).length === keySize;
  } catch (err) {
    if (err instanceof SealError) return false;
    throw err;
  }
}

/** Signs; the seed is 32 bytes. */
export const sign = (message, seed) => ed25519.sign(message, seed);

/** Verifies as RFC 8032 has it, also where the parts have not even the right lengths. */
export function verify(signature, message, publicKey) {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}

/** The public half of a report's seed. */
export const seedPublic = (seed) => ed25519.getPublicKey(seed);
