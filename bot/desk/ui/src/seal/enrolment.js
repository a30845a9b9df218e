// What a person sends under their invitation: the public key to be signed into the roster, and the wrapped secret that the
// server keeps for them and cannot guess.
import { decode, encode } from "../../node_modules/age-encryption/dist/armor.js";
import { text, utf8 } from "./bytes.js";
import { fail, SealError } from "./errors.js";
import { checkPublic } from "./keys.js";
import { checkWrapped } from "./wrap.js";

const enrolmentLine = "amana enrolment 1";

/** The length of the longest enrolment file that is read. */
export const maxEnrolment = 4 * 1024;

/**
 * Writes the enrolment file: a line that says what it is, the public key, the wrapped secret in armor.
 * @param {string} publicKey
 * @param {Uint8Array} wrapped
 */
export async function enrolment(publicKey, wrapped) {
  checkPublic(publicKey);
  return utf8(`${enrolmentLine}\n${publicKey}\n${encode(checkWrapped(wrapped))}`);
}

/** Reads one; line ends of any system are fine. @param {Uint8Array} file */
export async function parseEnrolment(file) {
  if (file.length > maxEnrolment) fail("malformed");
  const [first, publicKey, ...rest] = text(file).replaceAll("\r\n", "\n").split("\n");
  if (first !== enrolmentLine || rest.length === 0) fail("malformed");
  let wrapped;
  try {
    wrapped = decode(rest.join("\n"));
  } catch {
    fail("malformed");
  }
  try {
    checkPublic(publicKey);
  } catch (err) {
    if (err instanceof SealError) fail("malformed");
    throw err;
  }
  return { public: publicKey, wrapped: checkWrapped(wrapped) };
}
