import { describe, expect, it } from 'vitest';
import { createEncoder } from '../core/model/encoder.ts';
import { mulberry32 } from '../core/model/rotation.ts';
import { packedTable, tokenTable } from '../core/model/token-table.ts';
import { createTokenizer } from '../core/model/tokenizer.ts';
import { WasmEncoder } from './encoder.ts';

const next = mulberry32(9);
const tokenizer = createTokenizer({ tokens: ['[UNK]'], unknownId: 0, maxWordChars: 24 });
const code = { bits: 512, rounds: 3, seed: 7 } as const;

describe('a table of four bits', () => {
  // Rows of whole words of 16 bits and of odd bytes, with and without filling up in the kernels.
  it.each([
    [384, 0],
    [384, 1],
    [64, 0],
    [10, 0],
    [6, 1],
  ])('of %i dimensions at byte %i is the table of its values', (dims, offset) => {
    const tokens = 70;
    const file = Uint8Array.from({ length: offset + (tokens * dims) / 2 }, () => next() & 255);
    const packed = file.subarray(offset);
    const scales = Float32Array.from({ length: tokens }, () => next() / 2 ** 31 - 1);
    const rows = Int8Array.from(
      { length: tokens * dims },
      (_, i) => (((packed[i >> 1] as number) >> (4 * (i & 1))) & 15) - 8,
    );
    const expected = tokenTable(dims, rows, scales);
    const table = packedTable(dims, packed, scales);
    expect(table.norms).toEqual(expected.norms);
    const ids = Uint32Array.from({ length: 90 }, () => next() % (tokens + 9));
    const wasm = new WasmEncoder({ tokenizer, table, code });
    const reference = createEncoder({ tokenizer, table: expected, code });
    expect(wasm.embed(ids)).toEqual(reference.embed(ids));
    expect(table.rows).toEqual(rows);
  });
});
