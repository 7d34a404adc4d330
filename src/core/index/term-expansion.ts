import type { TermSource } from './term-source.ts';
import { oneEditVariants } from './term-variants.ts';

export interface Expansion {
  readonly term: string;
  /** Pages with it, summed over the sources. */
  readonly frequency: number;
}

/** Fewer letters begin too many words to say anything. Scripts without small alphabets need one. */
const minPrefix = 2;
/** A typo in a shorter word makes another word as often as not. */
const minTypoLength = 4;
/** Terms looked at for one prefix, and kept of them: the most frequent. */
const maxWalked = 2000;
const maxKept = 24;

/**
 * Terms that a query word may stand for: those that begin with what was typed so far, and when
 * the word itself and its prefix meet nothing, those one edit away.
 */
export function expandTerm(
  sources: readonly TermSource[],
  term: string,
  prefix: string | undefined,
  isKnown: boolean,
): readonly Expansion[] {
  const found = new Map<string, number>();
  if (prefix !== undefined && isLongEnough(prefix)) addPrefixed(sources, prefix, found);
  found.delete(term);
  if (!isKnown && found.size === 0 && term.length >= minTypoLength) {
    for (const variant of oneEditVariants(term)) {
      const frequency = sources.reduce((sum, source) => sum + source.frequency(variant), 0);
      if (frequency > 0) found.set(variant, frequency);
    }
  }
  return [...found]
    .map(([known, frequency]) => ({ term: known, frequency }))
    .sort((a, b) => b.frequency - a.frequency || (a.term < b.term ? -1 : 1))
    .slice(0, maxKept);
}

function isLongEnough(prefix: string): boolean {
  return prefix.length >= minPrefix || prefix.charCodeAt(0) > 0x2e7f;
}

function addPrefixed(
  sources: readonly TermSource[],
  prefix: string,
  found: Map<string, number>,
): void {
  for (const source of sources) {
    let walked = 0;
    source.termsFrom(prefix, (term, frequency) => {
      found.set(term, (found.get(term) ?? 0) + frequency);
      return ++walked < maxWalked;
    });
  }
}
