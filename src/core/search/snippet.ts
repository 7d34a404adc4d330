import type { TokenIds } from '../model/types.ts';
import { type Stretch, splitSentences } from '../text/sentences.ts';
import { termsOfKnownWord, termsOfWord, wordSpans } from '../text/terms-words.ts';
import type { SearchContext } from './context.ts';
import { tokenWeights } from './rescore.ts';
import type { Mark, Snippet } from './types.ts';

/** Longest snippet, in UTF-16 code units: two lines of the popup. */
const maxLength = 220;
/** Tokens further apart in meaning than this are not evidence. */
const nearCosine = 0.45;
/** A word that carries less of the evidence is not worth a mark. */
const smallestShare = 0.03;
/** What a word counts that is the query's own but has no weight in the model. */
const exactWeight = 0.02;

/** A word of the query this much lighter than its heaviest says nothing where it is met: "of", "은". */
const lightShare = 0.45;

/** How much of the evidence each distinct token of a page carries, where the ranking can say it. */
export type TokenShares = ReadonlyMap<number, number>;

/** A query's tokens with the word each is a part of, and the terms that make a word the same. */
export interface QueryWords {
  readonly ids: TokenIds;
  readonly weights: Float32Array;
  /** The word of each token; empty for a word too light to be evidence. */
  readonly wordOf: readonly string[];
  readonly terms: ReadonlySet<string>;
  /** One at the {@link slotOf} the first two code units of each term. */
  readonly beginnings: Uint8Array;
}

const beginningSlots = 4_096;

/** Where two code units are among {@link beginningSlots}; others may be there too. */
function slotOf(first: number, second: number): number {
  return (first * 31 + second) & (beginningSlots - 1);
}

/** Where the terms of a query begin, for {@link QueryWords}. */
export function beginningsOf(terms: Iterable<string>): Uint8Array {
  const beginnings = new Uint8Array(beginningSlots);
  for (const term of terms) {
    beginnings[slotOf(term.charCodeAt(0), term.length > 1 ? term.charCodeAt(1) : 0)] = 1;
  }
  return beginnings;
}

export function queryWords(context: SearchContext, text: string): QueryWords {
  const { ids, starts } = context.model.tokenizer.encodeWithOffsets(text);
  const weights = tokenWeights(context, ids);
  const least = lightShare * weights.reduce((most, weight) => Math.max(most, weight), 0);
  const spans = [...wordSpans(text)].filter(({ start, end }) => {
    const own = weights.filter(
      (_, t) => (starts[t] as number) >= start && (starts[t] as number) < end,
    );
    // A word that the model does not know is a name or a code: it has no weight and says a lot.
    return own.every((weight) => weight === 0) || own.some((weight) => weight >= least);
  });
  const wordOf = [...starts].map((start) => {
    const span = spans.find((each) => each.start <= start && start < each.end);
    return span === undefined ? '' : text.slice(span.start, span.end);
  });
  const terms = new Set(spans.flatMap(({ start, end }) => termsOfWord(text.slice(start, end))));
  return { ids, weights, wordOf, terms, beginnings: beginningsOf(terms) };
}

/** Whether a stretch is one plain word, a capital at most in front: its only term begins as it does. */
function isPlainWord(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = i === start ? text.charCodeAt(i) | 32 : text.charCodeAt(i);
    if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57))) return false;
  }
  return true;
}

/** Whether a stretch is Hangul syllables alone: each of its terms begins with two that stand together. */
function isHangulWord(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0xac00 || code > 0xd7a3) return false;
  }
  return true;
}

/** Whether a word may have a term of the query. Most have none, and need not be put into terms. */
function mayBeExact(beginnings: Uint8Array, text: string, start: number, end: number): boolean {
  const unit = (at: number) => (at < end ? text.charCodeAt(at) : 0);
  if (isPlainWord(text, start, end)) {
    return beginnings[slotOf(unit(start) | 32, unit(start + 1))] === 1;
  }
  if (!isHangulWord(text, start, end)) return true;
  for (let at = start; at === start || at < end - 1; at++) {
    if (beginnings[slotOf(unit(at), unit(at + 1))] === 1) return true;
  }
  return false;
}

/** Whether a word of a text is one of the query's, by a term. */
function isExact({ terms, beginnings }: QueryWords, text: string, start: number, end: number) {
  return (
    mayBeExact(beginnings, text, start, end) &&
    termsOfKnownWord(text.slice(start, end)).some((term) => terms.has(term))
  );
}

interface Evidence {
  readonly start: number;
  readonly end: number;
  readonly kind: Mark['kind'];
  readonly met: string;
  readonly weight: number;
}

