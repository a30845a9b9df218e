// The server, as the page sees it. It is asked for sealed bytes and plain fields; what people wrote goes through here only
// when it is sealed.

/** What the server did not do. Word is one of the contract's: unknown, sign_in, slow, held, bad, …, or away for no answer. */
export class ApiError extends Error {
  constructor(status, word, reason = "", told = {}) {
    super(`the server answered ${status} ${word}`);
    this.name = "ApiError";
    this.status = status;
    this.word = word;
    this.reason = reason;
    this.what = told.what ?? ""; // is wrong with a value, and what to do, in the words of operators
    this.remedy = told.remedy ?? "";
  }
}

let signedOut = () => {};
let asked = 0;

/** Calls f when the server says that nobody is signed in any more. */
export function onSignedOut(f) {
  signedOut = f;
}

/** When the server was last asked something. */
export const lastAsked = () => asked;

async function ask(path, options = {}) {
  asked = Date.now();
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", redirect: "error", referrerPolicy: "no-referrer", ...options });
  } catch (err) {
    if (err.name === "AbortError") throw err;
    throw new ApiError(0, "away");
  }
  if (answer.ok || answer.status === 304) return answer;
  let told = {};
  try { told = await answer.json(); } catch { /* a proxy in between answers in its own way */ }
  const err = new ApiError(answer.status, told.error ?? guess(answer.status), told.reason ?? "", told);
  if (err.word === "sign_in") signedOut();
  throw err;
}

function guess(status) {
  if (status === 401) return "sign_in";
  if (status === 404) return "unknown";
  if (status === 429) return "slow";
  return status >= 500 ? "away" : "bad";
}

const read = async (answer) => {
  const text = await answer.text();
  return text === "" ? {} : JSON.parse(text);
};

const bytes = async (answer) => new Uint8Array(await answer.arrayBuffer());

export const api = {
  /** Asks for JSON. */
  get: async (path, signal) => read(await ask(path, { signal, headers: { Accept: "application/json" } })),

  /** Asks for JSON that may not have changed since: {data, mark}, or null if it has not. */
  async poll(path, mark, signal) {
    const headers = { Accept: "application/json" };
    if (mark) headers["If-None-Match"] = mark;
    const answer = await ask(path, { signal, headers, cache: "no-store" });
    if (answer.status === 304) return null;
    return { data: await read(answer), mark: answer.headers.get("ETag") ?? "" };
  },

  /** Asks for bytes. */
  bytes: async (path, signal) => bytes(await ask(path, { signal })),

  /** Sends JSON. */
  post: async (path, body = {}) => read(await ask(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  })),

  /** Sends a sealed file as it is. */
  send: async (path, file) => read(await ask(path, {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  })),
};

/** Bytes as they stand in JSON. */
export const toBase64 = (b) => {
  let s = "";
  for (let i = 0; i < b.length; i += 8192) s += String.fromCharCode(...b.subarray(i, i + 8192));
  return btoa(s);
};

export const fromBase64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
