// Bringing a key under an invitation, which is used up by it, over a line that may break.

import { api, toBase64 } from "../api.js";
import { session, store } from "../state.js";

/**
 * Uses the invitation up, and keeps what this browser signs in with. Where the answer to an earlier try was lost and the
 * invitation is used up now, that try has used it: whoever else might have is found out by the fingerprint, which the
 * coordinator compares by voice.
 * @param {any} joining word, file, device and guest; gets person and kept
 * @param {Uint8Array} proof that one holds the device key
 */
export async function bring(joining, proof) {
  joining.browser ??= toBase64(crypto.getRandomValues(new Uint8Array(32))); // the same at each try
  const { word, browser } = joining;
  try {
    joining.person = (await api.post("/api/enter/enrol", { word, file: toBase64(joining.file), proof: toBase64(proof), browser })).person;
  } catch (err) {
    if (err.word !== "gone" || !joining.unheard) {
      joining.unheard ||= err.status === 0 || err.status >= 500;
      throw err;
    }
    joining.person = joining.guest.person;
  }
  joining.kept = store({ person: joining.person, device: toBase64(joining.device), browser, pin: session.place.coordinator });
  joining.file = null;
}
