import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageOrdinal } from '../ids.ts';
import { pageTerms } from '../text/terms.ts';
import { termsOfPhrase } from '../text/terms-words.ts';
import { acceptPhrases, hasPhrase } from './phrase.ts';
import { FixtureStore } from './search.fixture.ts';
import { search } from './search.ts';

describe('hasPhrase', () => {
  it('wants the words together and whole, case and accents aside', () => {
    const texts = ['The Café au Lait was cold.'];
    expect(hasPhrase(texts, 'cafe AU lait')).toBe(true);
    expect(hasPhrase(texts, 'café lait')).toBe(false);
    expect(hasPhrase(texts, 'caf')).toBe(false);
    expect(hasPhrase(texts, 'afé au')).toBe(false);
  });

  it('lets a phrase begin and end inside a word where words are not parted', () => {
    expect(hasPhrase(['나무 개구리는 겨울에 언다'], '나무 개구리')).toBe(true);
    expect(hasPhrase(['東京都庁'], '京都')).toBe(true);
    expect(hasPhrase(['새 iPhone의 화면'], 'iphone')).toBe(true);
    expect(hasPhrase(['OpenAI 기술'], 'AI 기술')).toBe(false);
    expect(hasPhrase(['กิน'], 'ก')).toBe(false);
  });
});

const words = fc.constantFrom(
  ...(
    'the cat JavaScript node.js e-mail C++ MyC++ Café HTML5 v1.2.3 don’t cats’ iPhone가 AI기술 ' +
    '데이터베이스를 데이터 학교에서는 학교 나무로 책상은 책 한 권 東京都庁 水 水道 日本語能力試験 กิน'
  )
    .split(' ')
    .flatMap((word) => [word, word.toUpperCase(), word.toLowerCase(), word.normalize('NFD')]),
);

describe('termsOfPhrase', () => {
  it('are on every page that holds the phrase', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat({ max: 24 }),
        fc.boolean(),
        (all, from, length, isUpper) => {
          const text = all.join(' ');
          const start = from % text.length;
          const cut = text.slice(start, start + length);
          const phrase = isUpper ? cut.toUpperCase() : cut.toLowerCase();
          fc.pre(hasPhrase([text], phrase));
          const terms = new Set(pageTerms('', [{ text }]).terms);
          for (const term of termsOfPhrase(phrase)) expect([...terms]).toContain(term);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are what narrows a search down', () => {
    expect(termsOfPhrase('the JavaScript engine of node.js')).toEqual(
      expect.arrayContaining(['javascript', 'engin', 'node.js']),
    );
    expect(termsOfPhrase('데이터베이')).toEqual(['데이', '이터', '터베']);
    expect(termsOfPhrase('책')).toEqual([]);
  });
});

describe('acceptPhrases', () => {
  const words = 'every frog of a cold pond waits for spring and for a warm rain to come';
  const store = new FixtureStore([
    ...Array.from({ length: 300 }, (_, i) => ({
      title: `Spring rain frog ${i}`,
      text: `${words}. frog in warm rain, cold spring ${i}`,
    })),
    { title: 'A long page', text: `${'something else altogether. '.repeat(200)} warm frog rain` },
    { title: 'Under a heading', text: 'nothing' },
  ]);

  it('finds the page that holds the phrase, however many have its words', async () => {
    const { hits, searchedPages } = await search(
      store.context,
      { query: '"warm frog rain"', limit: 10 },
      0,
    );
    expect(hits.map((hit) => hit.page.title)).toEqual(['A long page']);
    expect(hits[0]?.isWeak).toBe(false);
    expect(searchedPages).toBe(1);
  });

  it('leaves out every page that holds what is left out', async () => {
    const { hits } = await search(store.context, { query: '-"warm rain to come"', limit: 200 }, 0);
    expect(hits.map((hit) => hit.page.title).sort()).toEqual(['A long page', 'Under a heading']);
  });

  it('looks where the index cannot narrow it down', async () => {
    const korean = new FixtureStore([
      { title: '책상', text: '새 책상을 샀다' },
      { title: '나무', text: '나무를 심었다' },
    ]);
    const parsed = { phrases: ['책'], without: [] };
    const { mask, count } = await acceptPhrases(korean.context, parsed, { count: 2 });
    expect([count, mask?.[0 as PageOrdinal]]).toEqual([1, 1]);
  });

  it('gives way between two loads', async () => {
    let checks = 0;
    const context = {
      ...store.context,
      checkpoint: async () => {
        if (++checks > 2) throw new Error('superseded');
      },
    };
    const parsed = { phrases: ['pond waits'], without: [] };
    await expect(acceptPhrases(context, parsed, { count: 302 })).rejects.toThrow('superseded');
  });
});
