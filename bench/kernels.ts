/**
 * `npm run bench:kernels`: the kernels against their references, against a loop that only reads
 * the same memory, and the tokenizer against @huggingface/tokenizers, in one run. Ratios only: the
 * machine's absolute times mean little while other work shares its cores.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Tokenizer as PeerTokenizer } from '@huggingface/tokenizers';
import { ReferenceScanKernel } from '../src/core/index/reference-scan-kernel.ts';
import { createEncoder } from '../src/core/model/encoder.ts';
import { readModel } from '../src/core/model/model-file.ts';
import { mulberry32 } from '../src/core/model/rotation.ts';
import { ReferenceSimilarityKernel } from '../src/core/search/reference-similarity-kernel.ts';
import { WasmEncoder } from '../src/kernels/encoder.ts';
import { WasmScanKernel } from '../src/kernels/scan-kernel.ts';
import { WasmSimilarityKernel } from '../src/kernels/similarity-kernel.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, text: { type: 'string' } },
});
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1) {
  throw new Error(`--rows is ${values.rows}; allowed: a whole number from 1`);
}

/** The best of some turns, in milliseconds: noise only ever adds. */
function best(work: () => unknown, turns = 7): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function print(name: string, ms: number, other: string, otherMs: number): void {
  const ratio = otherMs / ms;
  const words =
    ratio >= 1
      ? `${ratio.toFixed(2)} times faster than`
      : `${(1 / ratio).toFixed(2)} × the time of`;
  console.log(`${name.padEnd(44)} ${words} ${other}`);
}

const next = mulberry32(1);
const query = Uint8Array.from({ length: 64 }, () => next() & 255);
const floats = Float32Array.from({ length: 512 }, () => next() / 2 ** 31 - 1);
const wasm = new WasmScanKernel();
const reference = new ReferenceScanKernel(64);
for (const kernel of [wasm, reference]) kernel.reserve(rows);
const words = new Uint32Array(wasm.codes().buffer, wasm.codes().byteOffset, rows * 16);
for (let i = 0; i < words.length; i++) words[i] = next();
reference.codes().set(wasm.codes().subarray(0, rows * 64));

const scan = best(() => wasm.distances(query, 0, rows));
print(
  `distances, ${rows} codes`,
  scan,
  'the reference',
  best(() => reference.distances(query, 0, rows), 3),
);
print(
  `distances, ${rows} codes`,
  scan,
  'only reading the memory',
  best(() => wasm.readOnly(rows)),
);
const chosen = Int32Array.from({ length: Math.ceil(rows / 20) }, () => next() % rows);
print(
  `second look, ${chosen.length} codes`,
  best(() => wasm.signScores(floats, chosen)),
  'the reference',
  best(() => reference.signScores(floats, chosen)),
);

const folder = new URL('../models/dejalu-1/', import.meta.url);
const files = {
  manifest: readFileSync(new URL('model.json', folder)),
  tokenizer: readFileSync(new URL('tokenizer.json', folder)),
  table: readFileSync(new URL('table.safetensors', folder)),
};
const model = await readModel(files, async (bytes) =>
  createHash('sha256').update(bytes).digest('hex'),
);
const asked = Uint32Array.from({ length: 12 }, () => next() % model.vocabularySize);
const met = Uint32Array.from({ length: 5000 }, () => next() % model.vocabularySize);
const fastCosines = new WasmSimilarityKernel(model.table);
const slowCosines = new ReferenceSimilarityKernel(model.table);
print(
  'late interaction, 12 × 5000 tokens',
  best(() => fastCosines.cosines(asked, met)),
  'the reference',
  best(() => slowCosines.cosines(asked, met)),
);

const card = readFileSync(values.text ?? new URL('MODEL_CARD.md', folder), 'utf8');
const text = card.repeat(Math.ceil(200_000 / card.length));
const passages = Array.from({ length: Math.floor(text.length / 600) }, (_, i) =>
  text.slice(i * 600, i * 600 + 600),
);
const peer = new PeerTokenizer(JSON.parse(files.tokenizer.toString('utf8')), {});
const encoder = createEncoder(model);
const peerMs = best(() => {
  for (const passage of passages) peer.encode(passage, { add_special_tokens: false });
}, 3);
const tokenizeMs = best(() => {
  for (const passage of passages) model.tokenizer.encode(passage);
});
const encodeMs = best(() => {
  for (const passage of passages) encoder.code(encoder.embed(model.tokenizer.encode(passage)));
});
print('tokenize', tokenizeMs, '@huggingface/tokenizers', peerMs);
const fast = new WasmEncoder(model);
const fastMs = best(() => {
  for (const passage of passages) fast.code(fast.embed(model.tokenizer.encode(passage)));
});
print('text to bit code', fastMs, 'the reference', encodeMs);
print('text to bit code', fastMs, '@huggingface/tokenizers tokenizing alone', peerMs);
