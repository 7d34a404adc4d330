import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchPackage } from '../bench/peers.ts';
import type { Collection } from './collection.ts';

/** Texts that a model reads at once. */
const batchSize = 16;

/** What of `@huggingface/transformers` is used. It is fetched only where a peer is asked for. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(
    task: 'feature-extraction',
    model: string,
    options: { readonly dtype: string; readonly device: string },
  ): Promise<
    (
      texts: readonly string[],
      options: { readonly pooling: 'mean'; readonly normalize: true },
    ) => Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }>
  >;
}

/** A transformer that is measured beside the product. */
export interface TransformerPeer {
  readonly name: string;
  /** Unit vectors, row after row. */
  embed(texts: readonly string[]): Promise<Float32Array>;
  /** What its makers put before a query and before a passage. */
  readonly queryPrefix: string;
  readonly passagePrefix: string;
}

const weightFiles = [
  ['onnx/model_quantized.onnx', 'q8'],
  ['onnx/model.onnx', 'fp32'],
] as const;

/**
 * Loads a sentence transformer from a folder as its makers publish it for ONNX: `config.json`,
 * `tokenizer.json`, and `onnx/model_quantized.onnx` or `onnx/model.onnx`.
 * @throws Error when a file is missing or the package cannot be had
 */
export async function loadTransformer(dir: string): Promise<TransformerPeer> {
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    if (!existsSync(join(dir, file))) throw new Error(`The transformer in ${dir} has no ${file}.`);
  }
  const weights = weightFiles.find(([file]) => existsSync(join(dir, file)));
  if (weights === undefined) {
    const names = weightFiles.map(([file]) => file).join(' or ');
    throw new Error(`The transformer in ${dir} has no ${names}.`);
  }
  const entry = fetchPackage('@huggingface/transformers');
  if (entry === undefined)
    throw new Error('The package @huggingface/transformers is not to be had.');
  const { env, pipeline } = (await import(
    pathToFileURL(join(entry, 'dist/transformers.node.mjs')).href
  )) as Transformers;
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(resolve(dir))}/`;
  const name = basename(resolve(dir));
  const extract = await pipeline('feature-extraction', name, { dtype: weights[1], device: 'cpu' });
  const isE5 =
    JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')).model_type === 'xlm-roberta';
  const id = `${name} ${weights[1]} ${statSync(join(dir, weights[0])).size}`;
  const read = async (texts: readonly string[]) => {
    const options = { pooling: 'mean', normalize: true } as const;
    const { data } = await extract(texts, options);
    return Float32Array.from(data);
  };
  return {
    name: `${name} ${weights[1]}`,
    queryPrefix: isE5 ? 'query: ' : '',
    passagePrefix: isE5 ? 'passage: ' : '',
    embed: async (texts) => (texts.length > batchSize ? readMany(id, texts, read) : read(texts)),
  };
}

/** Reads many texts, those of like length together; what was read once is kept in `.cache`. */
async function readMany(
  id: string,
  texts: readonly string[],
  read: (texts: readonly string[]) => Promise<Float32Array>,
): Promise<Float32Array> {
  const hash = createHash('sha256')
    .update(JSON.stringify([id, texts]))
    .digest('hex');
  const file = join(import.meta.dirname, '../.cache/eval', `${hash.slice(0, 24)}.f32`);
  if (existsSync(file)) return new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
  const order = [...texts.keys()].sort(
    (a, b) => (texts[a] as string).length - (texts[b] as string).length,
  );
  let all = new Float32Array(0);
  for (let at = 0; at < order.length; at += batchSize) {
    const some = order.slice(at, at + batchSize);
    const rows = await read(some.map((index) => texts[index] as string));
    const dims = rows.length / some.length;
    if (all.length === 0) all = new Float32Array(texts.length * dims);
    some.forEach((index, i) => {
      all.set(rows.subarray(i * dims, (i + 1) * dims), index * dims);
    });
    if ((at / batchSize) % 50 === 0) process.stderr.write(`\r${id}: ${at} of ${texts.length} `);
  }
  process.stderr.write('\n');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, new Uint8Array(all.buffer));
  return all;
}

/** Cosine of each page's best passage with a query, as a transformer sees both. */
export async function transformerScores(
  { pages, passages, owners }: Pick<Collection, 'pages' | 'passages' | 'owners'>,
  peer: TransformerPeer,
): Promise<(query: string) => Promise<Float32Array>> {
  const rows = await peer.embed(passages.map((text) => peer.passagePrefix + text));
  const dims = rows.length / Math.max(1, passages.length);
  return async (query) => {
    const own = await peer.embed([peer.queryPrefix + query]);
    const scores = new Float32Array(pages.length).fill(Number.NEGATIVE_INFINITY);
    owners.forEach((owner, row) => {
      let cosine = 0;
      for (let d = 0; d < dims; d++) {
        cosine += (own[d] as number) * (rows[row * dims + d] as number);
      }
      if (cosine > (scores[owner] as number)) scores[owner] = cosine;
    });
    return scores;
  };
}
