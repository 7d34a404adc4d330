import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { PageId } from '../../core/ids.ts';
import type { Hit, Mark, PageSummary, SearchResponse } from '../../core/search/types.ts';
import { createForgetting, undoTimeMs } from '../parts/forgetting.ts';
import { commandOf, type KeyPress } from './keys.ts';
import { markLevel, metPairs, segmentsOf } from './marks.ts';
import { keepOrder, rowsOfHits, rowsOfRecent } from './rows.ts';
import { createSearchModel, restAfterMs, slowAfterMs } from './search-model.ts';

const now = new Date(2026, 10, 24, 12).getTime();
const dayMs = 86_400_000;

function page(id: number, daysAgo = 0): PageSummary {
  return {
    id: id as PageId,
    url: `https://site.example/${id}`,
    title: `Page ${id}`,
    site: 'site.example',
    lang: 'en',
    type: 'article',
    firstReadAt: now - daysAgo * dayMs,
    lastReadAt: now - daysAgo * dayMs,
    readCount: 1,
    wordCount: 10,
    passageCount: 1,
    isPinned: false,
  };
}

function hit(id: number, score: number, extra: Partial<Hit> = {}): Hit {
  return {
    page: page(id),
    passageIndex: 0,
    snippet: { text: 'text', marks: [], startsInside: false, endsInside: false },
    score,
    parts: { dense: null, lexical: null, late: null, prior: 0 },
    isWeak: false,
    nearDuplicates: [],
    openUrl: `https://site.example/${id}#:~:text=text`,
    ...extra,
  };
}

const response = (...hits: Hit[]): SearchResponse => ({
  hits,
  problems: [],
  searchedPages: hits.length,
  timings: {},
});

/** Timers that run when told. */
function handTimers() {
  const tasks = new Map<number, { at: number; task: () => void }>();
  let time = 0;
  let next = 0;
  return {
    now: () => time,
    after(ms: number, task: () => void) {
      const id = next++;
      tasks.set(id, { at: time + ms, task });
      return () => void tasks.delete(id);
    },
    advance(ms: number) {
      time += ms;
      for (const [id, { at, task }] of [...tasks]) {
        if (at > time) continue;
        tasks.delete(id);
        task();
      }
    },
  };
}

describe('marks', () => {
  const mark = fc.record({
    start: fc.integer({ min: -5, max: 60 }),
    end: fc.integer({ min: -5, max: 60 }),
    kind: fc.constantFrom<Mark['kind']>('exact', 'near'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    met: fc.string(),
  });

  test('segments always join to the text, whatever the marks', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 50 }),
        fc.array(mark, { maxLength: 12 }),
        (text, marks) => {
          const segments = segmentsOf({ text, marks, startsInside: false, endsInside: false });
          expect(segments.map((segment) => segment.text).join('')).toBe(text);
          expect(segments.every((segment) => segment.text !== '')).toBe(true);
        },
      ),
    );
  });

  test('an exact word wins where two marks begin together', () => {
    const both = (kind: Mark['kind'], share: number) => ({
      start: 0,
      end: 3,
      kind,
      share,
      met: 'm',
    });
    const [first] = segmentsOf({
      text: 'car park',
      marks: [both('near', 0.9), both('exact', 0.2)],
      startsInside: false,
      endsInside: false,
    });
    expect(first).toEqual({ text: 'car', mark: { kind: 'exact', level: 1, met: 'm' } });
  });

  test('pairs of near meaning are told once each, the strongest first, and exact words not', () => {
    const text = 'Car, roof, car, van, bike, bus';
    const near = (word: string, met: string, share: number, from = 0) => {
      const start = text.indexOf(word, from);
      return { start, end: start + word.length, kind: 'near', share, met } as const;
    };
    const marks = [
      near('Car', 'vehicle', 0.3),
      { ...near('roof', 'roof', 0.9), kind: 'exact' } as const,
      near('car', 'vehicle', 0.3, 5),
      near('van', 'vehicle', 0.9),
      near('bike', 'wheels', 0.5),
      near('bus', 'wheels', 0.2),
    ];
    const pairs = metPairs({ text, marks, startsInside: false, endsInside: false });
    expect(pairs.map(({ word, met }) => `${word} ${met}`)).toEqual([
      'van vehicle',
      'Car vehicle',
      'bike wheels',
    ]);
  });

  test('a word that carries next to nothing is left plain', () => {
    const segments = segmentsOf({
      text: 'and frog',
      marks: [
        { start: 0, end: 3, kind: 'exact', share: 0.05, met: 'and' },
        { start: 4, end: 8, kind: 'exact', share: 0.5, met: 'frog' },
      ],
      startsInside: false,
      endsInside: false,
    });
    expect(segments.map((segment) => segment.mark?.level)).toEqual([undefined, 3]);
    expect(segments.map((segment) => segment.text)).toEqual(['and ', 'frog']);
  });

  test.each([
    [0.6, 0.6, 3],
    [0.4, 0.6, 3],
    [0.25, 0.6, 2],
    [0.13, 0.6, 1],
    [0.04, 0.04, 1],
    [0.1, 0.1, 2],
    [Number.NaN, 0.5, 1],
  ])('share %d beside %d has strength %d', (share, largest, level) => {
    expect(markLevel(share, largest)).toBe(level);
  });
});

