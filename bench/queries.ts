import { mulberry32 } from '../src/core/model/rotation.ts';
import type { PageText } from '../src/core/page/types.ts';

export const queryKinds = ['one letter', 'one word', 'sentence', 'Korean', 'operators'] as const;

export interface BenchQuery {
  readonly kind: (typeof queryKinds)[number];
  readonly query: string;
}

/** `count` queries of every kind, made of the words of the pages themselves. */
export function makeQueries(pages: readonly PageText[], count: number, seed = 2): BenchQuery[] {
  const next = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[next() % list.length] as T;
  const korean = pages.filter(({ lang }) => lang === 'ko');
  const others = pages.filter(({ lang }) => lang !== 'ko');
  const wordsOf = (page: PageText) =>
    pick(page.blocks)
      .text.split(/\s+/)
      .filter((word) => word.length > 1);
  const stretch = (page: PageText, length: number) => {
    const words = wordsOf(page);
    const start = next() % Math.max(1, words.length - length);
    return words
      .slice(start, start + length)
      .join(' ')
      .replace(/["():-]/g, ' ');
  };
  const make: Record<BenchQuery['kind'], () => string> = {
    'one letter': () => pick([...'abcdefghijklmnopqrstuvwxyz']),
    'one word': () => pick(wordsOf(pick(others)).filter((word) => word.length > 3)) ?? 'page',
    sentence: () => stretch(pick(others), 14),
    Korean: () => stretch(pick(korean.length > 0 ? korean : others), 6),
    operators: () => {
      const page = pick(others);
      return `site:${new URL(page.url).hostname} after:2022 ${stretch(page, 3)}`;
    },
  };
  return Array.from({ length: count }).flatMap(() =>
    queryKinds.map((kind) => ({ kind, query: make[kind]() })),
  );
}
