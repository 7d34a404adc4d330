import type { Mark, Snippet } from '../../core/search/types.ts';

/** How strongly a mark is tinted: 3 carries most of the hit's evidence. */
export type MarkLevel = 1 | 2 | 3;

/** A stretch of a snippet: plain, or marked. */
export interface Segment {
  readonly text: string;
  readonly mark?: { readonly kind: Mark['kind']; readonly level: MarkLevel; readonly met: string };
}

/** A word that carries less than this says little, however little the others say. */
const weakShare = 0.05;
const middleShare = 0.12;

/** A word with less than this part of the largest share is no evidence: it is left unmarked. */
const leastOfLargest = 1 / 6;

/**
 * The strength of a mark by its share beside the largest share in the snippet: at least two
 * thirds of it, at least one third, or less; a small share is never strong.
 */
export function markLevel(share: number, largest: number): MarkLevel {
  if (!(share >= weakShare)) return 1;
  if (share < middleShare) return share >= largest / 3 ? 2 : 1;
  if (share >= (largest * 2) / 3) return 3;
  return share >= largest / 3 ? 2 : 1;
}

/** Pairs that are told of in words at most: those that carry the most. */
const mostPairs = 3;

/** The marked words of near meaning with the words they met, each pair once, the strongest first. */
export function metPairs(
  snippet: Snippet,
): readonly { readonly word: string; readonly met: string }[] {
  const pairs = new Map<string, { word: string; met: string; level: MarkLevel }>();
  for (const { text: word, mark } of segmentsOf(snippet)) {
    if (mark?.kind !== 'near') continue;
    const { met, level } = mark;
    const name = JSON.stringify([word.toLowerCase(), met]);
    if (level > (pairs.get(name)?.level ?? 0)) pairs.set(name, { word, met, level });
  }
  const strongest = [...pairs.values()].sort((a, b) => b.level - a.level);
  return strongest.slice(0, mostPairs).map(({ word, met }) => ({ word, met }));
}

/**
 * Cuts a snippet at its marks. Texts of the segments, joined, are the snippet's text. Marks out
 * of range or overlapping are cut back; where two meet, the earlier and then the exact one wins.
 */
export function segmentsOf(snippet: Snippet): readonly Segment[] {
  const { text } = snippet;
  const largest = snippet.marks.reduce((most, mark) => Math.max(most, mark.share), 0);
  const marks = [...snippet.marks].sort(
    (a, b) =>
      a.start - b.start || (a.kind === b.kind ? b.share - a.share : a.kind === 'exact' ? -1 : 1),
  );
  const segments: Segment[] = [];
  let at = 0;
  for (const mark of marks) {
    const start = Math.max(at, mark.start);
    const end = Math.min(text.length, mark.end);
    if (start >= end || mark.share < largest * leastOfLargest) continue;
    if (start > at) segments.push({ text: text.slice(at, start) });
    segments.push({
      text: text.slice(start, end),
      mark: { kind: mark.kind, level: markLevel(mark.share, largest), met: mark.met },
    });
    at = end;
  }
  if (at < text.length) segments.push({ text: text.slice(at) });
  return segments;
}
