import type { PageOrdinal } from '../src/core/ids.ts';
import { CodeIndex } from '../src/core/index/code-index.ts';
import { ReferenceScanKernel } from '../src/core/index/reference-scan-kernel.ts';
import { mulberry32 } from '../src/core/model/rotation.ts';
import type { StaticModel } from '../src/core/model/types.ts';
import { ReferenceSimilarityKernel } from '../src/core/search/reference-similarity-kernel.ts';
import { WasmScanKernel } from '../src/kernels/scan-kernel.ts';
import { WasmSimilarityKernel } from '../src/kernels/similarity-kernel.ts';
import type { Report } from './report.ts';
import { best } from './turns.ts';

/** Passages of a page, and how many of the nearest are asked for. */
const passagesOfPage = 10;
const nearestWanted = 1_000;

/** The coarse scan and the second look, against a loop that only reads and against TypeScript. */
export function measureScan({ ratios, figures }: Report, rows: number): void {
  const next = mulberry32(1);
  const query = Uint8Array.from({ length: 64 }, () => next() & 255);
  const floats = Float32Array.from({ length: 512 }, () => next() / 2 ** 31 - 1);
  const wasm = new WasmScanKernel();
  const reference = new ReferenceScanKernel(64);
  const indexes = [wasm, reference].map((kernel) => new CodeIndex(kernel));
  for (const index of indexes) index.reserve(rows);
  for (let page = 0; page * passagesOfPage < rows; page++) {
    const count = Math.min(passagesOfPage, rows - page * passagesOfPage);
    const words = Uint32Array.from({ length: count * 16 }, next);
    for (const index of indexes) index.addPage(page as PageOrdinal, new Uint8Array(words.buffer));
  }
  const [fast, slow] = indexes as [CodeIndex, CodeIndex];
  const [scan, distances, reading, slowScan] = best([
    () => fast.scan(query, nearestWanted),
    () => wasm.distances(query, 0, rows),
    () => wasm.readOnly(rows),
    () => slow.scan(query, nearestWanted),
  ]);
  const what = `coarse scan of ${rows.toLocaleString('en')} passages, the nearest in order`;
  const onlyReads = 'a loop that only reads the same memory';
  ratios.push(
    { name: 'scan/reading', what, peer: onlyReads, ratio: reading / scan },
    {
      name: 'scan/distances',
      what: 'of it the distances alone',
      peer: onlyReads,
      ratio: reading / distances,
    },
    { name: 'scan/typescript', what, peer: 'plain TypeScript', ratio: slowScan / scan },
  );
  figures.set('Coarse scan', [
    {
      what: 'distances, the nearest of each page, the nearest in order',
      values: { time: scan },
      unit: 'ms',
    },
    { what: 'distances alone', values: { time: distances }, unit: 'ms' },
    { what: onlyReads, values: { time: reading }, unit: 'ms' },
  ]);
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
