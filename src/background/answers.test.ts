import { expect, it } from 'vitest';
import { createAnswers } from './answers.ts';
import { createFakeStore } from './fake-store.test-tools.ts';

const page = 'https://bank.example/overview';

it('remembers of each tab whether the page it loaded asks not to be kept', async () => {
  const store = createFakeStore();
  const answers = createAnswers(store);
  await Promise.all([
    answers.note({ tabId: 1, url: page, asks: 'private, No-Store' }),
    answers.note({ tabId: 2, url: page, asks: 'max-age=60,' }),
    answers.note({ tabId: 3, url: page, asks: 'googlebot: noarchive' }),
  ]);
  expect(await answers.asksNotToBeKept(1, `${page}#top`)).toBe(true);
  expect(await answers.asksNotToBeKept(2, page)).toBe(false);
  expect(await answers.asksNotToBeKept(3, page)).toBe(true);
  expect(await answers.asksNotToBeKept(1, `${page}/other`)).toBe(false);
  expect(JSON.stringify([...store.values])).not.toContain('bank');

  await answers.note({ tabId: 1, url: page, asks: '' });
  expect(await answers.asksNotToBeKept(1, page)).toBe(false);
  expect(await answers.asksNotToBeKept(3, page)).toBe(true);

  await answers.clear();
  expect(await answers.asksNotToBeKept(3, page)).toBe(false);
  expect(store.values.size).toBe(0);
});

it('outlives the background and holds no more than two hundred tabs', async () => {
  const store = createFakeStore();
  for (let tabId = 0; tabId < 250; tabId += 1) {
    await createAnswers(store).note({ tabId, url: page, asks: 'no-store' });
  }
  const later = createAnswers(store);
  expect(await later.asksNotToBeKept(49, page)).toBe(false);
  expect(await later.asksNotToBeKept(50, page)).toBe(true);
  expect(await later.asksNotToBeKept(249, page)).toBe(true);
});
