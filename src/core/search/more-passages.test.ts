import { expect, it } from 'vitest';
import type { PageId } from '../ids.ts';
import { morePassages } from './more-passages.ts';
import { FixtureStore } from './search.fixture.ts';

const now = new Date(2026, 10, 24).getTime();
const filler = (word: string) => Array.from({ length: 120 }, (_, i) => `${word}${i}`).join(' ');

/** One page of passages about frogs, bread and cars, each long enough to be one by itself. */
const store = () =>
  new FixtureStore([
    {
      title: 'Notes',
      text: `A frozen frog sat on ice. ${filler('pond')}. Sourdough bread is a loaf. ${filler('oven')}. The automobile is a vehicle. ${filler('road')}.`,
    },
  ]);
const id = 1 as PageId;

it('gives the other passages of a page, nearest to the query first, each with its own link', async () => {
  const { context } = store();
  const all = await morePassages(context, { id, query: 'car', without: -1, limit: 10 }, now);
  expect(all.length).toBeGreaterThan(2);
  expect(all[0]?.snippet.text).toContain('automobile');
  const best = all[0]?.passageIndex ?? 0;
  const others = await morePassages(context, { id, query: 'car', without: best, limit: 1 }, now);
  expect(others).toHaveLength(1);
  expect(others[0]?.passageIndex).toBe(all[1]?.passageIndex);
  expect(new Set(all.map(({ openUrl }) => openUrl)).size).toBe(all.length);
});

it('has none for a page that is gone, nor for a query without words', async () => {
  const one = store();
  const ask = (query: string) =>
    morePassages(one.context, { id, query, without: 0, limit: 3 }, now);
  expect(await ask('site:frogs.example')).toEqual([]);
  one.remove(id);
  expect(await ask('frog')).toEqual([]);
});
