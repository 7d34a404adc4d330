import { createLock } from '../core/lock.ts';
import {
  changeSettings,
  type Pause,
  type PauseChoice,
  readSettings,
  type Settings,
} from '../core/page/settings.ts';
import type { KeyValueStore } from '../platform/storage.ts';

const settingsKey = 'settings';
const pauseKey = 'pause';
const pauseMs = 15 * 60_000;

/** Settings and pause, kept by the browser so that the background may forget them at any time. */
export interface SettingsStore {
  get(): Promise<Settings>;
  /** @throws AppError `bad-request`; then nothing is changed */
  change(change: Partial<Settings>): Promise<Settings>;
  pause(): Promise<Pause>;
  setPause(choice: PauseChoice): Promise<Pause>;
}

function readPause(stored: unknown, now: number): Pause {
  if (typeof stored === 'object' && stored !== null && 'kind' in stored) {
    if (stored.kind === 'for-good' || stored.kind === 'restart') return { kind: stored.kind };
    if (stored.kind === 'until' && 'at' in stored && typeof stored.at === 'number') {
      if (stored.at > now) return { kind: 'until', at: stored.at };
    }
  }
  return { kind: 'none' };
}

export function createSettingsStore(
  local: KeyValueStore,
  session: KeyValueStore,
  now: () => number,
): SettingsStore {
  const lock = createLock();
  const get = async (): Promise<Settings> => readSettings(await local.get(settingsKey));
  const pause = async (): Promise<Pause> => {
    const lasting = readPause(await local.get(pauseKey), now());
    return lasting.kind === 'none' ? readPause(await session.get(pauseKey), now()) : lasting;
  };
  return {
    get,
    change: (change) =>
      lock(async () => {
        const changed = changeSettings(await get(), change);
        await local.set(settingsKey, changed);
        return changed;
      }),
    pause,
    setPause: (choice) =>
      lock(async () => {
        await Promise.all([local.remove([pauseKey]), session.remove([pauseKey])]);
        switch (choice) {
          case '15-minutes':
            await local.set(pauseKey, { kind: 'until', at: now() + pauseMs });
            break;
          case 'until-restart':
            // The session's store is empty after a restart, which is the whole mechanism.
            await session.set(pauseKey, { kind: 'restart' });
            break;
          case 'for-good':
            await local.set(pauseKey, { kind: 'for-good' });
            break;
          case 'none':
        }
        return pause();
      }),
  };
}
