import { composedBeginnings, keysOf } from '../text/hangul-keys.ts';
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
/** A typo in fewer letters of a word that goes on fits too many; nor is it in the first two of them. */
const minTypedLength = 5;
const sureLetters = 2;
/** Terms looked at for one prefix, and kept of them: the most frequent. */
const maxWalked = 2000;
/** The same where one letter of the prefix is doubted. */
const maxDoubted = 8000;
const maxKept = 24;

/**
 * Terms that a query word may stand for: those that begin with what was typed so far, and when
 * the word itself and its prefix meet nothing, those one edit away, or that begin so.
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
    const variants = [...oneEditVariants(term)].sort();
    for (const source of sources) {
      source.frequencies(variants, (variant, frequency) => {
        found.set(variant, (found.get(variant) ?? 0) + frequency);
      });
    }
    if (found.size === 0 && prefix !== undefined && prefix.length >= minTypedLength) {
      walk(sources, prefix.slice(0, sureLetters), maxDoubted, found, (known) =>
        beginsOneEditAway(known, prefix),
      );
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
  walk(sources, prefix, maxWalked, found, () => true);
  const beginnings = composedBeginnings(prefix);
  if (beginnings.length === 0) return;
  const keys = keysOf(prefix);
  for (const beginning of beginnings) {
    if (beginning === prefix) continue;
    walk(sources, beginning, maxWalked, found, (term) => keysOf(term).startsWith(keys));
  }
}

/** Adds the terms that begin so and fit; at most `limit` of each source are looked at. */
function walk(
  sources: readonly TermSource[],
  beginning: string,
  limit: number,
  found: Map<string, number>,
  fits: (term: string) => boolean,
): void {
  // Sources have most of their terms in common: each is looked at once.
  const fitting = new Map<string, boolean>();
  for (const source of sources) {
    let walked = 0;
    source.termsFrom(beginning, (term, frequency) => {
      let isFitting = fitting.get(term);
      if (isFitting === undefined) {
        isFitting = fits(term);
        fitting.set(term, isFitting);
      }
      if (isFitting) found.set(term, (found.get(term) ?? 0) + frequency);
      return ++walked < limit;
    });
  }
}

/**
 * Whether a term begins with what was typed but for one letter: a wrong one, one too many, one left
 * out, two swapped. Not the last one typed, for what comes next will tell.
 */
export function beginsOneEditAway(term: string, typed: string): boolean {
  let at = 0;
  while (at < typed.length && term[at] === typed[at]) at++;
  if (at >= typed.length - 1) return false;
  const goesOn = (from: number, typedFrom: number) => term.startsWith(typed.slice(typedFrom), from);
  const isSwapped = term[at] === typed[at + 1] && term[at + 1] === typed[at];
  return (
    goesOn(at + 1, at + 1) ||
    goesOn(at, at + 1) ||
    goesOn(at + 1, at) ||
    (isSwapped && goesOn(at + 2, at + 2))
  );
}
