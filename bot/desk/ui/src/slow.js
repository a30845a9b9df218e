// What takes seconds on a phone, beside the page, so that the page stays alive: making and opening a wrapped key. A worker
// lives for one task; what it held goes with it.

import { wrap, unwrap, unwrapCoordinator } from "./seal/index.js";
import { SealError } from "./seal/errors.js";

const tasks = { wrap, unwrap, unwrapCoordinator };

/** Runs in the worker: takes one task and answers. */
export function serveSlow() {
  self.addEventListener("message", async ({ data: { name, args } }) => {
    try {
      self.postMessage({ done: await tasks[name](...args) });
    } catch (err) {
      self.postMessage({ failed: true, word: err instanceof SealError ? err.word : "", about: err.about ?? {} }); // such as too little memory
    }
  });
}

/**
 * Does a task beside the page, or in it where the browser has no such workers.
 * @param {"wrap"|"unwrap"|"unwrapCoordinator"} name @param {...any} args
 */
export async function slowly(name, ...args) {
  let worker;
  try {
    worker = new Worker(import.meta.url, { type: "module" });
  } catch {
    return here(name, args);
  }
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (!data.failed) resolve(data.done);
        else reject(data.word ? new SealError(data.word, data.about) : new Error("beside the page"));
      };
      worker.onerror = (e) => { e.preventDefault(); resolve(here(name, args)); };
      worker.postMessage({ name, args });
    });
  } finally {
    worker.terminate();
  }
}

async function here(name, args) {
  await new Promise((resolve) => setTimeout(resolve, 100)); // what was said about waiting is drawn first
  return tasks[name](...args);
}