/**
 * The words of a passage that answer the query, with what each contributes: its tokens' shares of
 * the score, or where none are known the weight of the query token times its cosine. Several places
 * of one word each show their own.
 */
function evidenceOf(
  context: SearchContext,
  query: QueryWords,
  text: string,
  shares: TokenShares | undefined,
): Evidence[] {
  const { ids, starts } = context.model.tokenizer.encodeWithOffsets(text);
  const cosines = context.similarities.cosines(query.ids, ids);
  const found: Evidence[] = [];
  let token = 0;
  for (const { start, end } of wordSpans(text)) {
    while (token < ids.length && (starts[token] as number) < start) token++;
    let nearest = 0;
    let share = 0;
    let met = '';
    for (; token < ids.length && (starts[token] as number) < end; token++) {
      share += shares?.get(ids[token] as number) ?? 0;
      for (let q = 0; q < query.ids.length; q++) {
        const cosine = cosines[q * ids.length + token] as number;
        const part = cosine * (query.weights[q] as number);
        if (cosine < nearCosine || part <= nearest || query.wordOf[q] === '') continue;
        nearest = part;
        met = query.wordOf[q] as string;
      }
    }
    const weight = shares === undefined ? nearest : Math.max(0, share);
    if (isExact(query, text, start, end)) {
      const weightOfExact = Math.max(weight, exactWeight);
      const word = text.slice(start, end);
      found.push({ start, end, kind: 'exact', met: met || word, weight: weightOfExact });
    } else if (met !== '' && weight > 0) found.push({ start, end, kind: 'near', met, weight });
  }
  return found;
}

/** The stretch of at most {@link maxLength} that holds the most evidence, at sentence starts. */
function windowOf(
  text: string,
  sentences: readonly Stretch[],
  evidence: readonly Evidence[],
): Stretch {
  if (text.length <= maxLength) return { start: 0, end: text.length };
  const starts = sentences.map((sentence) => sentence.start);
  for (const { start } of evidence) starts.push(Math.max(0, start - 40));
  let best = { start: 0, weight: -1 };
  for (const start of starts) {
    const seen = new Map<string, number>();
    for (const each of evidence) {
      if (each.start < start || each.end > start + maxLength) continue;
      // A word said twice answers no more of the query than once.
      seen.set(each.met, Math.max(seen.get(each.met) ?? 0, each.weight));
    }
    const weight = [...seen.values()].reduce((sum, each) => sum + each, 0);
    if (weight > best.weight + 1e-9) best = { start, weight };
  }
  const start = wordStart(text, best.start);
  return { start, end: wordEnd(text, Math.min(text.length, start + maxLength)) };
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && start > at - 20 && !/\s/.test(text[start - 1] as string)) start--;
  return isInsidePair(text, start) ? start - 1 : start;
}

function wordEnd(text: string, at: number): number {
  if (at >= text.length) return text.length;
  let end = at;
  while (end > at - 20 && !/\s/.test(text[end] as string)) end--;
  const cut = end > at - 20 ? end : at;
  return isInsidePair(text, cut) ? cut - 1 : cut;
}

function isInsidePair(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Cuts the snippet of a passage around its evidence and marks it. */
export function makeSnippet(
  context: SearchContext,
  query: QueryWords,
  text: string,
  shares?: TokenShares,
): {
  readonly snippet: Snippet /** Where the evidence begins in the passage. */;
  readonly at: number;
} {
  const evidence = evidenceOf(context, query, text, shares);
  const sentences = splitSentences(text);
  const { start, end } = windowOf(text, sentences, evidence);
  const inside = evidence.filter((each) => each.start >= start && each.end <= end);
  const total = inside.reduce((sum, each) => sum + each.weight, 0);
  const marks = inside
    .map(
      (each): Mark => ({
        start: each.start - start,
        end: each.end - start,
        kind: each.kind,
        share: each.weight / Math.max(total, 1e-9),
        met: each.met,
      }),
    )
    .filter((mark) => mark.kind === 'exact' || mark.share >= smallestShare);
  const snippet: Snippet = {
    text: text.slice(start, end),
    marks,
    startsInside: start > 0,
    endsInside: end < text.length,
  };
  const strongest = inside.reduce<Evidence | undefined>(
    (best, each) => (best === undefined || each.weight > best.weight ? each : best),
    undefined,
  );
  const place = strongest?.start ?? start;
  const sentence = sentences.find((each) => place >= each.start && place < each.end);
  return { snippet, at: sentence?.start ?? place };
}
