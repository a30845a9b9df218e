// What the server hands out: the packet of a report, and its voice messages, each sealed once more to the asking reader
// alone.
import { chunk, decrypt, hasPlaces, places, sealedSize, unpad } from "./age.js";
import { equal, startsWith } from "./bytes.js";
import { fail } from "./errors.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { identityFrom, identityOf } from "./keys.js";
import { joinParts, parsePacket } from "./packet.js";
import { Cursor } from "./wire.js";

/** The only lengths that a hand-out can have. */
export const handOutSizes = [64, 256, 1024].map((k) => sealedSize(1, k * 1024));

const voiceLine = "amana voice 1\n";
const voiceHead = 4 * 1024;
const voiceSizes = (n, more) => [1, 2, 4, 8, 16].map((chunks) => sealedSize(n, chunks * chunk + more));

/** The only lengths of a voice message: sealed, and when it is handed out. No packet has one of them. */
export const sealedVoiceSizes = voiceSizes(places, 0);
export const handOutVoiceSizes = voiceSizes(1, voiceHead);

/** Gives the packet to the reader to whom it was sealed. Words: malformed, not_for_you, tampered. */
export async function openHandOut(file, secret) {
  if (!handOutSizes.includes(file.length) || !hasPlaces(file, 1)) fail("malformed");
  return parsePacket(unpad(await decrypt(file, 1, [identityOf(secret)])));
}

/**
 * Opens all parts of one report.
 * @param {Uint8Array[]} files
 * @param {string} secret
 * @returns {Promise<import("./packet.js").Packet>}
 */
export async function openPackets(files, secret) {
  const identity = identityOf(secret);
  const packets = [];
  for (const f of files) packets.push(await openHandOut(f, identity));
  return joinParts(packets);
}

/** Takes the outer seal off a voice message: of which report it is, which of its voice messages, and its sealed file. */
export async function openHandOutVoice(file, secret) {
  if (!handOutVoiceSizes.includes(file.length) || !hasPlaces(file, 1)) fail("malformed");
  const body = unpad(await decrypt(file, 1, [identityOf(secret)]));
  const c = new Cursor(body.subarray(voiceLine.length));
  const report = c.id();
  const voice = c.id();
  if (!startsWith(body, voiceLine) || c.bad || !isVoice(c.rest)) fail("malformed");
  return { report, voice, file: c.rest };
}

const isVoice = (file) => sealedVoiceSizes.includes(file.length) && hasPlaces(file, places);

/** Gives the sound to whoever has opened the message to which it hangs; tampered for another sound than the one sent. */
export async function openSound(file, key, sum) {
  if (!isVoice(file)) fail("malformed");
  if (key.length !== 32) fail("bad_key");
  const sound = unpad(await decrypt(file, places, [identityFrom(key)]));
  if (!equal(sha256(sound), sum)) fail("tampered");
  return sound;
}

/**
 * Opens a voice message that was handed out.
 * @param {Uint8Array} file
 * @param {string} secret
 * @param {import("./thread.js").Opened} opened the report to which it hangs
 * @param {number} [number] which of its voice messages is expected, from 1
 * @returns {Promise<{ogg: Uint8Array, seconds: number, number: number}>}
 */
export async function openVoice(file, secret, opened, number = 0) {
  const { report, voice, file: sealed } = await openHandOutVoice(file, secret);
  if (!equal(report, opened.report)) fail("other_report");
  const found = opened.voices.find((v) => equal(v.id, voice));
  if (!found) fail("no_voice"); // it belongs to nothing that opens here
  if (number !== 0 && found.number !== number) fail("other_voice");
  return { ogg: await openSound(sealed, found.key, found.sum), seconds: found.seconds, number: found.number };
}
