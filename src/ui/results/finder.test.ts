import { expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { Ask } from '../parts/services.ts';
import { createFinder } from './finder.ts';
import type { Row } from './rows.ts';

const row = {
  url: 'https://a.example/bees',
  page: { id: 1, isPinned: false },
  hit: { passageIndex: 0, snippet: { text: 'bees' } },
} as Row;

test('what cannot be done with a row is said, until something else is tried', async () => {
  let isFailing = true;
  const ask = (async (type: string) => {
    if (isFailing) throw new AppError('engine-failed', `No ${type}`);
    return type === 'page-engine:more-passages' ? [] : null;
  }) as Ask;
  const timers = { now: () => 0, after: () => () => {} };
  const finder = createFinder({ ask, timers, client: 'test', limit: 9, recentLimit: 9 });
  const deeds = [() => finder.pin(row), () => finder.showMore(row), () => finder.open(row, 'tab')];
  for (const deed of deeds) {
    isFailing = true;
    expect(await deed()).not.toBe(true);
    expect(finder.rowError.value?.code).toBe('engine-failed');
    isFailing = false;
    await deed();
    expect(finder.rowError.value).toBeNull();
  }
  expect(await finder.open(row, 'tab')).toBe(true);
});
