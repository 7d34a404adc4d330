import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EvalPage, readHaystack, readRefind } from '../eval/data.ts';
import type { TextSource } from './history.ts';

/**
 * The texts that histories are made of: the training texts of a data folder, or the sample pages
 * that ship with the project.
 */
export function readSources(dataDir: string | undefined, textCount: number): TextSource[] {
  if (dataDir === undefined) {
    const samples = readRefind('samples')?.pages ?? [];
    const texts = samples.flatMap(({ key, title, text }) =>
      text
        .split(/\n+/)
        .filter((line) => line.trim().length > 40)
        .map((line) => ({ key, title, text: line.trim() })),
    );
    return [{ name: 'samples', texts }];
  }
  if (!existsSync(join(dataDir, 'train'))) {
    throw new Error(`The data folder ${dataDir} has no folder "train" with texts.`);
  }
  const byFile = new Map<string, EvalPage[]>();
  for (const text of readHaystack(dataDir, [], textCount)) {
    const file = text.key.slice(0, text.key.lastIndexOf('#'));
    const own = byFile.get(file) ?? [];
    own.push(text);
    byFile.set(file, own);
  }
  return [...byFile.values()].map((texts, index) => ({ name: `source-${index}`, texts }));
}
