import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { PageState } from '../../core/page/state.ts';
import type { Ask } from '../parts/services.ts';
import { emptyQuestion, type Finder, type Question } from '../results/finder.ts';
import { followFront } from './following.ts';

/** A panel whose front page, clock and box a test moves by hand. */
function panel() {
  const question = signal<Question>(emptyQuestion);
  const finder = {
    question,
    setQuestion: (next: Question) => {
      question.value = next;
    },
  } as unknown as Finder;
  let state: PageState = { state: 'reading' };
  let later: (() => void) | null = null;
  let tell = () => {};
  const ask = (async () => ({ state })) as unknown as Ask;
  const after = (_ms: number, task: () => void) => {
    later = task;
    return () => {
      later = null;
    };
  };
  const stop = followFront(finder, ask, { after }, (run) => {
    tell = run;
    return () => {
      tell = () => {};
    };
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return {
    question,
    stop,
    settle,
    front: async (next: PageState) => {
      state = next;
      tell();
      await settle();
    },
    wait: async (next: PageState) => {
      state = next;
      later?.();
      await settle();
    },
  };
}

const stored = (id: number) =>
  ({ state: 'stored', page: { id, title: `Page ${id}` } }) as unknown as PageState;

test('the list follows the page in front, also one that is stored a moment later', async () => {
  const { question, front, wait, settle, stop } = panel();
  await settle();
  expect(question.value).toBe(emptyQuestion);
  await wait(stored(1));
  expect(question.value).toMatchObject({ kind: 'similar', pageId: 1, title: 'Page 1' });
  await front(stored(2));
  expect(question.value).toMatchObject({ pageId: 2 });
  await front({ state: 'not-readable', reason: 'browser-page', privateReasons: [] });
  expect(question.value).toBe(emptyQuestion);
  await front(stored(3));
  stop();
  expect(question.value).toBe(emptyQuestion);
  await front(stored(4));
  expect(question.value).toBe(emptyQuestion);
});

test('what was typed is never replaced, by a new page nor by stopping', async () => {
  const { question, front, settle, stop } = panel();
  await settle();
  const typed: Question = { ...emptyQuestion, kind: 'words', query: 'honey' } as Question;
  question.value = typed;
  await front(stored(1));
  expect(question.value).toBe(typed);
  stop();
  expect(question.value).toBe(typed);
});
