import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BitCode, PageOrdinal } from '../ids.ts';
import { CodeIndex, type CodeScan } from './code-index.ts';
import { popcount32, ReferenceScanKernel, signTables } from './reference-scan-kernel.ts';
import { NO_DISTANCE } from './scan-kernel.ts';

const page = (ordinal: number) => ordinal as PageOrdinal;
const bits = (byte: number) => byte.toString(2).replaceAll('0', '').length;

function naiveDistance(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, i) => sum + bits(byte ^ b[i]!), 0);
}

/** Pages as lists of codes, some removed, some replaced, some after a step of a vacuum, or a whole one. */
const code = fc.uint8Array({ minLength: 8, maxLength: 8 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ add: fc.nat(20), codes: fc.array(code, { maxLength: 5 }) }),
    },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ vacuum: fc.nat(9) }) },
  ),
  { maxLength: 40 },
);

function flat(codes: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(codes.flatMap((one) => [...one]));
}

function found(index: CodeIndex, scan: CodeScan) {
  return [...scan.rows].map((row, i) => ({
    page: index.pageOf(row) as number,
    passage: index.passageOf(row),
    distance: scan.distances[i]!,
  }));
}

describe('CodeIndex', () => {
  it('finds what a naive comparison finds, whatever was added, replaced, removed and moved', () => {
    fc.assert(
      fc.property(steps, code, fc.integer({ min: 0, max: 30 }), (plan, query, limit) => {
        const index = new CodeIndex(new ReferenceScanKernel(8));
        const truth = new Map<number, Uint8Array[]>();
        for (const step of plan) {
          if ('add' in step) {
            index.addPage(page(step.add), flat(step.codes));
            truth.set(step.add, step.codes);
          } else if ('remove' in step) {
            const had = (truth.get(step.remove)?.length ?? 0) > 0;
            expect(index.removePage(page(step.remove))).toBe(had);
            truth.delete(step.remove);
          } else if (step.vacuum > 0) index.vacuumStep(step.vacuum);
          else while (!index.vacuumStep(3));
        }
        const all = [...truth].flatMap(([owner, codes]) =>
          codes.map((one, passage) => ({
            page: owner,
            passage,
            distance: naiveDistance(one, query),
          })),
        );
        expect(index.passageCount).toBe(all.length);
        const scan = index.scan(query, limit);
        const candidates = found(index, scan);
        const nearest = all.map((one) => one.distance).sort((a, b) => a - b);
        expect(candidates.map((one) => one.distance)).toEqual(nearest.slice(0, limit));
        const key = (one: { page: number; passage: number; distance: number }) =>
          `${one.page}/${one.passage}/${one.distance}`;
        const known = new Set(all.map(key));
        expect(candidates.every((one) => known.has(key(one)))).toBe(true);
        expect(new Set(candidates.map(key)).size).toBe(candidates.length);
        for (let owner = 0; owner <= 20; owner++) {
          const own = (truth.get(owner) ?? []).map((one) => naiveDistance(one, query));
          const rows = [...index.rowsOf(page(owner))];
          expect(rows.map((row) => index.pageOf(row))).toEqual(own.map(() => owner));
          expect(scan.nearest[owner] ?? NO_DISTANCE).toBe(Math.min(NO_DISTANCE, ...own));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out pages that the mask does not accept', () => {
    const index = new CodeIndex(new ReferenceScanKernel(8));
    index.addPage(page(0), new Uint8Array(8));
    index.addPage(page(1), new Uint8Array(16).fill(255));
    const scan = index.scan(new Uint8Array(8), 10, Uint8Array.of(0, 1));
    expect(found(index, scan)).toEqual([
      { page: 1, passage: 0, distance: 64 },
      { page: 1, passage: 1, distance: 64 },
    ]);
    // The background counts every page: a filter must not change what a score means.
    expect([...scan.nearest.subarray(0, 3)]).toEqual([0, 64, NO_DISTANCE]);
  });

  it('gives a page its codes back and frees removed rows', () => {
    const index = new CodeIndex(new ReferenceScanKernel(8));
    index.addPage(
      page(3),
      Uint8Array.from({ length: 16 }, (_, i) => i),
    );
    index.addPage(
      page(1),
      Uint8Array.from({ length: 8 }, (_, i) => 100 + i),
    );
    expect(index.removePage(page(3))).toBe(true);
    expect([index.rowCount, index.passageCount]).toEqual([3, 1]);
    expect(index.vacuumStep(2)).toBe(false);
    expect(index.vacuumStep(2)).toBe(true);
    expect([index.rowCount, index.passageCount, index.sizeBytes]).toEqual([1, 1, 8]);
    expect([...index.codesOf(page(1))]).toEqual([100, 101, 102, 103, 104, 105, 106, 107]);
    expect(index.codesOf(page(3)).length).toBe(0);
  });

  it('leaves no bit of a removed page in the code memory', () => {
    const kernel = new ReferenceScanKernel(8);
    const index = new CodeIndex(kernel);
    index.addPage(page(0), new Uint8Array(16).fill(255));
    index.removePage(page(0));
    expect(kernel.codes().every((byte) => byte === 0)).toBe(true);
  });

  it('leaves every page where it is found between two steps of a vacuum, and frees the rest', () => {
    const kernel = new ReferenceScanKernel(8);
    const index = new CodeIndex(kernel);
    const codesOf = (owner: number) => new Uint8Array(8 * (1 + (owner % 4))).fill(owner + 1);
    for (let owner = 0; owner < 50; owner++) index.addPage(page(owner), codesOf(owner));
    const isKept = (owner: number) => owner % 3 === 0 || owner > 45;
    for (let owner = 0; owner < 50; owner++) if (!isKept(owner)) index.removePage(page(owner));
    for (let isDone = false; !isDone; ) {
      isDone = index.vacuumStep(7);
      for (let owner = 0; owner < 50; owner++) {
        expect(index.codesOf(page(owner))).toEqual(
          isKept(owner) ? codesOf(owner) : new Uint8Array(0),
        );
      }
      const scan = index.scan(codesOf(45).subarray(0, 8) as BitCode, 2);
      expect([...scan.rows].map((row) => index.pageOf(row))).toEqual([page(45), page(45)]);
    }
    expect(index.rowCount).toBe(index.passageCount);
    expect(
      kernel
        .codes()
        .subarray(8 * index.rowCount)
        .every((byte) => byte === 0),
    ).toBe(true);
  });

  it('refuses codes and queries of another length', () => {
    const index = new CodeIndex(new ReferenceScanKernel(8));
    expect(() => index.addPage(page(0), new Uint8Array(12))).toThrow(/12 bytes; a multiple of 8/);
    expect(() => index.scan(new Uint8Array(64), 1)).toThrow(/64 bytes/);
  });
});

describe('ReferenceScanKernel', () => {
  it('counts bits as the binary notation shows them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        expect(popcount32(value)).toBe(value.toString(2).replaceAll('0', '').length);
      }),
    );
  });

  it('adds the query component where the bit is set and takes it away where it is not', () => {
    const query = fc.array(fc.float({ noNaN: true, min: -4, max: 4 }), {
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(query, fc.array(code, { minLength: 1, maxLength: 6 }), (values, codes) => {
        const kernel = new ReferenceScanKernel(8);
        kernel.reserve(codes.length);
        kernel.codes().set(flat(codes));
        const rows = Int32Array.from(codes.keys()).reverse();
        const scores = kernel.signScores(Float32Array.from(values), rows);
        [...rows].forEach((row, i) => {
          const expected = values.reduce(
            (sum, q, bit) => sum + ((codes[row]![bit >> 3]! >> (bit & 7)) & 1 ? q : -q),
            0,
          );
          expect(scores[i]).toBeCloseTo(expected, 3);
        });
      }),
    );
    expect(signTables(new Float32Array(8).fill(1))[0b00000111]).toBe(-2);
  });
});
