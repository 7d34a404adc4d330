import { isStopWord } from '../text/terms-english.ts';
import { stripParticle } from '../text/terms-korean.ts';
import { foldWord, termsOfWord, wordSpans } from '../text/terms-words.ts';
import type { TitledPage } from './topics.ts';

const mostWords = 3;
const hangulOnly = /^\p{Script=Hangul}+$/u;

/** A word of titles, under one term however it was written. */
interface Spellings {
  readonly counts: Map<string, number>;
  pages: number;
}

/**
 * The words that set each crowd of pages apart from the others: class-based TF-IDF (Grootendorst,
 * 2022) over the words of their titles, each counted once a page. A word stands as it was written
 * most often, without a Korean particle. Names of the sites themselves say nothing and are left out.
 *
 * @param total pages of the whole map
 */
export function* topicWords(
  crowds: readonly (readonly number[])[],
  total: number,
  pageAt: (place: number) => TitledPage,
): Generator<number, readonly (readonly string[])[]> {
  const everywhere = new Map<string, number>();
  const found: Map<string, Spellings>[] = [];
  let seen = 0;
  for (const crowd of crowds) {
    const terms = new Map<string, Spellings>();
    for (const place of crowd) {
      const { title, site } = pageAt(place);
      for (const [term, word] of wordsOf(title, site)) {
        const known = terms.get(term) ?? { counts: new Map(), pages: 0 };
        known.pages++;
        known.counts.set(word, (known.counts.get(word) ?? 0) + 1);
        terms.set(term, known);
        everywhere.set(term, (everywhere.get(term) ?? 0) + 1);
      }
      if (++seen % 32 === 0) yield 1;
    }
    found.push(terms);
  }
  const chosen: (readonly string[])[] = [];
  for (const [place, terms] of found.entries()) {
    const size = crowds[place]?.length ?? 1;
    const least = size < 8 ? 2 : Math.max(2, Math.ceil(size * 0.03));
    const scored = [...terms]
      .filter(([, { pages }]) => pages >= least)
      .map(([term, { counts, pages }]) => ({
        word: mostFrequent(counts),
        score: (pages / size) * Math.log(1 + total / (everywhere.get(term) ?? 1)),
      }))
      .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1));
    chosen.push(scored.slice(0, mostWords).map(({ word }) => word));
    yield 1;
  }
  return chosen;
}

/** The telling words of a title by their terms. */
function wordsOf(title: string, site: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const { start, end } of wordSpans(title)) {
    const written = title.slice(start, end);
    const word = hangulOnly.test(written) ? koreanNoun(written) : written;
    const folded = foldWord(word);
    const isTelling = /\p{L}/u.test(word) && [...word].length > 1;
    if (!isTelling || isStopWord(folded) || site.includes(folded)) continue;
    const term = hangulOnly.test(word) ? word : (termsOfWord(word)[0] ?? folded);
    if (!isStopWord(term)) words.set(term, word);
  }
  return words;
}

/** Without its particle, and without the 하 that makes a verb of a noun. */
function koreanNoun(word: string): string {
  const stem = stripParticle(word);
  return stem.length > 2 && stem.endsWith('하') ? stem.slice(0, -1) : stem;
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  let best = '';
  let most = 0;
  for (const [word, count] of counts) {
    if (count > most) [best, most] = [word, count];
  }
  return best;
}
