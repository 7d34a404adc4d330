import { AppError } from '../core/errors.ts';
import type { EngineApi } from '../engine/api.ts';
import type { SyncApi } from '../engine/sync-api.ts';

/** What the worker offers: the engine, and sync beside it. */
export type WorkerApi = EngineApi & SyncApi;

/** A running engine: its methods, each of which settles, and a way to end it. */
export interface EngineLink {
  readonly engine: WorkerApi;
  /** Resolves when the worker has stopped, for whatever reason. */
  readonly gone: Promise<void>;
  close(): void;
}

/**
 * Keeps one engine running. A call starts it when it is not there; one that stopped is started anew
 * by the next call, and the calls it left open have been settled by its link.
 */
export interface EngineHolder {
  /** @throws AppError `engine-failed` and the engine's own codes when it cannot open */
  use<T>(task: (engine: WorkerApi) => Promise<T>): Promise<T>;
  /** The engine without waiting for it to open, for its status. */
  peek<T>(task: (engine: WorkerApi) => Promise<T>): Promise<T>;
}

/** After a failed start the next call that comes sooner than this gets the same error. */
const restMs = 3000;

export function createEngineHolder(start: () => EngineLink, now: () => number): EngineHolder {
  let link: EngineLink | null = null;
  let opening: Promise<unknown> | null = null;
  let failure: { readonly error: unknown; readonly at: number } | null = null;

  function ensureLink(): EngineLink {
    if (link !== null) return link;
    const started = start();
    link = started;
    const forget = () => {
      if (link !== started) return;
      link = null;
      opening = null;
    };
    started.gone.then(forget, forget);
    return started;
  }

  async function ensureOpen(): Promise<WorkerApi> {
    if (failure !== null && now() - failure.at < restMs) throw failure.error;
    const { engine, close } = ensureLink();
    opening ??= engine.open();
    const mine = opening;
    try {
      await mine;
      failure = null;
      return engine;
    } catch (error) {
      if (opening === mine) {
        opening = null;
        link = null;
        failure = { error, at: now() };
        close();
      }
      throw error;
    }
  }

  return {
    async use(task) {
      const engine = await ensureOpen();
      try {
        return await task(engine);
      } catch (thrown) {
        // The worker stopped under the call; the work may be repeated on a fresh one.
        if (!(thrown instanceof AppError) || thrown.code !== 'engine-gone') throw thrown;
        return task(await ensureOpen());
      }
    },
    async peek(task) {
      ensureOpen().catch(() => undefined);
      if (failure !== null && link === null) throw failure.error;
      return task(ensureLink().engine);
    },
  };
}
