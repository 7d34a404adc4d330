import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEncoder } from '../core/model/encoder.ts';
import { createMeaningJudge, type MeaningJudge } from '../core/page/private-meaning.ts';
import { loadModelFolder } from './model-files.ts';

/** The judge with the model that ships. */
export async function shippedJudge(): Promise<MeaningJudge> {
  const model = await loadModelFolder(
    async (name) => new Uint8Array(readFileSync(join('models/dejalu-1', name))),
  );
  return createMeaningJudge(createEncoder(model), model.tokenizer);
}
