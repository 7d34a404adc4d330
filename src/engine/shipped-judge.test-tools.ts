import { readFileSync } from 'node:fs';
import { createEncoder } from '../core/model/encoder.ts';
import { createMeaningJudge, type MeaningJudge } from '../core/page/private-meaning.ts';
import { loadModelFolder } from './model-files.ts';

/** The judge with the model that ships. */
export async function shippedJudge(): Promise<MeaningJudge> {
  const folder = new URL('../../models/dejalu-1/', import.meta.url);
  const model = await loadModelFolder(
    async (name) => new Uint8Array(readFileSync(new URL(name, folder))),
  );
  return createMeaningJudge(createEncoder(model), model.tokenizer);
}
