import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AskHost } from '../messaging/host-client.ts';
import { addressFor, suggestPages } from './address-bar.ts';

test('suggests the sure pages, and nothing when the engine cannot answer', async () => {
  const hit = (title: string, isWeak: boolean) => ({
    page: { id: 7, title, site: 'a.example' },
    passageIndex: 2,
    snippet: { text: `${title} of them` },
    openUrl: `https://a.example/${title}`,
    isWeak,
  });
  const found = (async () => ({ hits: [hit('one', false), hit('two', true)] })) as never as AskHost;
  expect(await suggestPages(found, 'words')).toEqual([
    {
      content: 'https://a.example/one',
      title: 'one',
      note: 'a.example',
      found: { id: 7, index: 2, text: 'one of them' },
    },
  ]);
  expect(await suggestPages(found, '  ')).toEqual([]);
  const gone = (async () => {
    throw new AppError('superseded', 'a newer query came');
  }) as AskHost;
  expect(await suggestPages(gone, 'words')).toEqual([]);
});

test('a line leads to its page, words to the search page', () => {
  expect(addressFor('https://a.example/#:~:text=b')).toBe('https://a.example/#:~:text=b');
  expect(addressFor('a & b')).toBe('/search.html?q=a%20%26%20b');
  expect(addressFor('javascript:alert(1)')).toMatch(/^\/search/);
});
