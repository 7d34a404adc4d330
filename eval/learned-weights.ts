import type { PageOrdinal } from '../src/core/ids.ts';
import type { SearchContext } from '../src/core/search/context.ts';
import { coarseScan } from '../src/core/search/dense.ts';
import { fuse } from '../src/core/search/fuse.ts';
import { lexicalScan } from '../src/core/search/lexical.ts';
import { bagsOf, idsOfTexts } from '../src/core/search/page-tokens.ts';
import { chooseCandidates } from '../src/core/search/pipeline.ts';
import { defaultRanking, type Ranking } from '../src/core/search/ranking.ts';
import { rescore } from '../src/core/search/rescore.ts';
import { scriptGroupOfText } from '../src/core/search/script-group.ts';
import { splitSentences } from '../src/core/text/sentences.ts';
import { seededRandom } from './metrics.ts';

/** The weights that are learned; that of the words depends on the query and is left as it is. */
const learned = ['dense', 'latePassage', 'latePage', 'lateTitle'] as const;
type Learned = Record<(typeof learned)[number], number>;

const queryCount = 300;
const minSentence = 50;
const maxSentence = 200;
/** How much the weights are held where they are, beside the generated queries. */
const prior = 0.02;

/** One generated query: what each channel says of each candidate, and which of them it is from. */
export interface Case {
  /** Deviations by channel of each candidate. */
  readonly channels: readonly (readonly number[])[];
  readonly own: number;
}

const silent = { dense: 0, latePassage: 0, latePage: 0, lateTitle: 0, lexical: 0 };

/**
 * Asks for a page by a sentence from far down in it, while the passage with the sentence is covered:
 * what is left must be found by what it is about.
 */
async function generate(context: SearchContext, page: PageOrdinal, random: () => number) {
  const [stored] = await context.loadTexts([page]);
  const count = stored?.passages.length ?? 0;
  if (stored == null || count < 3) return undefined;
  const passage = 2 + Math.floor(random() * (count - 2));
  const text = stored.passages[passage]?.text ?? '';
  const sentences = splitSentences(text)
    .map(({ start, end }) => text.slice(start, end).trim())
    .filter(({ length }) => length >= minSentence && length <= maxSentence);
  const words = sentences[Math.floor(random() * sentences.length)];
  if (words === undefined) return undefined;
  const covered: SearchContext = {
    ...context,
    loadTokens: async (pages) =>
      (await context.loadTokens(pages)).map((tokens, index) => {
        if (tokens === null || pages[index] !== page) return tokens;
        const { title, passages } = idsOfTexts(tokens);
        const others = passages.map((ids, at) => (at === passage ? new Uint32Array(0) : ids));
        return bagsOf(context.encoder, [title, ...others]);
      }),
  };
  const ids = context.model.tokenizer.encode(words);
  const query = { ids, embedding: context.encoder.embed(ids) };
  const group = scriptGroupOfText(words);
  const dense = coarseScan(context, query.embedding, group, defaultRanking);
  const lexical = lexicalScan(context, words);
  const candidates = chooseCandidates(context, dense, lexical, defaultRanking.candidates);
  if (!candidates.includes(page)) return undefined;
  const rescored = await rescore(covered, query, candidates, defaultRanking);
  const order = new Map(candidates.map((one, index) => [one, index]));
  const channels = learned.map((name) => {
    const ranking: Ranking = { ...defaultRanking, ...silent, [name]: 1 };
    const values = candidates.map(() => 0);
    for (const one of fuse(context, group, dense, lexical, rescored, ranking, () => 0)) {
      values[order.get(one.candidate.page) as number] = one.score;
    }
    return values;
  });
  return { channels, own: order.get(page) as number };
}

/** The weights that make the pages of the cases likeliest, by softmax over the candidates. */
export function fitWeights(cases: readonly Case[], start: readonly number[]): number[] {
  const weights = [...start];
  for (let step = 0; step < 400; step++) {
    const slopes = weights.map((weight, w) => prior * ((start[w] as number) - weight));
    for (const { channels, own } of cases) {
      const scores = (channels[0] ?? []).map((_, i) =>
        channels.reduce(
          (sum, values, w) => sum + (weights[w] as number) * (values[i] as number),
          0,
        ),
      );
      const most = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - most));
      const whole = shares.reduce((sum, share) => sum + share, 0);
      channels.forEach((values, w) => {
        const expected = values.reduce((sum, v, i) => sum + (v * (shares[i] as number)) / whole, 0);
        slopes[w] = (slopes[w] as number) + ((values[own] as number) - expected) / cases.length;
      });
    }
    slopes.forEach((slope, w) => {
      weights[w] = Math.max(0, (weights[w] as number) + 0.3 * slope);
    });
  }
  return weights;
}

/** Learns the weights of the channels of meaning from the pages themselves, without a label. */
export async function learnWeights(context: SearchContext): Promise<Learned> {
  const random = seededRandom(7);
  const pages = [...context.pages.ordinals()];
  const cases: Case[] = [];
  for (let tries = 0; cases.length < queryCount && tries < 20 * queryCount; tries++) {
    const page = pages[Math.floor(random() * pages.length)];
    const one = page === undefined ? undefined : await generate(context, page, random);
    if (one !== undefined) cases.push(one);
  }
  const start = learned.map((name) => defaultRanking[name]);
  const fitted = cases.length === 0 ? start : fitWeights(cases, start);
  // The scale of the whole says nothing about the order: it is kept beside the words.
  const scale = sumOf(start) / Math.max(1e-9, sumOf(fitted));
  const weights = learned.map((name, w) => [name, (fitted[w] as number) * scale] as const);
  return Object.fromEntries(weights) as Learned;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
