// The file of an answer or a note: a line that says what it is, the header, the signature, the age file.
import { concat, startsWith, utf8 } from "./bytes.js";
import { fail } from "./errors.js";
import { checkHeader, encodeHeader, isCopy, maxHeader, nudgeSize, parseHeader, signHeader, signatureSize, sortedReaders, verifyHeader } from "./header.js";
import { checkMessage, messageSizes } from "./message.js";
import { Cursor, part16 } from "./wire.js";

const answerLine = "amana answer 1\n";

/** The length of the longest answer file. */
export const maxAnswer = answerLine.length + 2 + maxHeader + signatureSize + Math.max(...messageSizes);

/** Refuses what an answer file never holds. */
function checkAnswer(h) {
  if (isCopy(h) || ![0, nudgeSize].includes(h.nudge.length)) fail("malformed");
  return h;
}

/**
 * Makes the answer file.
 * @param {Uint8Array} seed of the report
 * @param {import("./header.js").Header} header
 * @param {Uint8Array} file a sealed message
 */
export function signAnswer(seed, header, file) {
  const h = checkAnswer(checkHeader({ ...header, readers: sortedReaders(header.readers) }));
  checkMessage(file);
  return concat(utf8(answerLine), part16(encodeHeader(h)), signHeader(seed, h, file), file);
}

/** Reads an answer file. It checks the form of every part, and no signature. */
export function parseAnswer(b) {
  if (!startsWith(b, answerLine) || b.length > maxAnswer) fail("malformed");
  const c = new Cursor(b.subarray(answerLine.length));
  const header = c.bytes16();
  const signature = c.take(signatureSize);
  if (c.bad) fail("malformed");
  return { header: checkAnswer(parseHeader(header)), signature, file: checkMessage(c.rest) };
}

/** Says whether a reader of the report signed exactly this; public is the report's. */
export const verifyAnswer = (publicKey, a) => verifyHeader(publicKey, a.header, a.file, a.signature);
