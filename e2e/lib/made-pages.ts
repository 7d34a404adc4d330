import type { PageKey } from '../../src/core/ids.ts';
import type { ExportedPage } from '../../src/core/page/exported-page.ts';
import type { PageMessage, PageProtocol } from '../../src/messaging/protocol.ts';

/** Asks the extension's background, in whichever browser. */
type Ask = <M extends PageMessage>(
  type: M,
  params: PageProtocol[M]['params'],
) => Promise<PageProtocol[M]['result']>;

interface Subject {
  readonly site: string;
  readonly lang: 'en' | 'ko';
  /** Things that a title and sentences are made of. */
  readonly things: readonly string[];
  readonly titles: readonly string[];
  readonly sentences: readonly string[];
}

/** Subjects far enough apart that a map shows each by itself; `{a}` and `{b}` are things. */
const subjects: readonly Subject[] = [
  {
    site: 'hivenotes.example',
    lang: 'en',
    things: ['honey', 'the queen', 'a swarm', 'wax combs', 'the smoker', 'drones', 'pollen'],
    titles: ['Bees and {a}', 'What beekeepers know about {a}', 'A hive, {a} and {b}'],
    sentences: [
      'The beekeeper opened the hive to look at {a}.',
      'In late summer the colony cares for {a} before {b}.',
      'Bees on the roof found lime trees and came back with {a}.',
    ],
  },
  {
    site: 'kitchen.example',
    lang: 'en',
    things: ['sourdough', 'a rye crust', 'butter', 'the oven', 'yeast', 'flour', 'salt'],
    titles: ['Bread with {a}', 'Baking bread: {a} and {b}', 'Why dough needs {a}'],
    sentences: [
      'Knead the dough and leave it with {a} overnight.',
      'The loaf rises because of {a}, not because of {b}.',
      'Bake at a high heat until {a} smells of hazelnuts.',
    ],
  },
  {
    site: 'docs.compiler.example',
    lang: 'en',
    things: ['generics', 'type guards', 'closures', 'modules', 'async iterators', 'enums'],
    titles: ['TypeScript: {a}', 'Using {a} with {b} in TypeScript', 'TypeScript {a} explained'],
    sentences: [
      'The compiler infers the type of {a} from the call.',
      'When a function returns {a}, declare {b} as its parameter.',
      'A runtime error in JavaScript becomes a compile error with {a}.',
    ],
  },
  {
    site: 'rails.example',
    lang: 'en',
    things: ['the night train', 'sleeper cars', 'a border', 'the timetable', 'a dining car'],
    titles: ['Train journeys: {a}', 'By railway across {a}', 'Railway notes on {a} and {b}'],
    sentences: [
      'The locomotive left the station late, and {a} was cold.',
      'Passengers change trains at the junction for {a}.',
      'A railway ticket for {a} costs less than {b}.',
    ],
  },
  {
    site: 'sky.example',
    lang: 'en',
    things: ['Saturn', 'a comet', 'the eclipse', 'dark matter', 'a nebula', 'tides'],
    titles: ['Telescope evening: {a}', 'Seeing {a} through a telescope', 'The orbit of {a}'],
    sentences: [
      'Astronomers point the telescope at {a} after midnight.',
      'The light of {a} took years to reach the observatory.',
      'Gravity bends the path of {a} around {b}.',
    ],
  },
  {
    site: 'ledger.example',
    lang: 'en',
    things: ['a pension', 'inflation', 'index funds', 'a mortgage', 'taxes', 'bonds'],
    titles: ['Savings and {a}', 'How {a} eats savings', 'Money: {a} or {b}'],
    sentences: [
      'The bank raised the interest rate on {a}.',
      'Investors who hold {a} for decades worry less about {b}.',
      'A household budget should set money aside for {a}.',
    ],
  },
  {
    site: 'walks.example',
    lang: 'ko',
    things: ['둘레길', '억새', '능선', '계곡', '산장', '단풍'],
    titles: ['주말 등산: {a}', '가을 산에서 만난 {a}', '{a} 따라 걷는 등산길'],
    sentences: [
      '등산로 입구에서 {a}까지 두 시간을 걸었다.',
      '산 정상에서 보는 {a}은 새벽이 가장 좋다.',
      '배낭에 물을 넣고 {a}을 지나 내려왔다.',
    ],
  },
  {
    site: 'bapsang.example',
    lang: 'ko',
    things: ['김치찌개', '된장', '나물', '떡국', '미역국', '갈비찜'],
    titles: ['집에서 끓이는 {a}', '{a} 맛있게 요리하는 법', '요리 초보의 {a}'],
    sentences: [
      '냄비에 참기름을 두르고 {a}에 넣을 고기를 볶는다.',
      '간장과 마늘로 {a}의 맛을 낸다.',
      '약한 불에서 {a}을 오래 끓이면 국물이 진해진다.',
    ],
  },
];

const dayMs = 86_400_000;

/** Numbers below `limit` that are the same each time (a linear congruential generator). */
function pickerFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
}

/** `count` pages about {@link subjects}, read over the last two years; the same ones each time. */
export function madePages(count: number, now = Date.now()): readonly ExportedPage[] {
  const below = pickerFrom(count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return Array.from({ length: count }, (_, page) => {
    const subject = pick(subjects);
    const fill = (text: string) =>
      text.replace('{a}', pick(subject.things)).replace('{b}', pick(subject.things));
    const url = `https://${subject.site}/${page}`;
    const at = Math.round(now - 60_000 - (below(1_000) / 1_000) ** 2 * 730 * dayMs);
    // A sentence from elsewhere now and then: no page is only about its subject.
    const sentences = Array.from({ length: 4 + below(4) }, () =>
      fill(pick(below(6) === 0 ? pick(subjects).sentences : subject.sentences)),
    );
    return {
      key: url as PageKey,
      url,
      title: fill(pick(subject.titles)),
      lang: subject.lang,
      type: 'article',
      firstReadAt: at,
      lastReadAt: at,
      readCount: 1,
      isPinned: false,
      visits: [at],
      passages: [{ text: sentences.join(' ') }],
    };
  });
}

/** Puts made pages into the store the way an import does. */
export async function loadMadePages(ask: Ask, count: number): Promise<void> {
  const pages = madePages(count);
  for (let from = 0; from < pages.length; from += 500) {
    await ask('page-engine:import-pages', {
      pages: pages.slice(from, from + 500),
      isTrial: false,
    });
  }
}
