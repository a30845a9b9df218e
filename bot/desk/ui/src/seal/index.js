// What a focal point and the coordinator do with keys, in the browser: the same bytes as bot/seal, the same judgement as
// `amana open`, the same roster as `amana confirm`. Faults are SealError, whose word the pages put into sentences.
import { hasPlaces, decrypt } from "./age.js";
import { fail, SealError } from "./errors.js";
import { identityOf } from "./keys.js";

export { SealError };
export { newIdentity, publicOf, fingerprint, checkPublic, isCoordinator, parseCoordinatorSecret, coordinatorPublicOf } from "./keys.js";
export { deviceKey, recoveryCode, parseRecoveryCode, proof } from "./device.js";
export { wrap, unwrap, wrapWork } from "./wrap.js";
export { enrolment, parseEnrolment } from "./enrolment.js";
export { openPackets, openVoice } from "./handout.js";
export { openThread, wipe } from "./thread.js";
export { makeAnswer, makeNote, mayRefer, moves } from "./compose.js";
export { makeShare, makeCopies, candidates, refusesShare } from "./share.js";
export { unwrapCoordinator, proposalRows, signRoster } from "./coordinator.js";
export { legs, legStates, maxReceiver, outcomes } from "./states.js";
export { handle } from "./handover.js";
export { plain } from "./text.js";
export { holds, trailName } from "./trail.js";

/**
 * Opens the challenge that the server sealed to the person's key.
 * @param {string} secret
 * @param {Uint8Array} file
 */
export async function openChallenge(secret, file) {
  if (!hasPlaces(file, 1) || file.length > 4096) fail("malformed");
  const answer = await decrypt(file, 1, [identityOf(secret)]);
  if (answer.length !== 32) fail("malformed");
  return answer;
}
