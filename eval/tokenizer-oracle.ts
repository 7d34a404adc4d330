/**
 * `node eval/tokenizer-oracle.ts [--count N] [--seed N] [--model DIR]`: fuzzed strings through the
 * model's tokenizer and through @huggingface/tokenizers on the same file; prints the agreement
 * and fails when one differs.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Tokenizer as PeerTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { readManifest } from '../src/core/model/manifest.ts';
import { createTokenizer } from '../src/core/model/tokenizer.ts';
import { readTokenizerFile } from '../src/core/model/tokenizer-file.ts';
import { fuzzText, fuzzWords } from './support/fuzz-text.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', default: 'models/dejalu-1' },
  },
});
const folder = pathToFileURL(`${resolve(values.model)}/`);
const manifest = readManifest(readFileSync(new URL('model.json', folder)));
const bytes = readFileSync(new URL(manifest.tokenizer.file, folder));
const spec = readTokenizerFile(bytes, manifest.tokenizer.file, manifest);
const tokenizer = createTokenizer(spec);
const peer = new PeerTokenizer(JSON.parse(bytes.toString('utf8')), {});

const words = spec.tokens.filter((token) => !token.startsWith('##'));
const texts = fc.oneof(fuzzText(6), fuzzWords(words, 8));
const count = Number(values.count);
const batch = 20_000;
let agreed = 0;
let tokens = 0;
for (let done = 0; done < count; done += batch) {
  const size = Math.min(batch, count - done);
  for (const text of fc.sample(texts, { numRuns: size, seed: Number(values.seed) + done })) {
    const ours = tokenizer.encode(text);
    const theirs = peer.encode(text, { add_special_tokens: false }).ids;
    tokens += ours.length;
    if (ours.length === theirs.length && theirs.every((id, t) => id === ours[t])) agreed++;
    else console.log(`differs: ${JSON.stringify(text)}`);
  }
  console.error(`${done + size} of ${count}`);
}
console.log(`${agreed} of ${count} strings agree, ${tokens} tokens`);
if (agreed !== count) process.exitCode = 1;
