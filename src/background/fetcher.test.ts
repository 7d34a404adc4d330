import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import { noSignals } from '../core/page/private-rules.ts';
import type { AskHost } from '../messaging/host-client.ts';
import type { FetchedPage, PageJob } from '../messaging/host-protocol.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createFetcher } from './fetcher.ts';
import { createSettingsStore } from './settings-store.ts';

const wanted = (url: string) => ({ url, title: '', at: 5 });
const a1 = 'https://a.example/1';
const a2 = 'https://a.example/2';
const b1 = 'https://b.example/1';

/** A browser whose clock moves only by waiting, and a host that answers as it is told. */
function setUp(
  answer: (url: string, tries: number) => Partial<FetchedPage> | Error = () => ({}),
  storing = async () => {},
) {
  const clock = { now: 1_000_000 };
  const local = createFakeStore();
  const settings = createSettingsStore(local, createFakeStore(), () => clock.now);
  const requests: { url: string; at: number }[] = [];
  const kept: PageJob[] = [];
  const askHost = (async (type: string, params: never) => {
    if (type === 'page-engine:page-by-key') return null;
    if (type === 'background-host:read-page') {
      kept.push(params);
      await storing();
      return { outcome: 'stored' };
    }
    if (type !== 'background-host:fetch-page') throw new Error(type);
    const { url } = params as { url: string };
    requests.push({ url, at: clock.now });
    const given = answer(url, requests.filter((request) => request.url === url).length);
    if (given instanceof Error) throw given;
    return {
      state: 'fetched',
      url,
      canonical: '',
      title: 'T',
      lang: 'en',
      signals: noSignals,
      form: 'html',
      snapshot: '',
      crawlDelayMs: 0,
      ...given,
    };
  }) as AskHost;
  const start = () =>
    createFetcher({
      local,
      settings,
      askHost,
      now: () => clock.now,
      wait: async (ms) => {
        clock.now += ms;
      },
    });
  return { clock, local, settings, requests, kept, start };
}

describe('createFetcher', () => {
  it('asks one page at a time, leaves each site alone in between', async () => {
    const { start, requests, kept } = setUp();
    const fetcher = start();
    await fetcher.add([a1, a2, b1].map(wanted), false);
    await fetcher.run();
    expect(requests.map(({ url }) => url)).toEqual([a1, b1, a2]);
    const [first, , third] = requests;
    expect((third?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(kept).toHaveLength(3);
    expect(kept[0]).toMatchObject({ url: a1, readAt: 5, isFetched: true, isAllowed: false });
    expect(await fetcher.status()).toMatchObject({ state: 'done', total: 3, stored: 3 });
  });

  it('waits as long as a site asks, also after the background was stopped', async () => {
    const { start, requests, clock } = setUp((_url, tries) =>
      tries === 1 ? { state: 'later', why: 'site-failed', afterMs: 90_000 } : {},
    );
    const fetcher = start();
    await fetcher.add([wanted(a1)], false);
    await fetcher.run();
    expect(await fetcher.status()).toMatchObject({
      state: 'running',
      waitsUntil: (requests[0]?.at ?? 0) + 90_000,
    });
    const another = start();
    await another.run();
    expect(requests).toHaveLength(1);
    clock.now += 90_000;
    await another.run();
    expect(await another.status()).toMatchObject({ state: 'done', stored: 1 });
  });

  it('gives a page up after four tries, and says why', async () => {
    const { start, clock, requests } = setUp(() => ({
      state: 'later',
      why: 'not-reached',
      afterMs: null,
    }));
    const fetcher = start();
    await fetcher.add([wanted(a1)], false);
    for (let round = 0; round < 6; round += 1) {
      await fetcher.run();
      clock.now += 700_000;
    }
    expect(requests).toHaveLength(4);
    expect(await fetcher.status()).toMatchObject({
      state: 'done',
      failures: [{ url: a1, why: 'not-reached' }],
    });
  });

  it('asks for nothing that a rule or the address keeps out, nor where a redirect leads there', async () => {
    const { start, settings, requests, kept } = setUp(() => ({ url: 'https://never.example/x' }));
    await settings.change({ rules: [{ pattern: 'never.example', action: 'never' }] });
    const fetcher = start();
    const secret = 'https://c.example/login?token=abcdefgh12345678abcd';
    await fetcher.add([a1, 'https://never.example/1', secret].map(wanted), false);
    await fetcher.run();
    expect(requests.map(({ url }) => url)).toEqual([a1]);
    expect(kept).toEqual([]);
    expect((await fetcher.status()).failures.map(({ why }) => why).sort()).toEqual([
      'excluded',
      'excluded',
      'private',
    ]);
  });

  it('stays with a page while the engine is away, and rests while reading is paused', async () => {
    let isAway = true;
    const { start, settings, requests } = setUp(() =>
      isAway ? new AppError('host-gone', 'away') : {},
    );
    const fetcher = start();
    await fetcher.add([wanted(a1)], false);
    await fetcher.run();
    expect(await fetcher.status()).toMatchObject({ state: 'running', failedCount: 0 });
    isAway = false;
    await settings.setPause('for-good');
    await fetcher.run();
    expect(requests).toHaveLength(1);
    await settings.setPause('none');
    await fetcher.run();
    expect(await fetcher.status()).toMatchObject({ state: 'done', stored: 1 });
  });

  it('stores nothing, and notes nothing, of a page that is dropped while it is fetched', async () => {
    for (const answer of [{}, { state: 'failed', why: 'not-found' }] as Partial<FetchedPage>[]) {
      let drop = async () => {};
      const { start, kept, local } = setUp(() => ({ ...answer, isBegun: drop() }));
      const fetcher = start();
      drop = () => fetcher.drop(({ url }) => url === a1);
      await fetcher.add([wanted(a1)], false);
      await fetcher.run();
      expect(kept).toEqual([]);
      expect(JSON.stringify([...local.values])).not.toContain(a1);
    }
  });

  it('waits for a page that is being stored while it is dropped', async () => {
    let finish = () => {};
    const { start, kept } = setUp(
      () => ({}),
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    const fetcher = start();
    await fetcher.add([wanted(a1)], false);
    const ran = fetcher.run();
    await vi.waitFor(() => expect(kept).toHaveLength(1));
    let isDropped = false;
    const dropped = fetcher.drop(() => true).then(() => (isDropped = true));
    await vi.waitFor(async () => expect(await fetcher.status()).toMatchObject({ total: 0 }));
    expect(isDropped).toBe(false);
    finish();
    await Promise.all([dropped, ran]);
  });

  it('pauses, goes on, ends, and leaves nothing behind when cleared', async () => {
    const { start, requests, local } = setUp();
    const fetcher = start();
    await fetcher.add([a1, a2, b1].map(wanted), false);
    expect(await fetcher.control('pause')).toMatchObject({ state: 'paused' });
    await fetcher.run();
    expect(requests).toEqual([]);
    await fetcher.drop(({ url }) => url === b1);
    expect(await fetcher.control('resume')).toMatchObject({ state: 'running', total: 2 });
    expect(await fetcher.control('stop')).toMatchObject({ state: 'done' });
    expect(await fetcher.control('clear')).toMatchObject({ state: 'none' });
    expect([...local.values.keys()]).toEqual([]);
  });
});
