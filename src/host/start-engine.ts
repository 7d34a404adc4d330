import { releaseProxy, wrap } from 'comlink';
import { AppError } from '../core/errors.ts';
import { installErrorTransfer } from '../engine/error-transfer.ts';
import { extensionUrl } from '../platform/runtime.ts';
import type { EngineLink, WorkerApi } from './engine-holder.ts';

const methods = [
  'open',
  'status',
  'likeness',
  'readPage',
  'search',
  'findSimilar',
  'recentPages',
  'pageByKey',
  'storedPage',
  'visits',
  'readingMap',
  'exportPages',
  'importPages',
  'setPinned',
  'forget',
  'maintain',
  'modelStatus',
  'useModel',
  'controlModelChange',
  'syncStatus',
  'syncTest',
  'syncSetUp',
  'syncWake',
  'syncControl',
  'syncSearch',
  'syncNewKeys',
  'syncRejoin',
  'syncChangePassphrase',
  'close',
] as const satisfies readonly (keyof WorkerApi)[];

/** Starts the engine's worker. Each call settles: with its result, or with why the worker stopped. */
export function startEngine(): EngineLink {
  installErrorTransfer();
  const worker = new Worker(extensionUrl('/engine.js'), { name: 'engine' });
  const remote = wrap<WorkerApi>(worker);
  let end: (error: AppError) => void = () => undefined;
  const gone = new Promise<AppError>((resolve) => {
    end = resolve;
  });
  const stop = (error: AppError): void => {
    worker.terminate();
    end(error);
  };
  worker.addEventListener('error', (event) =>
    stop(new AppError('engine-gone', `The engine stopped: ${event.message || 'no reason given'}`)),
  );
  worker.addEventListener('messageerror', () =>
    stop(new AppError('engine-gone', 'The engine sent what cannot be read')),
  );
  const stopped = gone.then((error) => {
    throw error;
  });
  stopped.catch(() => undefined);
  const guarded = methods.map((name) => {
    const method = remote[name] as (...args: readonly unknown[]) => Promise<unknown>;
    return [name, (...args: readonly unknown[]) => Promise.race([method(...args), stopped])];
  });
  return {
    engine: Object.fromEntries(guarded) as WorkerApi,
    gone: gone.then(() => undefined),
    close() {
      stop(new AppError('engine-gone', 'The engine was closed'));
      remote[releaseProxy]();
    },
  };
}
