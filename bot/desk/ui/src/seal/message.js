// A message: a padded body for the readers, and for the reporter where it is for them. Always sixteen places in random
// order, so that neither the number of readers nor the presence of the reporter can be seen.
import { X25519Recipient, decrypt, encrypt, hasPlaces, pad, places, roomIn, sealedSize, unpad } from "./age.js";
import { byText, randomBytes, shuffle } from "./bytes.js";
import { fail } from "./errors.js";
import { checkPublic, identityFrom, identityOf, publicText } from "./keys.js";

/** How many readers and recovery keys a message can have. */
export const maxReaders = places - 1;

const plainSizes = [4, 8, 16, 32].map((k) => k * 1024);

/** The only lengths that a message can have: 5,766, 9,862, 18,054 and 34,438 bytes. */
export const messageSizes = plainSizes.map((p) => sealedSize(places, p));

/** The sixteen places: the readers, the reporter if there is one, and throwaway keys for those that nobody needs. */
export async function recipients(readers, reporter = "") {
  const keys = [...new Set(readers)].sort(byText);
  if (keys.length === 0 || keys.length > maxReaders) fail("readers");
  if (reporter !== "" && !keys.includes(reporter)) keys.push(reporter);
  keys.forEach(checkPublic);
  while (keys.length < places) keys.push(publicText(await identityFrom(randomBytes(32)).recipient));
  return shuffle(keys.map((k) => new X25519Recipient(k)));
}

/**
 * Seals a body.
 * @param {Uint8Array} body
 * @param {string[]} readers age1…, 1 to 15; a repeated one counts once
 * @param {string} [reporter] the mailbox, or empty
 */
export async function sealMessage(body, readers, reporter = "") {
  const to = await recipients(readers, reporter);
  const size = plainSizes.find((s) => body.length <= roomIn(s));
  if (!size) fail("too_long");
  const plain = pad(body, size);
  const file = await encrypt(plain, to);
  plain.fill(0);
  return checkMessage(file);
}

/** Says, without any key, whether bytes have the outer form of a message. @param {Uint8Array} file */
export function checkMessage(file) {
  if (!messageSizes.includes(file.length) || !hasPlaces(file, places)) fail("malformed");
  return file;
}

/** Gives the body to whoever holds the secret. Words: malformed, not_for_you, tampered. */
export async function openMessage(file, secret) {
  checkMessage(file);
  return unpad(await decrypt(file, places, [identityOf(secret)]));
}
