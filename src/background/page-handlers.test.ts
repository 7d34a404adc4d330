import { expect, test } from 'vitest';
import { pageMessages } from '../messaging/page-params.ts';
import type { PageProtocol } from '../messaging/protocol.ts';
import type { MessageServer } from '../messaging/server.ts';
import { handlePageMessages, type PageTools } from './page-handlers.ts';

test('every message that a page may send has one handler', () => {
  const handled: string[] = [];
  const server = { handle: (type: string) => handled.push(type) };
  handlePageMessages(server as unknown as MessageServer<PageProtocol>, {} as PageTools);
  expect(handled.sort()).toEqual([...pageMessages].sort());
});
