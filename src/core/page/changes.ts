import { splitSentences } from '../text/sentences.ts';

/** A sentence of the stored text. */
export interface StoredSentence {
  readonly text: string;
  /** It stands on the page no more. */
  readonly isGone: boolean;
}

/** How a page differs from what is stored of it, by whole sentences. */
export interface PageChanges {
  /** The sentences of each stored passage; their texts, joined, are the passage. */
  readonly passages: readonly (readonly StoredSentence[])[];
  readonly goneCount: number;
  /** Sentences of the page that are not stored, in its order. */
  readonly added: readonly string[];
}

/** Compares what is stored of a page with its text now. Blanks and capitals make no difference. */
export function comparePage(stored: readonly string[], now: readonly string[]): PageChanges {
  const nowSentences = now.flatMap((block) => sentencesOf(block));
  const onPage = new Set(nowSentences.map(plain));
  // Where sentences are cut may differ; one that runs on inside of another is not gone.
  const wholePage = plain(now.join(' '));
  const wholeStored = plain(stored.join(' '));
  let goneCount = 0;
  const passages = stored.map((passage) =>
    sentencesOf(passage).map((text) => {
      const words = plain(text);
      const isGone = words !== '' && !onPage.has(words) && !wholePage.includes(words);
      if (isGone) goneCount += 1;
      return { text, isGone };
    }),
  );
  const added = new Map<string, string>();
  for (const text of nowSentences) {
    const words = plain(text);
    if (words !== '' && !wholeStored.includes(words)) added.set(words, text.trim());
  }
  return { passages, goneCount, added: [...added.values()] };
}

/**
 * Whether a sentence that a stretch of a stored passage touches stands on the page no more. A stretch
 * that is not of the passage, or empty, stands for the whole passage.
 */
export function isStretchGone(passage: string, stretch: string, now: readonly string[]): boolean {
  const found = stretch === '' ? -1 : passage.indexOf(stretch);
  const [from, to] = found < 0 ? [0, passage.length] : [found, found + stretch.length];
  let place = 0;
  return (comparePage([passage], now).passages[0] ?? []).some(({ text, isGone }) => {
    const start = place;
    place += text.length;
    return isGone && start < to && place > from;
  });
}

/** Whether more of the stored sentences stand on the page no more than still do. */
export function isMostlyGone(stored: readonly string[], now: readonly string[]): boolean {
  const { passages, goneCount } = comparePage(stored, now);
  const count = passages.reduce((sum, sentences) => sum + sentences.length, 0);
  return goneCount * 2 > count;
}

/**
 * Sentences with the blanks behind them, so that nothing between them is lost. A new line begins one:
 * a heading is no part of the sentence under it.
 */
function sentencesOf(text: string): string[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).flatMap((line) => {
    const starts = splitSentences(line).map(({ start }) => start);
    const cuts = [0, ...starts.slice(1), line.length];
    return cuts.slice(1).map((end, place) => line.slice(cuts[place], end));
  });
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}
