import { Tokenizer as PeerTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzText, fuzzWords, scriptRanges } from '../../../eval/support/fuzz-text.ts';
import { mulberry32 } from './rotation.ts';
import { createTokenizer } from './tokenizer.ts';

const words =
  'the apple leather seat concept car with fruit left over un happi ness play ing ed s re find able café naïve größe straße привет мир дом γειά σου καλημέρα 한국어 문장 나무 검색 되 었 습니다 テスト 日 本 語 漢 字 ไทย שלום مرحبا नमस्ते'.split(
    ' ',
  );

/** A small vocabulary of all scripts: words, their prefixes, and a third of all characters. */
function makeVocabulary(): string[] {
  const next = mulberry32(3);
  const tokens = new Set(['[PAD]', '[UNK]']);
  for (let point = 0x21; point < 0x7f; point++) {
    tokens.add(String.fromCharCode(point).toLowerCase());
    if (next() % 2 === 0) tokens.add(`##${String.fromCharCode(point).toLowerCase()}`);
  }
  for (const ranges of Object.values(scriptRanges)) {
    for (const [first, last] of ranges) {
      const step = Math.max(3, Math.floor((last - first) / 200));
      for (let point = first; point <= last; point += step) {
        const form = String.fromCodePoint(point).normalize('NFKC').toLowerCase();
        tokens.add(form);
        tokens.add(`##${form}`);
      }
    }
  }
  for (const word of words) {
    const form = word
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC');
    for (let end = 1; end <= form.length; end++) {
      if (end === form.length || next() % 3 === 0) tokens.add(form.slice(0, end));
      if (next() % 3 === 0) tokens.add(`##${form.slice(0, end)}`);
      if (next() % 3 === 0) tokens.add(`##${form.slice(end)}`);
    }
  }
  return [...tokens];
}

const tokens = makeVocabulary();
const tokenizer = createTokenizer({ tokens, unknownId: 1, maxWordChars: 64 });
const peer = new PeerTokenizer(
  {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKC' },
        { type: 'Lowercase' },
        { type: 'NFD' },
        { type: 'Replace', pattern: { Regex: '[\u0300-\u036f]' }, content: '' },
        { type: 'NFC' },
        {
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: false,
          lowercase: false,
        },
      ],
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 64,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  },
  {},
);
const peerIds = (text: string): number[] => peer.encode(text, { add_special_tokens: false }).ids;
const names = (text: string) => [...tokenizer.encode(text)].map((id) => tokenizer.token(id));

describe('tokenizer', () => {
  it('gives the ids of @huggingface/tokenizers for fuzzed text of 22 scripts', () => {
    fc.assert(
      fc.property(fuzzText(), (text) => {
        expect([...tokenizer.encode(text)]).toEqual(peerIds(text));
      }),
      { seed: 1, numRuns: 4000 },
    );
  });

  it('gives the ids of @huggingface/tokenizers for words of its vocabulary among fuzz', () => {
    fc.assert(
      fc.property(fuzzWords([...words, ...tokens.slice(100)]), (text) => {
        expect([...tokenizer.encode(text)]).toEqual(peerIds(text));
      }),
      { seed: 2, numRuns: 4000 },
    );
  });

  it('covers a word by the longest pieces and gives one unknown token when it cannot', () => {
    const small = createTokenizer({
      tokens: ['[UNK]', 'un', '##happi', '##ness', '##hap', 'unhap', '漢', '!'],
      unknownId: 0,
      maxWordChars: 12,
    });
    expect([...small.encode('Unhappiness! 漢漢x')]).toEqual([0, 7, 6, 6, 0]);
    expect([...small.encode('unhap unhappi un')]).toEqual([5, 0, 1]);
    expect([...small.encode('unhappihapness un')]).toEqual([0, 1]);
  });

  it('takes a word of the greatest length and refuses a longer one, counted in code points', () => {
    const small = createTokenizer({
      tokens: ['[UNK]', '😀', '##😀', 'a'],
      unknownId: 0,
      maxWordChars: 4,
    });
    expect([...small.encode('😀'.repeat(4))]).toEqual([1, 2, 2, 2]);
    expect([...small.encode(`${'😀'.repeat(5)} a`)]).toEqual([0, 3]);
    expect([...small.encode(`${'😀'.repeat(5000)} a`)]).toEqual([0, 3]);
  });

  it('drops lone surrogates and control characters without ending the word', () => {
    expect(names('ap\ud800pl\u0000e\u200b')).toEqual(names('apple'));
    expect(tokenizer.encode('\udc00\ud800\u0007')).toHaveLength(0);
    expect(tokenizer.encode('')).toHaveLength(0);
  });

  it('gives the same ids with offsets, in order and inside the text', () => {
    fc.assert(
      fc.property(fc.oneof(fuzzText(), fuzzWords(words)), (text) => {
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(text);
        expect([...ids]).toEqual([...tokenizer.encode(text)]);
        let last = 0;
        for (let t = 0; t < ids.length; t++) {
          expect(starts[t]).toBeGreaterThanOrEqual(last);
          expect(ends[t]).toBeGreaterThan(starts[t]!);
          expect(ends[t]).toBeLessThanOrEqual(text.length);
          last = starts[t]!;
        }
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  it('places tokens in the original text through folding, widening and removed marks', () => {
    const stretches = (text: string) => {
      const { starts, ends } = tokenizer.encodeWithOffsets(text);
      return [...starts].map((start, t) => text.slice(start, ends[t]));
    };
    expect(stretches('Ａpple\u0301 CAFE\u0301!')).toEqual(['Ａpple\u0301', 'CAFE\u0301', '!']);
    expect(stretches('日本語 한국어')).toEqual(['日', '本', '語', '한국어']);
    expect(stretches('㍿ ﷺ').join('')).toContain('㍿');
    expect(stretches('Größe')).toEqual(['Größe']);
    expect(stretches('mu\u0308\u200bsic 漢').at(-1)).toBe('漢');
  });

  it('reads 5 MB without a break in time linear in the text', () => {
    const time = (text: string) => {
      const start = process.cpuUsage();
      tokenizer.encode(text);
      return process.cpuUsage(start).user;
    };
    const text = '한국어 apple leatherx\ud800 ไทยไทย '.repeat(8_000);
    // Of the processor, and the best of several: a busy machine delays some, an algorithm all.
    const best = (of: string) => Math.min(...Array.from({ length: 3 }, () => time(of)));
    expect(best(text.repeat(5))).toBeLessThan(best(text) * 5 * 6);
    expect(tokenizer.encode('x'.repeat(5_000_000))).toEqual(new Uint32Array([1]));
  });
});
