import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../core/search/parse-query.ts';
import { completionsOf } from './completions.ts';
import { problemText } from './problem-text.ts';

const pages = [
  { site: 'a.example', lang: 'en' },
  { site: 'b.example', lang: 'ko' },
  { site: 'b.example', lang: 'ko-KR' },
];
const texts = (query: string) => completionsOf(query, pages).map(({ text }) => text);

describe('completions', () => {
  test('go on with the operator that a word begins', () => {
    expect(texts('frog sit')).toEqual(['site:']);
    expect(texts('-si')).toEqual(['-site:']);
    expect(texts('사이')).toEqual(['사이트:']);
    expect(completionsOf('frog sit', pages)[0]?.start).toBe(5);
  });

  test('stay away from ordinary words', () => {
    for (const query of ['', 'be', 'frog ', 'sitting', '이', 'a:', '-type:', 'title:', 'http:']) {
      expect(texts(query), query).toEqual([]);
    }
  });

  test('give values, the most frequent first, until one is whole', () => {
    expect(texts('site:')).toEqual(['site:b.example ', 'site:a.example ']);
    expect(texts('-site:a')).toEqual(['-site:a.example ']);
    expect(texts('lang:')).toEqual(['lang:ko ', 'lang:en ']);
    expect(texts('type:th')).toEqual(['type:thread ']);
    expect(texts('type:thread')).toEqual([]);
    expect(texts('이후:지난')).toEqual(['이후:지난주 ', '이후:지난달 ']);
  });

  test('are queries without a problem', () => {
    for (const query of ['site:', 'lang:', 'type:', 'before:', 'after:', '이후:', '종류:']) {
      for (const text of texts(query)) expect(parseQuery(text, Date.now()).problems).toEqual([]);
    }
  });
});

test('every mistake in a query has its sentence', () => {
  const mistaken =
    'site: -type:pdf lang:한국 type:song before:soon "" site:/ after:2026 before:2025 "open';
  const { problems } = parseQuery(mistaken, Date.now());
  expect(problems).toHaveLength(9);
  const sentences = problems.map(problemText);
  expect(new Set(sentences).size).toBe(9);
  expect(sentences[3]).toContain('article, docs, thread');
  for (const sentence of sentences) expect(sentence).not.toMatch(/[{}]/);
});
