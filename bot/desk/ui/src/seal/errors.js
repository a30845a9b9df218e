// What goes wrong is a word, as in bot/seal and cmd/amana: the pages say it in the reader's language. No message here ever
// repeats a key, or anything that somebody wrote.

/**
 * A fault, by its word: malformed, newer, not_for_you, tampered, too_long, readers, signature, passphrase, bad_key, and those of
 * the judgement over a packet (see trust.js, thread.js) and of a proposal (see proposal.js).
 */
export class SealError extends Error {
  /**
   * @param {string} word
   * @param {Record<string, string|number>} [about] roster ids and versions that belong to the word, and nothing else
   */
  constructor(word, about = {}) {
    super(word);
    this.name = "SealError";
    this.word = word;
    this.about = about;
  }
}

/** @returns {never} */
export function fail(word, about) {
  throw new SealError(word, about);
}

/** Says whether an error is one of ours with this word. */
export const is = (err, word) => err instanceof SealError && err.word === word;
