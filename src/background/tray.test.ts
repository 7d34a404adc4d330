import { describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { noSignals } from '../core/page/private-rules.ts';
import type { PageJob } from '../messaging/host-protocol.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createTray } from './tray.ts';

const dayMs = 86_400_000;
const job: PageJob = {
  key: 'https://bank.example/a' as PageKey,
  url: 'https://bank.example/a',
  title: 'Accounts',
  lang: 'en',
  readAt: 1,
  signals: noSignals,
  snapshot: 'THE-TEXT-OF-THE-PAGE',
  form: 'html',
  action: 'index',
  isAllowed: false,
};

function setUp(sessionBytes?: number) {
  const local = createFakeStore();
  const session = createFakeStore(sessionBytes);
  const clock = { now: 1000 * dayMs };
  return { local, session, clock, tray: createTray(local, session, () => clock.now) };
}

describe('the tray of held pages', () => {
  it('never writes the text of a held page to the disk', async () => {
    const { tray, local, session } = setUp();
    await tray.hold(job, ['bank-address']);
    expect([...local.values.values()].join()).not.toContain(job.snapshot);
    expect([...session.values.values()].join()).toContain(job.snapshot);
    expect(await tray.list()).toMatchObject([
      { key: job.key, site: 'bank.example', reasons: ['bank-address'], hasText: true },
    ]);
  });

  it('lets a page go by itself after a week, text and all', async () => {
    const { tray, clock, local, session } = setUp();
    await tray.hold(job, ['bank-address']);
    clock.now += 7 * dayMs - 1;
    expect(await tray.list()).toHaveLength(1);
    clock.now += 2;
    expect(await tray.list()).toEqual([]);
    expect([...session.values.keys()]).toEqual([]);
    expect(local.values.get('held')).toBe('[]');
  });

  it('gives the page back once, and then has nothing of it', async () => {
    const { tray, session } = setUp();
    await tray.hold(job, ['mail-address']);
    expect((await tray.release(job.key)).job).toEqual(job);
    expect(await tray.release(job.key)).toEqual({ held: null, job: null });
    expect(session.values.size).toBe(0);
  });

  it('remembers a page without its text when memory is short', async () => {
    const { tray } = setUp(10);
    expect(await tray.hold(job, ['mail-address'])).toMatchObject({ hasText: false });
    expect((await tray.release(job.key)).job).toBeNull();
  });

  it('lets a page through once when told to', async () => {
    const { tray } = setUp();
    expect(await tray.takeAllowance(job.key)).toBe(false);
    await tray.allowNext(job.key);
    expect(await tray.takeAllowance(job.key)).toBe(true);
    expect(await tray.takeAllowance(job.key)).toBe(false);
  });
});
