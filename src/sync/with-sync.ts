import { AppError } from '../core/errors.ts';
import type { CreateTurnKernel } from '../core/sync/turn.ts';
import type { EngineApi } from '../engine/api.ts';
import type { Engine } from '../engine/engine.ts';
import type { SyncApi } from '../engine/sync-api.ts';
import { SyncService } from './sync-service.ts';

/** The part of `navigator.connection` that some browsers have. */
interface Connection {
  readonly saveData?: boolean;
  readonly type?: string;
}

function isMetered(): boolean {
  const { connection } = navigator as { connection?: Connection };
  return connection?.saveData === true || connection?.type === 'cellular';
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * The engine with sync beside it, as the worker offers them.
 *
 * @param createEngine makes the engine, which calls `onChanged` after each change of the person's
 * @param createTurns gets what to tell when a fast loop gave up
 */
export function withSync(
  createEngine: (onChanged: () => void) => Engine,
  createTurns: (onFallback: (message: string) => void) => CreateTurnKernel,
): EngineApi & SyncApi {
  const engine = createEngine(() => sync.changed());
  if (engine.sync === null) {
    throw new AppError('internal', 'The engine was made without the rows of sync');
  }
  const sync = new SyncService({
    pages: engine.sync,
    now: () => Date.now(),
    random: () => Math.random(),
    sleep,
    isMetered,
    createTurn: createTurns((message) => engine.noteFallback(message)),
  });
  return Object.assign(engine, {
    syncStatus: () => sync.syncStatus(),
    syncTest: sync.syncTest.bind(sync),
    syncSetUp: sync.syncSetUp.bind(sync),
    syncWake: sync.syncWake.bind(sync),
    syncControl: sync.syncControl.bind(sync),
    syncSearch: sync.syncSearch.bind(sync),
    syncNewKeys: sync.syncNewKeys.bind(sync),
    syncRejoin: sync.syncRejoin.bind(sync),
    syncChangePassphrase: sync.syncChangePassphrase.bind(sync),
  });
}
