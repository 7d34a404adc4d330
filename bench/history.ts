import type { EvalPage } from '../eval/data.ts';
import type { PageKey } from '../src/core/ids.ts';
import { mulberry32 } from '../src/core/model/rotation.ts';
import type { PageText, TextBlock } from '../src/core/page/types.ts';
import { detectLanguage } from '../src/core/text/language.ts';

/** Paragraph-long texts of one origin, in their order there: neighbours are about one thing. */
export interface TextSource {
  readonly name: string;
  readonly texts: readonly EvalPage[];
}

const day = 86_400_000;
/** The moment at which every generated history ends. */
export const historyEnd = Date.UTC(2026, 10, 1);
const historyYears = 5;
/** Words of a page: log-normal, as lengths of texts are. Its mean is about 900 words. */
const medianWords = 650;
const spreadOfWords = 0.8;
const minWords = 40;
const maxWords = 8_000;
/** Share of pages that are an earlier page with one paragraph of another. */
const nearDuplicates = 0.03;

/**
 * A history of reading: pages of realistic lengths, in English and Korean, some nearly the same,
 * read over years. The same seed gives the same history.
 */
export function* makeHistory(
  sources: readonly TextSource[],
  pageCount: number,
  seed = 1,
): Generator<PageText> {
  const next = mulberry32(seed);
  const random = () => next() / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const places = sources.map(() => 0);
  let before: PageText | undefined;
  for (let number = 0; number < pageCount; number++) {
    const s = Math.floor(random() * sources.length);
    const { name, texts } = sources[s] as TextSource;
    const target = Math.min(
      maxWords,
      Math.max(minWords, medianWords * Math.exp(spreadOfWords * normal())),
    );
    const take = () => {
      // Once a source has been read through, its texts come in another order.
      const place = places[s] as number;
      places[s] = place + 1;
      const turn = Math.floor(place / texts.length);
      const step = turn === 0 ? 1 : 2 * turn * 7919 + 1;
      return texts[(place * step + turn * 104_729) % texts.length] as EvalPage;
    };
    const first = take();
    let blocks: TextBlock[];
    let title = first.title;
    if (before !== undefined && random() < nearDuplicates) {
      blocks = [...before.blocks.slice(0, -1), { kind: 'text', text: first.text }];
      title = before.title;
    } else {
      blocks = [];
      let words = 0;
      for (let text = first; words < target; text = take()) {
        if (text !== first && text.title !== '') blocks.push({ kind: 'heading', text: text.title });
        blocks.push({ kind: 'text', text: text.text });
        // Korean words are shorter than what they say: a syllable counts as half a word.
        words += Math.max(text.text.split(/\s+/).length, text.text.length / 12);
      }
    }
    const url = `https://${name}.example/${number}`;
    const page: PageText = {
      key: url as PageKey,
      url,
      title,
      blocks,
      lang: detectLanguage(`${title}\n${first.text}`),
      type: 'article',
      readAt: historyEnd - Math.floor((1 - number / pageCount) * historyYears * 365 * day),
    };
    before = page;
    yield page;
  }
}
