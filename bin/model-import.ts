/** Makes a model of another maker into one that the extension reads. Writes nothing unless all is well. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../src/core/errors.ts';
import { createEncoder } from '../src/core/model/encoder.ts';
import { embedExactly, type ReadPath, readAnyModel } from '../src/model-import/read-any-model.ts';
import { writeModel } from '../src/model-import/write-model.ts';

const usage = `npm run model:import -- DIR [options]
  DIR            a Model2Vec folder, a Sentence Transformers StaticEmbedding, or a model of ours
  --out DIR      default: models/imported/NAME; must not be there yet
  --dims N       keep only the first N dimensions, for models trained for it (Matryoshka)
  --name NAME    default: the folder's name
  --version V    default: 1.0.0
  --licence L    default: unknown

Measure it with: npm run eval -- --model models/imported/NAME`;

const maxFileBytes = 1 << 30;
const texts = [
  'Finding again what you have read, by meaning.',
  'The quick brown fox jumps over the lazy dog.',
  '읽은 페이지를 뜻으로 다시 찾습니다.',
];

const sha256 = async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Reads below a folder; a file too large is refused before a byte of it is read. */
function readBelow(folder: string): ReadPath {
  return async (path) => {
    const file = await open(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (file === undefined) return undefined;
    try {
      const { size } = await file.stat();
      if (size > maxFileBytes) {
        throw new AppError(
          'model-invalid',
          `${path} has ${size} bytes; at most ${maxFileBytes} are allowed`,
        );
      }
      return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      dims: { type: 'string' },
      name: { type: 'string' },
      version: { type: 'string', default: '1.0.0' },
      licence: { type: 'string', default: 'unknown' },
      help: { type: 'boolean' },
    },
  });
  const [from] = positionals;
  if (values.help || from === undefined || positionals.length > 1) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const name = values.name ?? basename(resolve(from)).replace(/[^A-Za-z0-9._-]/g, '-');
  if (!existsSync(from)) throw new Error(`${from} is not there; DIR must be a model's folder`);
  const out = resolve(values.out ?? join('models/imported', name));
  if (existsSync(out)) throw new Error(`${out} is there already; --out must name a new folder`);
  const dims = values.dims === undefined ? {} : { dims: Number(values.dims) };
  const source = await readAnyModel(readBelow(from), { ...dims, sha256 });
  const label = { name, version: values.version, licence: values.licence };
  const { files, model } = await writeModel(source, label, sha256);

  const encoder = createEncoder(model);
  const cosines = texts.flatMap((text) => {
    const exact = embedExactly(source, text);
    const cosine = encoder
      .embed(model.tokenizer.encode(text))
      .reduce((sum, value, d) => sum + value * (exact[d] as number), 0);
    return exact.some((value) => value !== 0) ? [cosine] : [];
  });
  // Beside its place and then moved there whole, so that a kill leaves no half of a model.
  mkdirSync(dirname(out), { recursive: true });
  const work = mkdtempSync(`${out}.`);
  try {
    for (const [file, bytes] of files) writeFileSync(join(work, file), bytes);
    renameSync(work, out);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    throw error;
  }
  const loss = cosines.length > 0 ? Math.min(...cosines).toFixed(6) : 'not measured';
  console.log(`${source.kind}: ${model.vocabularySize} tokens × ${model.dims} dimensions`);
  console.log(`cosine of the 8-bit embeddings to the model's own, at least: ${loss}`);
  console.log(`${model.id} is in ${out}`);
}

await main().catch((error: Error) => {
  console.error(`model:import: ${error.message}`);
  process.exitCode = 1;
});