describe('rows', () => {
  test('weak hits come last in their own group, ranks run through', () => {
    const groups = rowsOfHits(
      response(hit(1, 3), hit(2, 1, { isWeak: true })),
      new Set(),
      new Set(),
    );
    expect(groups.map((group) => [group.kind, group.rows.map((row) => row.rank)])).toEqual([
      ['sure', [1]],
      ['weak', [2]],
    ]);
  });

  test('forgotten pages leave and near-duplicates unfold under their hit', () => {
    const groups = rowsOfHits(
      response(hit(1, 3), hit(2, 2, { nearDuplicates: [page(8), page(9)] })),
      new Set([1, 9] as PageId[]),
      new Set([2] as PageId[]),
    );
    expect(groups[0]?.rows.map((row) => [row.page.id, row.rank, row.under === 'same'])).toEqual([
      [2, 1, false],
      [8, 1, true],
    ]);
  });

  test('recent pages are grouped by calendar day', () => {
    const groups = rowsOfRecent([page(1, 0), page(2, 1), page(3, 6), page(4, 7)], now, new Set());
    expect(groups.map((group) => group.kind)).toEqual(['today', 'yesterday', 'week', 'earlier']);
  });

  test('near equals keep the order they had; a clear winner moves up', () => {
    const before = [hit(1, 3), hit(2, 2.99), hit(3, 1)];
    const ids = (hits: readonly Hit[]) => hits.map(({ page: { id } }) => id);
    expect(ids(keepOrder([hit(2, 3), hit(1, 2.99), hit(3, 1)], before))).toEqual([1, 2, 3]);
    expect(ids(keepOrder([hit(3, 9), hit(1, 3), hit(2, 2)], before))).toEqual([3, 1, 2]);
    expect(ids(keepOrder([hit(2, 3), hit(1, 2.99)], []))).toEqual([2, 1]);
  });
});

describe('the search model', () => {
  function setUp() {
    const timers = handTimers();
    const asked: {
      question: string;
      answer: (r: SearchResponse) => void;
      fail: (e: Error) => void;
    }[] = [];
    const answer = (question: string) =>
      new Promise<SearchResponse>((answer, fail) => {
        asked.push({ question, answer, fail });
      });
    const model = createSearchModel<string>(
      answer,
      timers,
      () => true,
      (question, { hits }) => (hits.length < 2 ? null : answer(`all of ${question}`)),
    );
    return { timers, asked, model };
  }

  test('the whole of an answer follows its first part, in the order that is shown', async () => {
    const { timers, asked, model } = setUp();
    const ids = () => model.shown.value?.response.hits.map(({ page: { id } }) => id);
    model.ask('a');
    asked[0]!.answer(response(hit(2, 3), hit(1, 2)));
    await Promise.resolve();
    model.ask('ab');
    asked[1]!.answer(response(hit(1, 3), hit(2, 2.99)));
    await Promise.resolve();
    expect([model.state.value, ids()]).toEqual(['ready', [2, 1]]);
    expect(asked).toHaveLength(2);
    timers.advance(restAfterMs);
    expect(asked.map(({ question }) => question)).toEqual(['a', 'ab', 'all of ab']);
    expect(model.state.value).toBe('ready');
    asked[2]!.answer(response(hit(1, 3), hit(2, 2.99), hit(3, 2)));
    await Promise.resolve();
    expect(ids()).toEqual([2, 1, 3]);

    // Who types on gets no more of it, asked for already or not.
    model.ask('abc');
    asked[3]!.answer(response(hit(1, 3), hit(2, 2)));
    await Promise.resolve();
    timers.advance(restAfterMs);
    model.ask('abcd');
    asked[5]!.answer(response(hit(4, 3)));
    await Promise.resolve();
    asked[4]!.answer(response(hit(1, 3), hit(2, 2), hit(3, 1)));
    await Promise.resolve();
    timers.advance(restAfterMs);
    expect(ids()).toEqual([4]);
    expect(asked).toHaveLength(6);
  });

  test('an answer to an older question is dropped, and old rows stay meanwhile', async () => {
    const { asked, model } = setUp();
    model.ask('a');
    asked[0]!.answer(response(hit(1, 1)));
    await Promise.resolve();
    model.ask('ab');
    model.ask('abc');
    asked[2]!.answer(response(hit(3, 1)));
    await Promise.resolve();
    asked[1]!.answer(response(hit(2, 1)));
    await Promise.resolve();
    expect(model.shown.value?.question).toBe('abc');
    expect(model.shown.value?.response.hits[0]?.page.id).toBe(3);
    model.ask('abcd');
    expect(model.state.value).toBe('searching');
    expect(model.shown.value?.question).toBe('abc');
  });

  test('shows progress only after a while, also when questions follow each other', async () => {
    const { timers, asked, model } = setUp();
    model.ask('a');
    timers.advance(slowAfterMs - 100);
    model.ask('ab');
    expect(model.isSlow.value).toBe(false);
    timers.advance(100);
    expect(model.isSlow.value).toBe(true);
    asked[1]!.answer(response());
    await Promise.resolve();
    expect(model.isSlow.value).toBe(false);
  });

  test('fails with a code, tries again, and rests', async () => {
    const { asked, model } = setUp();
    model.ask('a');
    asked[0]!.fail(new AppError('host-gone', 'gone'));
    await new Promise((done) => setTimeout(done));
    expect(model.state.value).toBe('failed');
    expect(model.error.value?.code).toBe('host-gone');
    model.retry();
    expect(asked[1]!.question).toBe('a');
    model.rest();
    asked[1]!.answer(response(hit(1, 1)));
    await Promise.resolve();
    expect(model.state.value).toBe('idle');
    expect(model.shown.value).toBeNull();
  });
});

