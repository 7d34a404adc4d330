import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { xxh32 } from '../core/index/checksum.ts';
import type { Passage } from '../core/page/types.ts';
import { DeflateCompressor } from './deflate.ts';
import { packPassages, readTokens, unpackPassages } from './passage-text.ts';
import { textDictionary } from './text-dictionary.ts';

const compressor = new DeflateCompressor();
const utf8 = new TextEncoder();
const space = 'a@1' as ModelId;
const tokens = { bytes: Uint8Array.from({ length: 700 }, (_, i) => (i * 7) % 90) };
const passages: readonly Passage[] = [
  { text: 'For example, this is one of the most important hives in the city.', heading: 'Bees' },
  { text: '예를 들어, 이 벌통은 도시에서 가장 중요한 것 중 하나입니다.' },
];

/** A row as format 3 wrote it: the tokens as they are, the text without a dictionary. */
function rowOfFormat3(): Uint8Array {
  const checksum = xxh32(tokens.bytes, xxh32(utf8.encode(space)));
  const head = [7, ...[0, 8, 16, 24].map((shift) => (checksum >>> shift) & 255), 188, 5];
  const text = deflateRawSync(utf8.encode(JSON.stringify(passages)));
  return Uint8Array.from([...head, ...tokens.bytes, ...text]);
}

describe('the text of a page as it is stored', () => {
  it('gives back its passages and tokens, with a dictionary and without', async () => {
    const long = [{ text: 'The bees keep the hive warm. '.repeat(6_000) }];
    for (const own of [passages, long, []]) {
      const row = await packPassages(compressor, own, { space, tokens });
      expect(await unpackPassages(compressor, row)).toEqual(own);
      expect(await readTokens(compressor, row, space)).toEqual(tokens);
      expect(await readTokens(compressor, row, 'b@1' as ModelId)).toBeNull();
      const bare = await packPassages(compressor, own);
      expect(await unpackPassages(compressor, bare)).toEqual(own);
      expect(await readTokens(compressor, bare, space)).toBeNull();
    }
  });

  it('takes less than without the dictionary', async () => {
    const row = await packPassages(compressor, passages);
    expect(row.length).toBeLessThan(0.9 * deflateRawSync(JSON.stringify(passages)).length);
  });

  it('is read from rows of former formats', async () => {
    expect(await unpackPassages(compressor, rowOfFormat3())).toEqual(passages);
    expect(await readTokens(compressor, rowOfFormat3(), space)).toEqual(tokens);
    const format2 = new Uint8Array(deflateRawSync(JSON.stringify(passages)));
    expect(await unpackPassages(compressor, format2)).toEqual(passages);
    expect(await readTokens(compressor, format2, space)).toBeNull();
  });

  it('keeps the dictionary that stored texts need', () => {
    expect(createHash('sha256').update(textDictionary).digest('hex')).toBe(
      '1926c194ea2545dc0b0116936f29d72f230552ce5e3d8c9d40e1c90921b94373',
    );
    expect(utf8.encode(textDictionary).length).toBeLessThanOrEqual(32 * 1024);
  });
});
