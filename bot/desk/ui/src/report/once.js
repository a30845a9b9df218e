// One file for what is written once, however often it is sent.

/**
 * Gives the same file again as long as the form says the same. Each file has an id of its own by which the server knows it, so
 * that an answer whose receipt was lost on the way reaches the reporter once.
 * @param {() => Promise<Uint8Array>} make @param {() => string} says what the form says just now
 */
export function once(make, says) {
  let kept = null;
  return async () => {
    const now = says();
    if (kept?.says !== now) kept = { says: now, file: await make() };
    return kept.file;
  };
}

/** Everything that is written, chosen and ticked in a form. @param {{elements: Iterable<any>}} form */
export const saidIn = (form) => JSON.stringify(Array.from(form.elements, (e) => [e.value, e.checked === true]));
