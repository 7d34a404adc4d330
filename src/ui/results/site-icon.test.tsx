// @vitest-environment jsdom
/** @jsxImportSource preact */
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { showsSiteIcons } from '../parts/site-icons.ts';
import { firstLetter, SiteIcon } from './site-icon.tsx';

const icons = vi.hoisted(() => ({ has: (_pageUrl: string): Promise<boolean> => Promise.reject() }));

vi.mock('../../platform/site-icons.ts', async (original) => ({
  ...(await original<object>()),
  hasSiteIcon: (pageUrl: string) => icons.has(pageUrl),
}));

const roots: Element[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) render(null, root);
  showsSiteIcons.value = false;
});

/** A tile, with what is seen in it: its letter, or the page whose icon it is. */
async function tile(pageUrl: string) {
  const root = document.createElement('div');
  roots.push(root);
  await act(() => render(<SiteIcon site="bees.example" pageUrl={pageUrl} />, root));
  const image = () => root.querySelector('img');
  return {
    image,
    seen() {
      const src = image()?.hidden === false ? (image()?.getAttribute('src') ?? '') : null;
      const page = src && new URL(src, 'https://extension.example').searchParams.get('pageUrl');
      return [root.textContent, page].filter(Boolean).join(' and ');
    },
    hears: (event: 'load' | 'error') => act(() => void image()?.dispatchEvent(new Event(event))),
  };
}

test('the tile of a site shows its first letter in any script', () => {
  expect(firstLetter('blog.example')).toBe('B');
  expect(firstLetter('한국.example')).toBe('한');
  expect(firstLetter('')).toBe('·');
});

test('without the permission the browser is not asked', async () => {
  icons.has = vi.fn(async () => true);
  const { seen } = await tile('https://bees.example/1');
  expect(seen()).toBe('B');
  expect(icons.has).not.toHaveBeenCalled();
});

test('the letter stays until the icon is there, and comes back at once when the permission goes', async () => {
  const url = 'https://bees.example/2';
  icons.has = async () => true;
  const { image, seen, hears } = await tile(url);
  await act(() => {
    showsSiteIcons.value = true;
  });
  await vi.waitFor(() => expect(image()?.hidden).toBe(true));
  expect(seen()).toBe('B');
  await hears('load');
  expect(seen()).toBe(url);
  // A row that comes back, as at the next letter, has it from its first frame.
  expect((await tile(url)).seen()).toBe(url);
  await act(() => {
    showsSiteIcons.value = false;
  });
  expect(seen()).toBe('B');
  expect(image()).toBeNull();
});

test('an icon that is not kept, or cannot be asked for, or drawn, leaves the letter', async () => {
  showsSiteIcons.value = true;
  for (const has of [async () => false, () => Promise.reject(new TypeError('Failed to fetch'))]) {
    icons.has = vi.fn(has);
    const { image, seen } = await tile('https://bees.example/3');
    expect(icons.has).toHaveBeenCalledOnce();
    await act(async () => {}); // its answer has been heard
    expect(image()).toBeNull();
    expect(seen()).toBe('B');
  }
  icons.has = async () => true;
  const { image, seen, hears } = await tile('https://bees.example/4');
  await vi.waitFor(() => expect(image()).not.toBeNull());
  await hears('error');
  expect(image()).toBeNull();
  expect(seen()).toBe('B');
});

test('an icon that has left the browser since leaves the tile too', async () => {
  showsSiteIcons.value = true;
  const url = 'https://bees.example/5';
  icons.has = async () => true;
  const first = await tile(url);
  await vi.waitFor(() => expect(first.image()).not.toBeNull());
  await first.hears('load');
  icons.has = async () => false;
  const { seen } = await tile(url);
  await vi.waitFor(() => expect(seen()).toBe('B'));
});
