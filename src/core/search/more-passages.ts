import { AppError } from '../errors.ts';
import type { PageId } from '../ids.ts';
import type { SearchContext } from './context.ts';
import { idsOfTexts, joined } from './page-tokens.ts';
import { parseQuery } from './parse-query.ts';
import { loadByPage, showHit } from './present.ts';
import { queryWords } from './snippet.ts';
import type { Hit } from './types.ts';

/** Which other passages of a page to look for. */
export interface PassagesRequest {
  readonly id: PageId;
  /** As typed, operators included. */
  readonly query: string;
  /** The passage that is shown already. */
  readonly without: number;
  readonly limit: number;
}

/**
 * The passages of one page that are nearest to a query, nearest first, each as a hit that opens
 * there. Empty when the page is gone, has no other passage, or the query has nothing to compare.
 */
export async function morePassages(
  context: SearchContext,
  { id, query, without, limit }: PassagesRequest,
  now: number,
): Promise<readonly Hit[]> {
  if (!(limit >= 1)) throw new AppError('bad-request', `limit is ${limit}; allowed: 1 or more`);
  const page = context.pages.ordinalOf(id);
  if (page === undefined) return [];
  const [[tokens], texts] = await Promise.all([
    context.loadTokens([page]),
    loadByPage(context, [page]),
  ]);
  const text = texts.get(page);
  const { words } = parseQuery(query, now);
  const asked = context.encoder.embed(context.model.tokenizer.encode(words)).slice();
  if (tokens == null || text === undefined || asked.every((value) => value === 0)) return [];
  const shown = queryWords(context, words);
  const { title, passages } = idsOfTexts(tokens);
  return passages
    .map((ids, passageIndex) => {
      const embedding = context.encoder.embed(joined(title, ids));
      const cosine = asked.reduce((sum, value, d) => sum + value * (embedding[d] as number), 0);
      return { passageIndex, cosine };
    })
    .filter(({ passageIndex }) => passageIndex !== without)
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, limit)
    .map(({ passageIndex, cosine }) =>
      showHit(context, shown, {
        page,
        text,
        passageIndex,
        score: cosine,
        parts: { dense: cosine, lexical: null, late: null, prior: 0 },
        isWeak: false,
        nearDuplicates: [],
      }),
    );
}
