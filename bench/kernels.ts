import { ReferenceScanKernel } from '../src/core/index/reference-scan-kernel.ts';
import { mulberry32 } from '../src/core/model/rotation.ts';
import type { StaticModel } from '../src/core/model/types.ts';
import { ReferenceSimilarityKernel } from '../src/core/search/reference-similarity-kernel.ts';
import { WasmScanKernel } from '../src/kernels/scan-kernel.ts';
import { WasmSimilarityKernel } from '../src/kernels/similarity-kernel.ts';
import type { Report } from './report.ts';
import { best } from './turns.ts';

/** The coarse scan and the second look, against a loop that only reads and against TypeScript. */
export function measureScan({ ratios }: Report, rows: number): void {
  const next = mulberry32(1);
  const query = Uint8Array.from({ length: 64 }, () => next() & 255);
  const floats = Float32Array.from({ length: 512 }, () => next() / 2 ** 31 - 1);
  const wasm = new WasmScanKernel();
  const reference = new ReferenceScanKernel(64);
  for (const kernel of [wasm, reference]) kernel.reserve(rows);
  const words = new Uint32Array(wasm.codes().buffer, wasm.codes().byteOffset, rows * 16);
  for (let i = 0; i < words.length; i++) words[i] = next();
  reference.codes().set(wasm.codes().subarray(0, rows * 64));
  const [scan, reading, slowScan] = best([
    () => wasm.distances(query, 0, rows),
    () => wasm.readOnly(rows),
    () => reference.distances(query, 0, rows),
  ]);
  const what = `coarse scan of ${rows.toLocaleString('en')} passages`;
  ratios.push({
    name: 'scan/reading',
    what,
    peer: 'a loop that only reads the same memory',
    ratio: reading / scan,
  });
  ratios.push({
    name: 'scan/typescript',
    what,
    peer: 'plain TypeScript',
    ratio: slowScan / scan,
  });
  const chosen = Int32Array.from({ length: Math.ceil(rows / 20) }, () => next() % rows);
  const [look, slowLook] = best([
    () => wasm.signScores(floats, chosen),
    () => reference.signScores(floats, chosen),
  ]);
  ratios.push({
    name: 'second-look/typescript',
    what: 'second look at one in twenty',
    peer: 'plain TypeScript',
    ratio: slowLook / look,
  });
}

/** Late interaction with the passages. */
export function measureLate(
  { ratios }: Report,
  model: StaticModel,
  texts: readonly string[],
): void {
  const query = model.tokenizer.encode(texts[0]?.slice(0, 70) ?? '');
  const passages = texts.slice(0, 1_300).map((text) => model.tokenizer.encode(text));
  const slow = new ReferenceSimilarityKernel(model.table);
  const quick = new WasmSimilarityKernel(model);
  const [quickMs, slowLateMs] = best([
    () => quick.nearest(query, passages),
    () => slow.nearest(query, passages),
  ]);
  ratios.push({
    name: 'late/typescript',
    what: `late interaction with ${passages.length.toLocaleString('en')} passages`,
    peer: 'plain TypeScript',
    ratio: slowLateMs / quickMs,
  });
}
