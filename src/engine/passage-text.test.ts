import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { xxh32 } from '../core/index/checksum.ts';
import type { Passage } from '../core/page/types.ts';
import { DeflateCompressor } from './deflate.ts';
import {
  packPassages,
  packTokens,
  tokensOfRow,
  unpackPassages,
  unpackTokens,
} from './passage-text.ts';
import { textDictionary } from './text-dictionary.ts';

const compressor = new DeflateCompressor();
const utf8 = new TextEncoder();
const space = 'a@1' as ModelId;
const tokens = { bytes: Uint8Array.from({ length: 700 }, (_, i) => (i * 7) % 90) };
const passages: readonly Passage[] = [
  { text: 'For example, this is one of the most important hives in the city.', heading: 'Bees' },
  { text: '예를 들어, 이 벌통은 도시에서 가장 중요한 것 중 하나입니다.' },
];

/** A row as format 4 wrote it: the tokens deflated, the text with a dictionary. */
function rowOfFormat4(): Uint8Array {
  const deflated = deflateRawSync(tokens.bytes);
  const checksum = xxh32(deflated, xxh32(utf8.encode(space)));
  const head = [15, ...[0, 8, 16, 24].map((shift) => (checksum >>> shift) & 255)];
  const size =
    deflated.length < 128
      ? [deflated.length]
      : [(deflated.length & 127) | 128, deflated.length >> 7];
  const dictionary = utf8.encode(textDictionary);
  const text = deflateRawSync(utf8.encode(JSON.stringify(passages)), { dictionary });
  return Uint8Array.from([...head, ...size, ...deflated, ...text]);
}

/** A row as format 3 wrote it: the tokens as they are, the text without a dictionary. */
function rowOfFormat3(): Uint8Array {
  const checksum = xxh32(tokens.bytes, xxh32(utf8.encode(space)));
  const head = [7, ...[0, 8, 16, 24].map((shift) => (checksum >>> shift) & 255), 188, 5];
  const text = deflateRawSync(utf8.encode(JSON.stringify(passages)));
  return Uint8Array.from([...head, ...tokens.bytes, ...text]);
}

describe('the text of a page as it is stored', () => {
  it('gives back its passages, with a dictionary and without', async () => {
    const long = [{ text: 'The bees keep the hive warm. '.repeat(6_000) }];
    for (const own of [passages, long, []]) {
      const row = await packPassages(compressor, own);
      expect(await unpackPassages(compressor, row)).toEqual(own);
      expect(await tokensOfRow(compressor, row, space)).toBeNull();
    }
  });

  it('gives back tokens of its own model that are as they were packed, and no others', async () => {
    const packed = await packTokens(compressor, space, tokens);
    expect(await unpackTokens(compressor, packed, space)).toEqual(tokens);
    expect(await unpackTokens(compressor, packed, 'b@1' as ModelId)).toBeNull();
    for (let at = 0; at < packed.length; at += 7) {
      const damaged = packed.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 16;
      expect(await unpackTokens(compressor, damaged, space)).toBeNull();
      expect(await unpackTokens(compressor, packed.subarray(0, at), space)).toBeNull();
    }
    expect(await unpackTokens(compressor, null, space)).toBeNull();
  });

  it('takes less than without the dictionary', async () => {
    const row = await packPassages(compressor, passages);
    expect(row.length).toBeLessThan(0.9 * deflateRawSync(JSON.stringify(passages)).length);
  });

  it('is read from rows of former formats', async () => {
    expect(await unpackPassages(compressor, rowOfFormat3())).toEqual(passages);
    expect(await tokensOfRow(compressor, rowOfFormat3(), space)).toEqual(tokens);
    expect(await unpackPassages(compressor, rowOfFormat4())).toEqual(passages);
    expect(await tokensOfRow(compressor, rowOfFormat4(), space)).toEqual(tokens);
    expect(await tokensOfRow(compressor, rowOfFormat4(), 'b@1' as ModelId)).toBeNull();
    const format2 = new Uint8Array(deflateRawSync(JSON.stringify(passages)));
    expect(await unpackPassages(compressor, format2)).toEqual(passages);
    expect(await tokensOfRow(compressor, format2, space)).toBeNull();
  });

  it('keeps the dictionary that stored texts need', () => {
    expect(createHash('sha256').update(textDictionary).digest('hex')).toBe(
      '1926c194ea2545dc0b0116936f29d72f230552ce5e3d8c9d40e1c90921b94373',
    );
    expect(utf8.encode(textDictionary).length).toBeLessThanOrEqual(32 * 1024);
  });
});
