import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { PageKey } from '../core/ids.ts';
import { noSignals } from '../core/page/private-rules.ts';
import type { HostOutcome, PageJob } from '../messaging/host-protocol.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createPageQueue, type QueuedPage } from './queue.ts';

const jobOf = (n: number, snapshot = 'x'): PageJob => ({
  key: `https://example.com/${n}` as PageKey,
  url: `https://example.com/${n}`,
  title: `Page ${n}`,
  lang: 'en',
  readAt: n,
  signals: noSignals,
  snapshot,
  form: 'html',
  action: 'index',
  isAllowed: false,
});

const empty: HostOutcome = { outcome: 'empty' };

function setUp(store = createFakeStore()) {
  const readPage = vi.fn(async (_job: PageJob): Promise<HostOutcome> => empty);
  const onDone = vi.fn(async (_page: QueuedPage) => undefined);
  const onFailed = vi.fn(async () => undefined);
  const queue = createPageQueue({ store, readPage, onDone, onFailed, wait: async () => undefined });
  return { store, readPage, onDone, onFailed, queue };
}

describe('the page queue', () => {
  it('reads a burst of 60 pages, each once, in order', async () => {
    const { queue, readPage, store } = setUp();
    await Promise.all(Array.from({ length: 60 }, (_, n) => queue.add(jobOf(n), n)));
    await queue.drain();
    expect(readPage.mock.calls.map(([job]) => job.readAt)).toEqual(
      Array.from({ length: 60 }, (_, n) => n),
    );
    expect([...store.values.keys()]).toEqual(['queue']);
  });

  it('loses nothing when the background dies in the middle', async () => {
    const first = setUp();
    for (let n = 0; n < 5; n += 1) await first.queue.add(jobOf(n), n);
    // The third page's answer never comes: the background is gone.
    first.readPage.mockImplementation((job) =>
      job.readAt === 2 ? new Promise(() => undefined) : Promise.resolve(empty),
    );
    void first.queue.drain();
    await vi.waitFor(() => expect(first.readPage).toHaveBeenCalledTimes(3));
    const second = setUp(first.store);
    await second.queue.drain();
    expect(second.readPage.mock.calls.map(([job]) => job.readAt)).toEqual([2, 3, 4]);
  });

  it('reads pages that arrive while it drains', async () => {
    const { queue, readPage } = setUp();
    await queue.add(jobOf(1), 1);
    readPage.mockImplementationOnce(async () => {
      await queue.add(jobOf(2), 2);
      return empty;
    });
    await queue.drain();
    expect(readPage).toHaveBeenCalledTimes(2);
  });

  it('keeps only the newest copy of a page', async () => {
    const { queue, readPage } = setUp();
    await queue.add(jobOf(1, 'old'), 1);
    await queue.add(jobOf(1, 'new'), 1);
    await queue.drain();
    expect(readPage.mock.calls.map(([job]) => job.snapshot)).toEqual(['new']);
  });

  it('tries again when the host went away, and gives up on a page that always brings it down', async () => {
    const { queue, readPage, onFailed } = setUp();
    readPage.mockImplementation(async (job) => {
      if (job.readAt === 1) throw new AppError('host-gone', 'gone');
      return empty;
    });
    await queue.add(jobOf(1), 1);
    await queue.add(jobOf(2), 2);
    await queue.drain();
    expect(readPage.mock.calls.filter(([job]) => job.readAt === 1)).toHaveLength(6);
    expect(readPage.mock.calls.filter(([job]) => job.readAt === 2)).toHaveLength(1);
    expect(onFailed).toHaveBeenCalledOnce();
  });

  it('rests with everything kept while the disk is full', async () => {
    const { queue, readPage } = setUp();
    readPage.mockRejectedValueOnce(new AppError('storage-full', 'full'));
    await queue.add(jobOf(1), 1);
    await queue.drain();
    expect(await queue.has(jobOf(1).key)).toBe(true);
    await queue.drain();
    expect(await queue.has(jobOf(1).key)).toBe(false);
    expect(readPage).toHaveBeenCalledTimes(2);
  });

  it('says when there is no room, and keeps what it had', async () => {
    const { queue, readPage } = setUp(createFakeStore(2000));
    await queue.add(jobOf(1), 1);
    await expect(queue.add(jobOf(2, 'x'.repeat(5000)), 2)).rejects.toMatchObject({
      code: 'storage-full',
    });
    await queue.drain();
    expect(readPage).toHaveBeenCalledTimes(1);
  });

  it('waits for a page that is being read while it is dropped, and then says nothing of it', async () => {
    const { queue, readPage, onDone, onFailed } = setUp();
    let finish = (_: HostOutcome) => {};
    readPage.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    await queue.add(jobOf(1), 1);
    await queue.add(jobOf(2), 2);
    const drained = queue.drain();
    await vi.waitFor(() => expect(readPage).toHaveBeenCalledOnce());
    let isDropped = false;
    const dropped = queue.drop((job) => job.readAt === 1).then(() => (isDropped = true));
    await vi.waitFor(async () => expect(await queue.has(jobOf(1).key)).toBe(false));
    expect(isDropped).toBe(false);
    finish({ outcome: 'held', reasons: ['bank-meaning'] });
    await dropped;
    await drained;
    expect(onDone.mock.calls.map(([page]) => page)).toMatchObject([{ key: jobOf(2).key }]);
    expect(onFailed).not.toHaveBeenCalled();
  });

  it('drops what is to be forgotten before it is read', async () => {
    const { queue, readPage } = setUp();
    await queue.add(jobOf(1), 1);
    await queue.add(jobOf(2), 2);
    await queue.drop((job) => job.readAt === 1);
    await queue.drain();
    expect(readPage.mock.calls.map(([job]) => job.readAt)).toEqual([2]);
  });
});
