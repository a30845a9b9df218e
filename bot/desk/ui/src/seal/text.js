// Texts that somebody else wrote.

// Single characters that end lines or turn text around, and all that a screen would obey.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\ufeff\u202a-\u202e\u2066-\u2069]/g;
const half = /[\ud800-\udfff]/gu; // of a pair whose other half is missing

/**
 * Drops from foreign words everything with which a text could turn its neighbours around or hide; line ends stay.
 * @param {string} s
 */
export const plain = (s) => s.replace(half, "\ufffd").replaceAll("\t", " ").replace(unseen, "");
