import { describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { afterRead, emptyState } from '../core/sync/merge.ts';
import type { DeviceId } from '../core/sync/types.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine, pageOf } from './engine.test-tools.ts';
import { MemorySyncStore } from './memory-sync-store.ts';
import { describeSyncStore } from './sync-store.contract.ts';

const setup = { device: 'this' as DeviceId, settings: { keys: 1 } };

describeSyncStore('in memory', async () => {
  const store = new MemorySyncStore('this');
  return {
    store,
    read: async (url, text, at) => {
      const key = url as PageKey;
      const firstReadAt = (await store.states([key]))[0]!.edit?.content.firstReadAt ?? at;
      const passages = [{ text }];
      const same = { url, title: text, lang: 'en', type: 'article' as const, isPinned: false };
      store.read(key, at, { ...same, firstReadAt, passages });
    },
    forget: async (url) => store.forget(url as PageKey),
  };
});

describeSyncStore('of the engine over IndexedDB', async () => {
  const { engine, rows, sync } = openEngine();
  await engine.open();
  await rows.join(setup);
  return {
    store: sync,
    read: (url, text, at) => engine.readPage(pageOf(url, text, at)),
    forget: (url) => engine.forget({ by: 'keys', keys: [url as PageKey] }),
  };
});

describe('the engine with sync', () => {
  it('writes no row of sync until it is set up, and none after it was left', async () => {
    const { engine, rows } = openEngine();
    await engine.readPage(pageOf('https://a.example/', 'apples', 1));
    expect([await rows.pendingCount(), await rows.setup()]).toEqual([0, null]);
    expect(await rows.join(setup)).toBe(1);
    expect(await rows.pendingCount()).toBe(1);
    await rows.leave();
    await engine.readPage(pageOf('https://b.example/', 'bees', 2));
    await engine.forget({ by: 'everything' });
    expect([await rows.pendingCount(), await rows.setup()]).toEqual([0, null]);
  });

  it('finds what another device read, forgets what it forgot, also after a new start', async () => {
    const name = `sync-${Math.random()}`;
    const first = openEngine(name);
    await first.engine.open();
    await first.rows.join(setup);
    const key = 'https://bees.example/' as PageKey;
    const content = {
      url: key,
      title: 'Nineteen jars',
      lang: 'en',
      type: 'article' as const,
      firstReadAt: 5,
      isPinned: true,
      passages: [{ text: 'The hives on the roof gave dark honey in August.' }],
    };
    const told = afterRead(emptyState(key), { device: 'other' as DeviceId, at: 5, content });
    await first.sync.merge([told], null);
    const find = async (engine: Engine) =>
      (await engine.search({ query: 'beekeeping on top of a building', limit: 3 })).hits.map(
        ({ page }) => [page.url, page.isPinned, page.lastReadAt],
      );
    expect(await find(first.engine)).toEqual([[key, true, 5]]);
    await first.engine.close();
    const second = openEngine(name);
    expect(await find(second.engine)).toEqual([[key, true, 5]]);
    await second.sync.merge([{ ...emptyState(key), epoch: 1 }], null);
    expect(await find(second.engine)).toEqual([]);
    expect((await second.engine.status()).pageCount).toBe(0);
    await second.engine.close();
  });

  it('takes in nothing that arrives after sync was left', async () => {
    const { engine, rows, sync } = openEngine();
    await engine.open();
    await rows.join(setup);
    await rows.leave();
    const told = { ...emptyState('https://a.example/' as PageKey), epoch: 3 };
    await expect(sync.merge([told], { device: 'o', sequence: 1 })).rejects.toMatchObject({
      code: 'bad-request',
    });
    expect([await rows.cursors(), await rows.setup()]).toEqual([{}, null]);
    expect((await sync.states([told.key]))[0]?.epoch).toBe(0);
  });

  it('tells the other devices of each page when everything is erased', async () => {
    const { engine, rows, sync } = openEngine();
    await engine.open();
    await rows.join(setup);
    for (const name of ['a', 'b', 'c']) {
      await engine.readPage(pageOf(`https://${name}.example/`, name, 1));
    }
    await sync.acknowledge(await sync.pending(9));
    const receipt = await engine.forget({ by: 'everything' });
    expect(receipt).toMatchObject({ pages: 3, left: { pages: 0, texts: 0, visits: 0 } });
    const entries = await sync.pending(9);
    expect(entries).toHaveLength(3);
    const states = await sync.states(entries.map(({ key }) => key));
    expect(states.map(({ epoch }) => epoch)).toEqual([1, 1, 1]);
    expect(await rows.setup()).toEqual(setup);
  });

  it('keeps what is aside, with the reason, until it is tried again', async () => {
    const { engine, rows, sync } = openEngine();
    await engine.open();
    await rows.join(setup);
    await engine.readPage(pageOf('https://a.example/', 'a', 1));
    const [entry] = await sync.pending(1);
    await sync.putAside(entry!, { reason: 'too-large', message: 'no', at: 3 });
    const aside = { key: 'https://a.example/', reason: 'too-large', message: 'no', at: 3 };
    expect([await rows.asideCount(), await rows.aside(9)]).toEqual([1, [aside]]);
    await rows.retryAside();
    expect([await rows.asideCount(), await rows.pendingCount()]).toEqual([0, 1]);
  });
});
