import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestFile, readManifest } from '../src/core/model/manifest.ts';
import { readModel } from '../src/core/model/model-file.ts';
import type { StaticModel } from '../src/core/model/types.ts';
import { readForeignTokenizer } from '../src/model-import/tokenizer.ts';

function bytesOf(path: string): Uint8Array | undefined {
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
}

/** Reads and checks the model in a folder, as the extension does. */
export async function loadModel(dir: string): Promise<StaticModel> {
  const manifest = bytesOf(join(dir, manifestFile));
  const { table, tokenizer } = readManifest(manifest);
  return readModel(
    {
      manifest,
      tokenizer: bytesOf(join(dir, tokenizer.file)),
      table: bytesOf(join(dir, table.file)),
    },
    async (bytes) => createHash('sha256').update(bytes).digest('hex'),
    readForeignTokenizer,
  );
}
