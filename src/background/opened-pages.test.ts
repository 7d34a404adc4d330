import { beforeEach, expect, test, vi } from 'vitest';
import type { PageId } from '../core/ids.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { HostOutcome, PageJob } from '../messaging/host-protocol.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createOpenedPages } from './opened-pages.ts';

const url = 'https://a.example/bees';
const id = 7 as PageId;
const found = { id, index: 1, text: 'nineteen jars' };
const before = ['The hive stood on the roof.', 'It held nineteen jars of honey.'];
const tabId = 3;

let stored: Map<number, readonly string[]>;
let type: string;
let hasReader: boolean;
/** How often the tab is found loading before it has loaded. */
let loads: number;
let looks: number;
let told: number[];
let store: ReturnType<typeof createFakeStore>;

/** As after every stop of the background: all that is known lies in the store. */
function make() {
  const askHost = (async (_type: string, params: { id: number }) => {
    const texts = stored.get(params.id);
    const page = { id: params.id, url, type };
    return texts ? { page, passages: texts.map((text) => ({ text })) } : null;
  }) as unknown as AskHost;
  return createOpenedPages({
    store,
    askHost,
    isLoading: async () => {
      loads -= 1;
      return loads >= 0;
    },
    hasReader: async () => {
      looks += 1;
      return hasReader;
    },
    onNotShown: (tab) => told.push(tab),
    wait: async () => {},
  });
}

const job = (changes: Partial<PageJob> = {}) =>
  ({ url, action: 'index', status: 200, ...changes }) as PageJob;
const receipt = (outcome: 'updated' | 'unchanged', pageId = id) =>
  ({ outcome: 'stored', receipt: { pageId, outcome } }) as HostOutcome;
const open = () => make().open(found, url, async () => tabId);

beforeEach(() => {
  stored = new Map([[id, before]]);
  type = 'article';
  hasReader = true;
  loads = 0;
  looks = 0;
  told = [];
  store = createFakeStore();
});

test('a page without what was found shows the text as it was, beside its new one', async () => {
  await open();
  await make().landed(tabId, url);
  expect(await make().stateOf(tabId)).toBeNull();
  const now = ['The hive stood on the roof.', 'It is for sale.'];
  stored.set(id, now);
  expect(await make().read(tabId, job(), receipt('updated'))).toBe(true);
  expect(await make().stateOf(tabId)).toBe('changed');
  expect(await make().textOf(tabId)).toMatchObject({
    state: 'changed',
    index: 1,
    passages: before.map((text) => ({ text })),
    now,
  });
  expect(await make().stateOf(tabId + 1)).toBeNull();
  expect(await make().textOf(tabId + 1)).toBeNull();
});

test('a page that has what was found is looked after no longer', async () => {
  await open();
  expect(await make().read(tabId, job(), receipt('unchanged'))).toBe(false);
  expect(await store.get('opened')).toEqual([]);

  await open();
  stored.set(id, ['The roof is empty.', 'It held nineteen jars of honey.']);
  expect(await make().read(tabId, job(), receipt('updated'))).toBe(false);
  expect(await store.get('opened')).toEqual([]);
});

test('a page that moved is compared where it is now', async () => {
  const moved = { url: 'https://b.example/bees' };
  await open();
  await make().landed(tabId, moved.url);
  stored.set(8, ['Welcome to our new site.']);
  expect(await make().read(tabId, job(moved), receipt('updated', 8 as PageId))).toBe(true);
  expect((await make().textOf(tabId))?.now).toEqual(['Welcome to our new site.']);
});

test('where the person goes on to is not taken for the page', async () => {
  const next = 'https://a.example/next';
  await open();
  await make().landed(tabId, url);
  stored.set(8, ['Another page.']);
  expect(await make().read(tabId, job({ url: next }), receipt('updated', 8 as PageId))).toBe(false);

  await open();
  await make().landed(tabId, url);
  expect(await make().read(tabId, job({ status: 404 }), { outcome: 'error-page' })).toBe(true);
  await make().landed(tabId, next);
  expect(await make().stateOf(tabId)).toBeNull();
});

test.each([
  [404, 'gone'],
  [410, 'gone'],
  [503, 'not-shown'],
] as const)('an answer of %i says "%s"', async (status, state) => {
  await open();
  await make().landed(tabId, url);
  expect(await make().read(tabId, job({ status }), { outcome: 'error-page' })).toBe(true);
  expect(await make().textOf(tabId)).toMatchObject({ state, now: null });
});

test('a tab where no page came is told of, unless one comes after all', async () => {
  await open();
  await vi.waitFor(() => expect(looks).toBe(1)); // a page is there, and has not asked yet
  expect(await make().stateOf(tabId)).toBeNull();

  hasReader = false;
  loads = 2;
  await open();
  await vi.waitFor(() => expect(told).toEqual([tabId]));
  expect(looks).toBe(2); // not while it is on its way
  expect(await make().stateOf(tabId)).toBe('not-shown');
  await make().landed(tabId, url);
  expect(await make().stateOf(tabId)).toBeNull();
});

test.each([
  ['that takes longer than anybody waits', () => (loads = 99)],
  // Firefox has no content script in its own viewer.
  ['of a PDF', () => (type = 'pdf')],
])('a tab %s is not told of', async (_name, prepare) => {
  hasReader = false;
  prepare();
  await open();
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  await make().dropForgotten(); // waits for its turn behind all that was begun
  expect(looks).toBe(0);
  expect(told).toEqual([]);
  expect(await make().stateOf(tabId)).toBeNull();
});

test('the texts of a few pages are kept, packed, and go when their pages are forgotten', async () => {
  for (let tab = 1; tab <= 5; tab += 1) await make().open(found, url, async () => tab);
  expect(await store.get('opened')).toHaveLength(3);
  expect([...store.values.values()].join()).not.toContain('nineteen jars of honey');
  // What asks about every tab reads no text.
  expect(JSON.stringify(await store.get('opened')).length).toBeLessThan(2_000);
  expect(store.values.size).toBe(4);
  stored.clear();
  await make().dropForgotten();
  expect([...store.values.keys()]).toEqual(['opened']);
});

test('a page is opened also where nothing can be kept of it', async () => {
  for (const key of ['opened', `opened:${tabId}`]) {
    store = createFakeStore();
    const { set } = store;
    store.set = async (name, value) => {
      if (name === key && JSON.stringify(value) !== '[]') throw new Error('full');
      return set(name, value);
    };
    await open();
    expect(await make().read(tabId, job({ status: 404 }), { outcome: 'error-page' })).toBe(false);
  }
  stored.clear();
  let isOpened = false;
  await make().open(found, url, async () => {
    isOpened = true;
    return null;
  });
  expect(isOpened).toBe(true);
});
