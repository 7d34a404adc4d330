import { xxh32 } from '../core/index/checksum.ts';
import type { IndexEntry, Segment } from './ports.ts';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** CRC-32 (ISO 3309) of the bytes, continuing from `seed`. */
export function crc32(bytes: Uint8Array, seed = 0): number {
  let c = ~seed;
  for (const byte of bytes) c = (table[(c ^ byte) & 255] as number) ^ (c >>> 8);
  return ~c >>> 0;
}

/** What an index entry's checksum must be. */
export function entryChecksum({ spaces, terms }: Pick<IndexEntry, 'spaces' | 'terms'>): number {
  const utf8 = new TextEncoder();
  let sum = crc32(terms);
  for (const { space, codes } of spaces) sum = crc32(codes, crc32(utf8.encode(space), sum));
  return sum;
}

type Checked = Omit<Segment, 'id' | 'pageIds' | 'checksum'>;

/** What a segment's checksum must be. */
export function segmentChecksum(segment: Checked): number {
  const steps = segmentChecksumSlowly(segment);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same; yields where other work may run, after some milliseconds in a large segment. */
export function* segmentChecksumSlowly({
  space,
  order,
  rows,
  terms,
  codes,
}: Checked): Generator<void, number> {
  let sum = xxh32(new TextEncoder().encode(`${order} ${space}`));
  for (const bytes of [rows, terms, codes]) {
    sum = xxh32(bytes, sum);
    yield;
  }
  return sum;
}
