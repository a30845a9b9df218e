// The device key: the 128 bits that stay on a person's device and on the printed recovery code. Together with the
// passphrase they unwrap the person's key; without them the wrapped key cannot be guessed by whoever stores it.
import { base32nopad } from "@scure/base";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equal, randomBytes, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import { protocol } from "./keys.js";

const deviceSize = 16;
const deviceDigits = 26; // base32 of 16 bytes
const checkDigits = 4;
const groupDigits = 5;

/** Makes the key of a new device. */
export const deviceKey = () => randomBytes(deviceSize);

function checked(device) {
  if (!(device instanceof Uint8Array) || device.length !== deviceSize) fail("bad_key");
  return device;
}

/** The device key as it stands in the passphrase of the wrapped file: 26 letters and digits. */
export const deviceText = (device) => base32nopad.encode(checked(device));

const check = (text) => base32nopad.encode(sha256(utf8(`${protocol} recovery code ${text}`))).slice(0, checkDigits);

/**
 * Gives the device key as it is printed: six groups of five letters and digits (A–Z, 2–7), of which the last four check
 * the rest. A slip passes once in a million.
 * @param {Uint8Array} device
 */
export function recoveryCode(device) {
  const text = deviceText(device);
  return (text + check(text)).match(new RegExp(`.{${groupDigits}}`, "g")).join("-");
}

const looksLike = { 0: "O", 1: "I", 8: "B" };
const passedOver = /[\s\u0085\p{Dash}\p{Cf}]/u;

/**
 * Reads a recovery code as people copy it: in any case, with any or no separators, with 0, 1 and 8 written for the
 * letters that they look like.
 * @param {string} typed
 */
export function parseRecoveryCode(typed) {
  let code = "";
  for (const c of String(typed)) {
    if (c >= "a" && c <= "z") code += c.toUpperCase();
    else if (looksLike[c]) code += looksLike[c];
    else if (!passedOver.test(c)) code += c;
  }
  if (code.length !== deviceDigits + checkDigits) fail("code_length");
  const text = code.slice(0, deviceDigits);
  let device;
  try {
    device = base32nopad.decode(text);
  } catch {
    fail("code_wrong");
  }
  if (device.length !== deviceSize || base32nopad.encode(device) !== text || check(text) !== code.slice(deviceDigits)) fail("code_wrong");
  return device;
}

/** Shows that one holds the device key, without showing it. @param {Uint8Array} device */
export const proof = (device) => hkdf(sha256, checked(device), undefined, utf8(`${protocol} desk device`), 32);

export const sameDevice = (a, b) => equal(checked(a), checked(b));
