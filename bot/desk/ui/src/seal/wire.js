// The small binary forms are written with these and read with a cursor that never reads beyond its bytes.
import { concat, utf8, lossyText } from "./bytes.js";

/** Big-endian number of so many bytes. @param {number} v @param {number} size */
export function number(v, size) {
  const out = new Uint8Array(size);
  for (let i = size - 1, rest = v; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}

const asBytes = (p) => (typeof p === "string" ? utf8(p) : p);
const behind = (size) => (p) => {
  const b = asBytes(p);
  return concat(number(b.length, size), b);
};

/** A length of one, two or four bytes, and then the part. */
export const part8 = behind(1);
export const part16 = behind(2);
export const part32 = behind(4);

/** Reads from foreign bytes. After the first fault everything it gives is empty, and bad says so. */
export class Cursor {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.rest = bytes;
    this.bad = false;
  }

  /** @param {number} n */
  take(n) {
    if (this.bad || n > this.rest.length) {
      this.bad = true;
      return new Uint8Array(0);
    }
    const out = this.rest.subarray(0, n);
    this.rest = this.rest.subarray(n);
    return out;
  }

  uint(size) {
    return this.take(size).reduce((n, b) => n * 256 + b, 0);
  }

  u8() {
    return this.uint(1);
  }

  u16() {
    return this.uint(2);
  }

  u32() {
    return this.uint(4);
  }

  /** A version: beyond what counts exactly here nothing was ever signed. */
  u64() {
    const n = this.uint(8);
    if (!Number.isSafeInteger(n)) {
      this.bad = true;
      return 0;
    }
    return n;
  }

  id() {
    const b = this.take(16);
    return this.bad ? new Uint8Array(16) : b;
  }

  text8() {
    return lossyText(this.take(this.u8()));
  }

  bytes8() {
    return this.take(this.u8());
  }

  bytes16() {
    return this.take(this.u16());
  }

  bytes32() {
    return this.take(this.u32());
  }

  /** Says that everything was read and nothing was wrong. */
  done() {
    return !this.bad && this.rest.length === 0;
  }
}
