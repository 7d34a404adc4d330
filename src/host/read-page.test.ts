// @vitest-environment jsdom
import { Blob as StreamingBlob } from 'node:buffer';
import { beforeEach, expect, test, vi } from 'vitest';
import type { PageId, PageKey } from '../core/ids.ts';
import { noSignals } from '../core/page/private-rules.ts';
import type { EngineApi } from '../engine/api.ts';
import type { PageJob } from '../messaging/host-protocol.ts';
import { packText } from '../platform/gzip.ts';
import { readPage } from './read-page.ts';

const article = [
  'The hive stands between two chimneys on the seventh floor. The first bees are out on warm mornings.',
  'The harvest in August was nineteen jars. They taste of the lime trees in the avenue below.',
];
const error = ['This page was moved or removed. You may look for it with the search of our site.'];

let stored: readonly string[] | null;
let writes: number;
const engine = {
  likeness: async () => ({}),
  pageByKey: async () => (stored === null ? null : { id: 1 as PageId }),
  storedPage: async () => ({ passages: (stored ?? []).map((text) => ({ text })) }),
  readPage: async () => {
    writes += 1;
    return { outcome: 'updated' };
  },
} as unknown as EngineApi;

const read = async (status: number, paragraphs: readonly string[]) => {
  const body = paragraphs.map((text) => `<p>${text}</p>`).join('');
  const job: PageJob = {
    key: 'https://a.example/bees' as PageKey,
    url: 'https://a.example/bees',
    title: 'Bees',
    lang: 'en',
    readAt: 1,
    signals: noSignals,
    form: 'html',
    snapshot: await packText(`<html><body><main><article>${body}</article></main></body></html>`),
    action: 'index',
    isAllowed: true,
    status,
  };
  return (await readPage(job, engine, new DOMParser())).outcome;
};

// jsdom has one without streams.
vi.stubGlobal('Blob', StreamingBlob);

beforeEach(() => {
  stored = [article.join(' ')];
  writes = 0;
});

test.each([404, 410, 500])('an error page (%i) takes no stored page’s place', async (status) => {
  expect(await read(status, error)).toBe('error-page');
  expect(await read(status, [])).toBe('error-page');
  expect(writes).toBe(0);
});

test('a site that answers 404 and shows the page all the same is read', async () => {
  expect(await read(404, article)).toBe('stored');
  expect(await read(404, [article[0] ?? '', ...error])).toBe('stored');
});

test('a page that is not stored, or not answered with an error, is read as ever', async () => {
  expect(await read(200, error)).toBe('stored');
  expect(await read(0, error)).toBe('stored');
  stored = null;
  expect(await read(404, error)).toBe('stored');
});
