import type { PageKey } from '../src/core/ids.ts';
import type { PageContent } from '../src/core/sync/types.ts';

export const stressDims = 8;

export const keyOf = (n: number) => `https://site-${n % 97}.example/${n}` as PageKey;

/** Two passages, the second of which changes with the version. */
export function contentOf(n: number, version: number): PageContent {
  return {
    url: keyOf(n),
    title: `Page ${n}`,
    lang: 'en',
    type: 'article',
    firstReadAt: 1,
    isPinned: false,
    passages: [{ text: `first of ${n}` }, { text: `second of ${n}, ${version}` }],
  };
}

/** A vector for each passage, told by its text. */
export function vectorsOf({ passages }: PageContent, dims: number): readonly Float32Array[] {
  return passages.map(({ text }) =>
    Float32Array.from({ length: dims }, (_, i) => Math.sin(text.charCodeAt(text.length - 1) + i)),
  );
}

/** Numbers that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
