/**
 * Makes the dictionary that pages' texts are packed with, src/engine/text-dictionary.ts: phrases that
 * many texts share, so that a short page need not spell them out. Phrases only, of a few words each, and
 * each in at least twenty texts: nobody's sentence is in it.
 *
 *   node bin/build-text-dictionary.ts --data DIR     DIR/train and DIR/train-general
 *
 * A dictionary that is in use may never change: stored texts cannot be read without it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined)
  throw new Error('--data DIR is missing: a folder with train/*.jsonl.gz');

const textsOfFile = 600;
const leastTexts = 20;
/** Files that a stretch must stand in: what one source says again and again is no phrase of the language. */
const leastFiles = { en: 5, ko: 4 } as const;
const mostWords = 6;
/** Bytes for each language: deflate reaches back 32 KB, of which a page should keep some. */
const shares = { en: 19_000, ko: 10_000 } as const;
/** What a repetition costs by itself, in bytes. */
const costOfCopy = 3;
/** How a page's text begins and goes on; at the end, where it is nearest. */
const frame = '[{"text":"\\n","heading":""},{"text":"';

/** Bodies of a file's rows, taken evenly. */
function bodiesOf(file: string): string[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  const step = Math.max(1, Math.floor(lines.length / textsOfFile));
  return lines
    .filter((_, place) => place % step === 0)
    .slice(0, textsOfFile)
    .map((line) => String((JSON.parse(line) as { d?: string }).d ?? ''))
    .filter((text) => text.length > 200);
}

/**
 * In how many texts each stretch of up to so many words stands, blanks included.
 * @param files the texts of each file
 */
function countStretches(files: readonly (readonly string[])[], least: number): Map<string, number> {
  const all = new Map<string, number>();
  let known: ReadonlyMap<string, unknown> = new Map();
  const words = files.map((texts) =>
    texts.map(
      (text) =>
        JSON.stringify(text)
          .slice(1, -1)
          .match(/\S+\s*/g) ?? [],
    ),
  );
  for (let size = 1; size <= mostWords; size++) {
    const counts = new Map<string, { texts: number; files: number; last: number }>();
    words.forEach((lists, file) => {
      for (const list of lists) {
        const seen = new Set<string>();
        for (let at = 0; at + size <= list.length; at++) {
          const head = list.slice(at, at + size - 1).join('');
          // A stretch is no more frequent than its beginning.
          if (size === 1 || known.has(head)) seen.add(head + list[at + size - 1]);
        }
        for (const stretch of seen) {
          const count = counts.get(stretch) ?? { texts: 0, files: 0, last: -1 };
          counts.set(stretch, count);
          count.texts++;
          if (count.last !== file) count.files++;
          count.last = file;
        }
      }
    });
    const common = [...counts].filter(
      ([, each]) => each.texts >= leastTexts && each.files >= least,
    );
    known = new Map(common);
    for (const [stretch, { texts }] of common) all.set(stretch, texts);
  }
  return all;
}

const bytesOf = (text: string) => Buffer.byteLength(text);

/** The stretches that save most, the best last, none of which stands within another. */
function choose(counts: ReadonlyMap<string, number>, room: number): string[] {
  const worth = ([stretch, count]: [string, number]) => count * (bytesOf(stretch) - costOfCopy);
  const chosen: string[] = [];
  let text = '';
  for (const [stretch] of [...counts].sort((a, b) => worth(b) - worth(a))) {
    if (text.includes(stretch)) continue;
    if (bytesOf(text) + bytesOf(stretch) > room) break;
    chosen.push(stretch);
    text += stretch;
  }
  return chosen.reverse();
}

const files = ['train', 'train-general'].flatMap((folder) =>
  readdirSync(join(values.data as string, folder))
    .filter((name) => name.endsWith('.jsonl.gz') && !name.startsWith('par_'))
    .sort()
    .map((name) => join(values.data as string, folder, name)),
);
const isKorean = (file: string) => /\/ko_[^/]*$/.test(file);
const parts = (['ko', 'en'] as const).map((lang) => {
  const texts = files.filter((file) => isKorean(file) === (lang === 'ko')).map(bodiesOf);
  return choose(countStretches(texts, leastFiles[lang]), shares[lang]).join('');
});
const dictionary = parts.join('') + frame;
const file = new URL('../src/engine/text-dictionary.ts', import.meta.url);
writeFileSync(
  file,
  `/** Made by bin/build-text-dictionary.ts, once: stored texts cannot be read with another. */
export const textDictionary = ${JSON.stringify(dictionary)};
`,
);
console.log(`src/engine/text-dictionary.ts: ${bytesOf(dictionary)} bytes`);
