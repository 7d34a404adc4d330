import { AppError } from '../errors.ts';

/** Of bytes that are not as they were written. */
export function damaged(what: string): AppError {
  return new AppError('storage-corrupt', `Stored bytes are damaged: ${what}.`);
}

/** The first little-endian words of 32 bits, wherever the bytes lie: fewer where they end before. */
export function firstWords(bytes: Uint8Array, count: number): Uint32Array {
  const head = bytes.slice(0, 4 * count);
  return new Uint32Array(head.buffer, 0, head.length >> 2);
}

/** Growable bytes with variable-length integers (seven bits a byte, low bits first). */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.byte((rest & 127) | 128);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  bytes(values: Uint8Array): void {
    if (this.#length + values.length > this.#bytes.length) this.#grow(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** What was written so far, in place: valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins anew and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(by: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Reads what {@link ByteWriter} wrote. Past the end it throws `storage-corrupt`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** Units of the term that {@link compare} met, those taken for met included. */
  met = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  set at(at: number) {
    this.#at = at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw damaged(`they end at byte ${this.#at}`);
    this.#at++;
    return value;
  }

  varint(): number {
    // Most numbers are small: one byte, read here without a call.
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 128) {
      this.#at++;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw damaged(`a number at byte ${this.#at} is too long`);
  }

  /**
   * Compares a term's own units, which it reads, with those of another from `met` on: below 0 when it is
   * less, above 0 when it is greater. Where it is greater, some of its units may be left unread.
   */
  compare(own: number, other: string, met: number): number {
    for (let i = 0; i < own; i++) {
      const unit = this.varint();
      // NaN beyond the end: nothing there is less.
      const wanted = other.charCodeAt(met + i);
      if (unit === wanted) continue;
      if (!(unit < wanted)) return 1;
      this.skip(own - i - 1);
      this.met = met + i;
      return -1;
    }
    this.met = met + own;
    return this.met - other.length;
  }

  /** Passes over so many varints. */
  skip(count: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let left = count; left > 0; at++) {
      const byte = bytes[at];
      if (byte === undefined) throw damaged(`they end at byte ${at}`);
      if (byte < 128) left--;
    }
    this.#at = at;
  }
}

function sharedPrefix(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}

/**
 * Writes a term after `before`: how many UTF-16 code units they share, how many follow, and those
 * as varints. Code units, not UTF-8: lone surrogates survive and the order stays JavaScript's.
 */
export function writeTerm(writer: ByteWriter, before: string, term: string): void {
  const shared = sharedPrefix(before, term);
  writer.varint(shared);
  writer.varint(term.length - shared);
  for (let i = shared; i < term.length; i++) writer.varint(term.charCodeAt(i));
}

/** The inverse of {@link writeTerm}. @throws AppError `storage-corrupt` */
export function readTerm(reader: ByteReader, before: string): string {
  const shared = reader.varint();
  if (shared > before.length) throw damaged(`a term shares ${shared} of ${before.length} units`);
  const own = reader.varint();
  let term = before.slice(0, shared);
  for (let i = 0; i < own; i++) term += String.fromCharCode(reader.varint());
  return term;
}
