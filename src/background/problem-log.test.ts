import { expect, test } from 'vitest';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createProblemLog } from './problem-log.ts';

test('the log keeps the last problems, latest first, also when two come at once', async () => {
  const store = createFakeStore();
  let now = 0;
  const log = createProblemLog(store, () => now++);
  await Promise.all([log.note('timeout'), log.note('storage-full')]);
  expect((await log.list()).map(({ code }) => code)).toEqual(['storage-full', 'timeout']);
  for (let i = 0; i < 30; i += 1) await log.note('internal');
  const problems = await log.list();
  expect(problems).toHaveLength(20);
  expect(problems[0]!.at).toBeGreaterThan(problems[19]!.at);
});

test('what something else wrote there is passed over', async () => {
  const store = createFakeStore();
  await store.set('problems', [{ code: 'x', at: 1 }, null, { code: 'timeout', at: 2 }]);
  expect(await createProblemLog(store, () => 0).list()).toEqual([{ code: 'timeout', at: 2 }]);
});
