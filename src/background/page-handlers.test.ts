import { expect, test } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { pageMessages } from '../messaging/page-params.ts';
import type { PageProtocol } from '../messaging/protocol.ts';
import type { MessageServer } from '../messaging/server.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createForgetSoon } from './forget-soon.ts';
import { handlePageMessages, type PageTools } from './page-handlers.ts';

test('every message that a page may send has one handler', () => {
  const handled: string[] = [];
  const server = { handle: (type: string) => handled.push(type) };
  handlePageMessages(server as unknown as MessageServer<PageProtocol>, {} as PageTools);
  expect(handled.sort()).toEqual([...pageMessages].sort());
});

test('erasing everything leaves no address of a page that was to be forgotten soon', async () => {
  const store = createFakeStore();
  const forgetSoon = createForgetSoon({
    store,
    now: () => 0,
    after: () => undefined,
    carryOut: async () => undefined,
    onChange: async () => undefined,
    report: (thrown) => expect.fail(String(thrown)),
  });
  await forgetSoon.forget('https://a.example/bees' as PageKey);
  const left: unknown[] = [];
  const nothing = { drop: async () => undefined };
  const handlers = new Map<string, (params: unknown, sender: object) => Promise<unknown>>();
  const server = {
    handle: (type: string, _from: string, _read: unknown, run: never) => handlers.set(type, run),
  };
  handlePageMessages(
    server as unknown as MessageServer<PageProtocol>,
    {
      queue: nothing,
      tray: nothing,
      fetcher: nothing,
      speed: { clear: async () => undefined },
      selfTest: { clear: async () => undefined },
      forgetSoon,
      askHost: async () => 'receipt',
      rewriteLocal: async () => left.push(await store.get('forget-soon')),
      eraseExports: async () => left.push('no export'),
    } as unknown as PageTools,
  );
  expect(await handlers.get('page-engine:forget')?.({ by: 'everything' }, {})).toBe('receipt');
  expect(left).toEqual(['no export', undefined, 'no export']);
});