describe('forgetting', () => {
  test('hides at once, can be undone, and is carried out later', async () => {
    const timers = handTimers();
    const done: PageId[] = [];
    const forgetting = createForgetting(async (id) => void done.push(id), timers);
    forgetting.forget(1 as PageId, 'One');
    expect([...forgetting.hidden.value]).toEqual([1]);
    forgetting.undo();
    timers.advance(undoTimeMs);
    expect(done).toEqual([]);
    expect(forgetting.hidden.value.size).toBe(0);
    forgetting.forget(2 as PageId, 'Two');
    timers.advance(undoTimeMs);
    expect(done).toEqual([2]);
  });

  test('a second page and a closing view carry out the first', () => {
    const done: PageId[] = [];
    const forgetting = createForgetting(async (id) => void done.push(id), handTimers());
    forgetting.forget(1 as PageId, 'One');
    forgetting.forget(2 as PageId, 'Two');
    expect(done).toEqual([1]);
    forgetting.flush();
    expect(done).toEqual([1, 2]);
  });

  test('a page that could not be forgotten shows again', async () => {
    const forgetting = createForgetting(() => Promise.reject(new Error('full')), handTimers());
    forgetting.forget(1 as PageId, 'One');
    forgetting.flush();
    await new Promise((done) => setTimeout(done));
    expect(forgetting.hidden.value.size).toBe(0);
    expect(forgetting.pending.value?.state).toBe('failed');
  });
});

describe('keys', () => {
  const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
    key,
    code: key.length === 1 ? `Key${key.toUpperCase()}` : key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    isComposing: false,
    repeat: false,
    ...change,
  });
  const typing = { isEmpty: false, isAtEnd: true };

  test('letters belong to the box while it has the focus', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }), (key) => {
        expect(commandOf(press(key), typing)).toBeNull();
      }),
    );
    expect(commandOf(press('j'), null)).toBe('next');
    expect(commandOf(press('z', { code: 'KeyZ', ctrlKey: true }), null)).toBe('undo');
    expect(commandOf(press('s'), null)).toBe('similar');
  });

  test('nothing is a command while a syllable is composed', () => {
    for (const key of ['Enter', 'ArrowDown', 'Escape', 'Delete']) {
      expect(commandOf(press(key, { isComposing: true }), typing)).toBeNull();
    }
  });

  test('Delete forgets only behind the last letter', () => {
    expect(commandOf(press('Delete'), typing)).toBe('forget');
    expect(commandOf(press('Delete'), { isEmpty: false, isAtEnd: false })).toBeNull();
    expect(commandOf(press('Delete', { repeat: true }), typing)).toBeNull();
  });

  test('Enter opens here, in a tab, or aside; Alt+S finds similar whatever it types', () => {
    expect(commandOf(press('Enter'), typing)).toBe('open');
    expect(commandOf(press('Enter', { metaKey: true }), typing)).toBe('open-tab');
    expect(commandOf(press('Enter', { shiftKey: true }), typing)).toBe('open-aside');
    expect(commandOf(press('ß', { altKey: true, code: 'KeyS' }), typing)).toBe('similar');
    expect(commandOf(press('?'), typing)).toBeNull();
    expect(commandOf(press('?'), { isEmpty: true, isAtEnd: true })).toBe('help');
  });
});
