// A person's secret key at rest: an ordinary age passphrase file, whose passphrase is NFKC(passphrase) ‖ "-" ‖ the device
// key in base32. `age -d` opens it without us.
import { base64nopad } from "@scure/base";
import { ScryptIdentity, ScryptRecipient, Stanza, ageIntro, ageNonce, chunkTag, encrypt, field, macStart, openPayload, wraps } from "./age.js";
import { lossyText, utf8 } from "./bytes.js";
import { deviceText } from "./device.js";
import { fail } from "./errors.js";
import { identityOf } from "./keys.js";

/** The work factor of scrypt (log2 N) with which keys are wrapped: one to two seconds and 256 MiB. */
export const wrapWork = 18;

// A file that asks for more is refused.
const mostWork = 18;

/** The least work of a wrapped key that is accepted; the device key alone already forbids guessing. */
export const minWork = 10;

const maxSecretText = 256;
const saltField = 22; // base64 of 16 bytes
const headLine = new RegExp(`^-> scrypt ([A-Za-z0-9+/]{${saltField}}) ([1-9][0-9]?)\\n([A-Za-z0-9+/]{${field}})\\n${macStart}([A-Za-z0-9+/]{${field}})\\n`);

function passphraseOf(passphrase, device) {
  if (passphrase.trim() === "") fail("passphrase");
  return `${passphrase.normalize("NFKC")}-${deviceText(device)}`;
}

/**
 * Seals a secret key with passphrase and device key.
 * @param {string} secret AGE-SECRET-KEY-1… or AMANA-COORDINATOR-SECRET-1…
 * @param {string} passphrase
 * @param {Uint8Array} device
 * @param {number} [work] wrapWork but in tests
 */
export async function wrap(secret, passphrase, device, work = wrapWork) {
  const pass = passphraseOf(passphrase, device);
  if (!Number.isInteger(work) || work < 1 || work > mostWork) fail("malformed");
  return encrypt(utf8(`${secret}\n`), [new ScryptRecipient(pass, work)]);
}

/** Opens what wrap made. A wrong passphrase and a wrong device key look alike: passphrase. */
export async function unwrapText(file, passphrase, device) {
  const pass = passphraseOf(passphrase, device);
  const { head, salt, work, body } = parseWrapped(file);
  if (work > mostWork || file.length > head.length + ageNonce + maxSecretText + chunkTag) fail("tampered");
  const key = await new ScryptIdentity(pass).unwrapFileKey([new Stanza(["scrypt", salt, String(work)], body)]);
  if (key === null) fail("passphrase");
  if (key.length !== 16 || !wraps(head, key)) fail("tampered");
  const plain = await openPayload(key, file.subarray(head.length));
  key.fill(0);
  const out = lossyText(plain).trim();
  plain.fill(0);
  return out;
}

/** Opens a wrapped identity: its secret, AGE-SECRET-KEY-1…. */
export async function unwrap(wrapped, passphrase, device) {
  const secret = await unwrapText(wrapped, passphrase, device);
  identityOf(secret);
  return secret;
}

/** Reads the head of a file of exactly one passphrase. */
function parseWrapped(file) {
  const text = String.fromCharCode(...file.subarray(0, 512));
  const found = text.startsWith(ageIntro) ? headLine.exec(text.slice(ageIntro.length)) : null;
  if (!found) fail("tampered");
  const [line, salt, work, body] = found;
  try {
    base64nopad.decode(salt);
    return { head: file.subarray(0, ageIntro.length + line.length), salt, work: Number(work), body: base64nopad.decode(body) };
  } catch {
    return fail("tampered"); // bits behind the last byte
  }
}

// The length of AGE-SECRET-KEY-1…, with the line's end.
const secretText = "AGE-SECRET-KEY-".length + 1 + 52 + 6 + 1;

/** Refuses what is not an age file of exactly one passphrase over one key of ours. */
export function checkWrapped(file) {
  let parsed;
  try {
    parsed = parseWrapped(file);
  } catch {
    fail("malformed");
  }
  if (parsed.work < minWork || parsed.work > mostWork) fail("malformed");
  if (file.length !== parsed.head.length + ageNonce + secretText + chunkTag) fail("malformed");
  return file;
}
