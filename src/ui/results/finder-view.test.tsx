// @vitest-environment jsdom
/** @jsxImportSource preact */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import type { Hit } from '../../core/search/types.ts';
import type { Ask } from '../parts/services.ts';
import { createFinder, emptyQuestion } from './finder.ts';
import { FinderView } from './finder-view.tsx';

/** A view whose searches are answered by hand, with so many pages each. */
async function view(count = 3) {
  let reads = 0;
  const ids = Array.from({ length: count }, (_, place) => place + 1);
  const hits = ids.map((id) => ({
    page: {
      id,
      url: `https://a.example/${id}`,
      site: 'a.example',
      lastReadAt: id,
      readCount: 1,
      get title() {
        reads += 1;
        return `Page ${id}`;
      },
    },
    passageIndex: 0,
    openUrl: `https://a.example/${id}`,
    snippet: { text: 'bees', marks: [], startsInside: false, endsInside: false },
    nearDuplicates: [],
    isWeak: false,
    score: 100 - id,
  })) as unknown as readonly Hit[];
  const answers: (() => void)[] = [];
  const ask = ((type: string) =>
    type === 'page-engine:search'
      ? new Promise((resolve) => answers.push(() => resolve({ hits: [...hits], problems: [] })))
      : Promise.resolve(null)) as unknown as Ask;
  const timers = { now: () => 0, after: () => () => {} };
  const finder = createFinder({ ask, timers, client: 'test', limit: 9, recentLimit: 9 });
  const root = document.createElement('div');
  document.body.append(root);
  await act(() => render(<FinderView finder={finder} ask={ask} />, root));
  const type = (query: string) =>
    act(() => finder.setQuestion({ ...emptyQuestion, kind: 'words', query } as never));
  return { root, answers, type, reads: () => reads };
}

test('a letter renders no row before its answer is there', async () => {
  const { root, answers, type, reads } = await view();
  await type('b');
  await act(async () => answers[0]?.());
  expect(root.querySelectorAll('[role=option]')).toHaveLength(3);
  const before = reads();
  expect(before).toBeGreaterThan(0);
  await type('be');
  expect(root.querySelector('input')?.value).toBe('be');
  expect(root.querySelector('[role=listbox]')?.getAttribute('data-state')).toBe('searching');
  expect(reads()).toBe(before);
  await act(async () => answers[1]?.());
  expect(root.querySelector('[role=listbox]')?.getAttribute('data-query')).toBe('be');
  expect(reads()).toBeGreaterThan(before);
});

test('of a long answer what is seen comes first, and the rest after it', async () => {
  const { root, answers, type } = await view(40);
  const shown = () => [
    root.querySelectorAll('[role=option]').length,
    root.querySelector('[role=listbox]')?.getAttribute('data-state'),
  ];
  await type('b');
  answers[0]?.(); // outside of act, which would wait for what comes after the painting
  await vi.waitFor(() => expect(shown()).toEqual([12, 'searching']), { interval: 1 });
  await vi.waitFor(() => expect(shown()).toEqual([40, 'ready']));
});

test('a screen reader is told once what was found, after the typing has stopped', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { root, answers, type } = await view();
  const said: string[] = [];
  const speaker = [...root.querySelectorAll('p.visually-hidden[role=status]')].at(-1) as Element;
  const observer = new MutationObserver(() => {
    const text = speaker.textContent ?? '';
    if (text !== '') said.push(text); // an empty region is silent
  });
  observer.observe(speaker, { childList: true, characterData: true, subtree: true });
  for (const [place, query] of ['b', 'be', 'bee', 'bees'].entries()) {
    await type(query);
    await act(async () => answers[place]?.());
    await act(() => vi.advanceTimersByTimeAsync(200).then(() => {}));
  }
  expect(said).toEqual([]);
  await act(() => vi.advanceTimersByTimeAsync(1_000).then(() => {}));
  expect(said).toEqual(['3 pages found']);
  observer.disconnect();
  vi.useRealTimers();
});
