import { releaseProxy, wrap } from 'comlink';
import { AppError } from '../core/errors.ts';
import { installErrorTransfer } from '../engine/error-transfer.ts';
import { extensionUrl } from '../platform/runtime.ts';
import type { EngineLink, WorkerApi } from './engine-holder.ts';

/** Every method of the worker: one that is left out does not compile. */
const isMethod: Readonly<Record<keyof WorkerApi, true>> = {
  open: true,
  status: true,
  likeness: true,
  readPage: true,
  search: true,
  findSimilar: true,
  morePassages: true,
  recentPages: true,
  pageByKey: true,
  storedPage: true,
  visits: true,
  readingMap: true,
  growth: true,
  exportPages: true,
  importPages: true,
  setPinned: true,
  forget: true,
  maintain: true,
  modelStatus: true,
  useModel: true,
  controlModelChange: true,
  syncStatus: true,
  syncTest: true,
  syncSetUp: true,
  syncWake: true,
  syncControl: true,
  syncSearch: true,
  syncNewKeys: true,
  syncRejoin: true,
  syncChangePassphrase: true,
  close: true,
};
const methods = Object.keys(isMethod) as (keyof WorkerApi)[];

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
