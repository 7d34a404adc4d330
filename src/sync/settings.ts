import { AppError } from '../core/errors.ts';
import type { SyncMode } from '../engine/sync-api.ts';
import type { SyncRows } from '../engine/sync-ports.ts';
import type { MirrorKeys } from './crypto.ts';
import type { SyncTask } from './task.ts';

/** What a device keeps of its sync, in the store's setup row. Keys cannot be exported from it. */
export interface SyncSettings {
  readonly url: string;
  readonly apiKey: string;
  readonly collection: string;
  readonly mode: SyncMode;
  readonly mirror: string;
  /** Null in plain mode. */
  readonly keys: MirrorKeys | null;
  readonly isPaused: boolean;
  readonly avoidsMetered: boolean;
  readonly searchesAll: boolean;
  /** Done before anything else; null when there is none. */
  readonly task: SyncTask | null;
}

/** What is not asked for when sync is set up. */
export const atFirst = { isPaused: false, avoidsMetered: false, searchesAll: false, task: null };

/** The setup row is our own; what an older version did not know of is as at first. */
function settingsOf(stored: unknown): SyncSettings {
  return { ...atFirst, ...(stored as SyncSettings) };
}

/** Null while sync is not set up. */
export async function readSettings(rows: SyncRows): Promise<SyncSettings | null> {
  const setup = await rows.setup();
  return setup === null ? null : settingsOf(setup.settings);
}

/** @throws AppError `bad-request` while sync is not set up */
export async function requireSettings(rows: SyncRows): Promise<SyncSettings> {
  const settings = await readSettings(rows);
  if (settings === null) throw new AppError('bad-request', 'Sync is not set up');
  return settings;
}

/** Changes some settings and keeps the others as they are when it is written. */
export function withChange(change: Partial<SyncSettings>): (stored: unknown) => SyncSettings {
  return (stored) => ({ ...settingsOf(stored), ...change });
}
