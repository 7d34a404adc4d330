import { expect, it } from 'vitest';
import type { PageId } from '../core/ids.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createReadHere } from './read-here.ts';

it('knows the pages of the last 80 days and drops older lists', async () => {
  const dayMs = 86_400_000;
  let day = 1000;
  const store = createFakeStore();
  const readHere = createReadHere(store, () => day * dayMs + 5);
  const note = (id: number) => readHere.note(id as PageId);
  await Promise.all([note(1), note(2), note(2)]);
  day += 40;
  await note(3);
  expect([...(await readHere.list())].sort()).toEqual([1, 2, 3]);
  day += 40;
  expect([...(await readHere.list())]).toEqual([3]);
  expect([...store.values.keys()]).toEqual(['read-here', 'read-here:1040']);
});
