import { toWireError } from '../core/errors.ts';
import type { EngineStatus } from '../engine/api.ts';
import type { HostProtocol } from '../messaging/host-protocol.ts';
import { readPageParams } from '../messaging/page-params.ts';
import { createServer, type MessageServer } from '../messaging/server.ts';
import type { EngineHolder } from './engine-holder.ts';
import { createPageFetcher } from './fetch-page.ts';
import { lookAtPage } from './page-now.ts';
import type { PdfIntake } from './pdf/pdf-intake.ts';
import { readPage } from './read-page.ts';

/** The host's own messages come from the background, which has checked what is in them. */
const asGiven = <T>(params: unknown): T => params as T;

function failedStatus(thrown: unknown): EngineStatus {
  return {
    state: 'failed',
    error: toWireError(thrown),
    pageCount: 0,
    passageCount: 0,
    sizeBytes: {},
    repaired: { segments: 0, pages: 0 },
    fallbacks: 0,
    model: null,
    jobs: [],
  };
}

/** The host: takes pages apart and keeps the engine. Answers the background only. */
export function createHost(
  holder: EngineHolder,
  parser: DOMParser,
  pdfs: PdfIntake,
): MessageServer<HostProtocol> {
  const server = createServer<HostProtocol>('host');
  const fetchPage = createPageFetcher({
    fetch: (url, init) => fetch(url, init),
    parser,
    pdfs,
    now: () => Date.now(),
  });
  const handle = <M extends keyof HostProtocol & string>(
    type: M,
    read: (params: unknown) => HostProtocol[M]['params'],
    run: (params: HostProtocol[M]['params']) => Promise<HostProtocol[M]['result']>,
  ): void => server.handle(type, 'extension', read, (params) => run(params));

  handle('background-host:read-page', asGiven, (job) =>
    holder.use((engine) => readPage(job, engine, parser)),
  );
  handle('background-host:fetch-page', asGiven, ({ url, withCookies }) =>
    fetchPage(url, withCookies),
  );
  handle('background-host:page-now', asGiven, ({ url }) => lookAtPage(url, fetchPage, parser));
  handle('background-host:open-pdf', asGiven, async ({ tabId, lengthBytes, fileUrl }) => ({
    transfer: pdfs.open(tabId, lengthBytes, fileUrl),
  }));
  handle('background-host:pdf-piece', asGiven, async ({ transfer, tabId, index, data }) => {
    pdfs.accept(transfer, tabId, index, data);
    return null;
  });
  handle('background-host:read-pdf', asGiven, ({ transfer, tabId }) =>
    pdfs.readSlice(transfer, tabId),
  );
  handle('background-host:maintain', asGiven, ({ retention }) =>
    holder.use((engine) => engine.maintain(retention)),
  );

  handle('background-host:wake-sync', asGiven, (rules) =>
    holder.use((engine) => engine.syncWake(rules)),
  );
  handle('page-sync:status', readPageParams('page-sync:status'), () =>
    holder.use((engine) => engine.syncStatus()),
  );
  handle('page-sync:test', readPageParams('page-sync:test'), (address) =>
    holder.use((engine) => engine.syncTest(address)),
  );
  handle('page-sync:set-up', readPageParams('page-sync:set-up'), (request) =>
    holder.use((engine) => engine.syncSetUp(request)),
  );
  handle('page-sync:control', readPageParams('page-sync:control'), ({ action }) =>
    holder.use((engine) => engine.syncControl(action)),
  );
  handle('page-sync:search', readPageParams('page-sync:search'), (request) =>
    holder.use((engine) => engine.syncSearch(request)),
  );
  handle('page-sync:new-keys', readPageParams('page-sync:new-keys'), (request) =>
    holder.use((engine) => engine.syncNewKeys(request)),
  );
  handle('page-sync:rejoin', readPageParams('page-sync:rejoin'), (request) =>
    holder.use((engine) => engine.syncRejoin(request)),
  );
  handle('page-sync:change-passphrase', readPageParams('page-sync:change-passphrase'), (change) =>
    holder.use((engine) => engine.syncChangePassphrase(change)),
  );

  handle('page-engine:search', readPageParams('page-engine:search'), (request) =>
    holder.use((engine) => engine.search(request)),
  );
  handle('page-engine:find-similar', readPageParams('page-engine:find-similar'), (request) =>
    holder.use((engine) => engine.findSimilar(request)),
  );
  handle('page-engine:more-passages', readPageParams('page-engine:more-passages'), (request) =>
    holder.use((engine) => engine.morePassages(request)),
  );
  handle('page-engine:recent-pages', readPageParams('page-engine:recent-pages'), (request) =>
    holder.use((engine) => engine.recentPages(request)),
  );
  handle('page-engine:page-by-key', readPageParams('page-engine:page-by-key'), ({ key }) =>
    holder.use((engine) => engine.pageByKey(key)),
  );
  handle('page-engine:stored-page', readPageParams('page-engine:stored-page'), ({ id }) =>
    holder.use((engine) => engine.storedPage(id)),
  );
  handle('page-engine:visits', readPageParams('page-engine:visits'), (request) =>
    holder.use((engine) => engine.visits(request)),
  );
  handle('page-engine:reading-map', readPageParams('page-engine:reading-map'), (request) =>
    holder.use((engine) => engine.readingMap(request)),
  );
  handle('page-engine:growth', readPageParams('page-engine:growth'), () =>
    holder.use((engine) => engine.growth()),
  );
  handle('page-engine:export-pages', readPageParams('page-engine:export-pages'), (request) =>
    holder.use((engine) => engine.exportPages(request)),
  );
  handle('page-engine:import-pages', readPageParams('page-engine:import-pages'), (request) =>
    holder.use((engine) => engine.importPages(request)),
  );
  handle('page-engine:set-pinned', readPageParams('page-engine:set-pinned'), async (request) => {
    await holder.use((engine) => engine.setPinned(request.id, request.isPinned));
    return null;
  });
  handle('page-engine:forget', readPageParams('page-engine:forget'), async (selection) => {
    const receipt = await holder.use((engine) => engine.forget(selection));
    // The bytes leave the disk at once where that is quick; what is left over, idle work does.
    void holder.use((engine) => engine.maintain({ by: 'forever' })).catch(() => undefined);
    return receipt;
  });
  handle('page-engine:model', readPageParams('page-engine:model'), () =>
    holder.use((engine) => engine.modelStatus()),
  );
  handle('page-engine:use-model', readPageParams('page-engine:use-model'), ({ id }) =>
    holder.use((engine) => engine.useModel(id)),
  );
  handle('page-engine:change-model', readPageParams('page-engine:change-model'), ({ action }) =>
    holder.use((engine) => engine.controlModelChange(action)),
  );
  handle('page-engine:status', readPageParams('page-engine:status'), async () => {
    try {
      return await holder.peek((engine) => engine.status());
    } catch (thrown) {
      return failedStatus(thrown);
    }
  });
  return server;
}
