import { AppError, asAppError } from '../core/errors.ts';
import { createLock } from '../core/lock.ts';
import type { RuleSettings } from '../core/page/settings.ts';
import type { DeviceId } from '../core/sync/types.ts';
import type {
  SyncAction,
  SyncAddress,
  SyncApi,
  SyncPhase,
  SyncSearchResult,
  SyncSetUpRequest,
  SyncStatus,
  SyncTestResult,
} from '../engine/sync-api.ts';
import type { SyncRows } from '../engine/sync-ports.ts';
import { curlForCollection, testConnection } from './connection.ts';
import { changePassphrase } from './crypto.ts';
import { metaPoint } from './mirror-meta.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { takeFound } from './remote-search.ts';
import { checkAddress, keysOf, readMeta, remoteAt, setUp } from './set-up.ts';
import { readSettings, requireSettings, type SyncSettings, withChange } from './settings.ts';
import { type SyncParts, SyncRun } from './sync-run.ts';
import { newMirror, type SyncTask } from './task.ts';

const asideShown = 20;
/** A search of the mirror that takes longer is given up; the list is there without it. */
const searchTimeoutMs = 4_000;
/** Changes that come close together are sent together. */
const gatherMs = 2_000;

/**
 * Keeps the mirror and this device alike while sync is set up, and sends nothing at all while it is
 * not. It runs in the engine's worker; whatever kills that, the outbox and the cursors say where to
 * go on, and the background's alarm wakes it again.
 */
export class SyncService implements SyncApi {
  readonly #parts: SyncParts;
  readonly #rows: SyncRows;
  readonly #run: SyncRun;
  readonly #searchTimeoutMs: number;
  readonly #searches: OneAtATime;
  /** What the person asks for comes one after the other. */
  readonly #lock = createLock();
  #gathering = false;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    this.#rows = parts.pages.rows;
    this.#run = new SyncRun(parts);
    this.#searchTimeoutMs = parts.searchTimeoutMs ?? searchTimeoutMs;
    this.#searches = new OneAtATime(this.#searchTimeoutMs);
  }

  async syncStatus(): Promise<SyncStatus> {
    const rows = this.#rows;
    const settings = await readSettings(rows);
    const [pending, asideCount, aside] = await Promise.all([
      rows.pendingCount(),
      rows.asideCount(),
      rows.aside(asideShown),
    ]);
    return {
      ...this.#run.progress,
      phase: this.#phaseOf(settings),
      url: settings?.url ?? null,
      collection: settings?.collection ?? null,
      mode: settings?.mode ?? null,
      avoidsMetered: settings?.avoidsMetered ?? false,
      searchesAll: settings?.searchesAll ?? false,
      pending,
      asideCount,
      aside,
    };
  }

  #phaseOf(settings: SyncSettings | null): SyncPhase {
    const { phase } = this.#run.progress;
    if (settings === null) return 'off';
    return settings.isPaused && phase !== 'deleting' ? 'paused' : phase;
  }

  async syncTest(address: SyncAddress): Promise<SyncTestResult> {
    try {
      checkAddress(address);
      const { dims } = await this.#parts.pages.model();
      const { url, apiKey, collection } = address;
      const found = await testConnection({ url, apiKey, collection }, dims);
      if (!found.ok) return found;
      const { version, hasCollection } = found;
      if (!hasCollection) {
        return { ok: true, version, mode: null, curl: curlForCollection(url, collection, dims) };
      }
      const meta = await readMeta(remoteAt(address));
      return { ok: true, version, mode: meta?.mode ?? null, curl: null };
    } catch (thrown) {
      const { message, details } = asAppError(thrown);
      return { ok: false, reason: String(details.reason ?? 'internal'), message };
    }
  }

  async syncSetUp(request: SyncSetUpRequest): Promise<SyncStatus> {
    await this.#inPeace(async () => {
      const { dims } = await this.#parts.pages.model();
      const settings = await setUp(request, dims);
      await this.#rows.join({ device: crypto.randomUUID() as DeviceId, settings });
      this.#run.reset();
    });
    return this.syncStatus();
  }

  async syncWake(rules: RuleSettings): Promise<null> {
    this.#run.obey(rules);
    this.#run.wake();
    return null;
  }

  /** After a change of the person's own: soon, together with those that follow it. */
  changed(): void {
    if (this.#gathering || this.#run.progress.phase === 'stopped') return;
    this.#gathering = true;
    void this.#parts.sleep(gatherMs, new AbortController().signal).then(() => {
      this.#gathering = false;
      this.#run.wake();
    });
  }

  async syncControl(action: SyncAction): Promise<SyncStatus> {
    switch (action) {
      case 'search-all':
      case 'search-here':
        await this.#change({ searchesAll: action === 'search-all' });
        break;
      case 'pause':
        await this.#inPeace(() => this.#change({ isPaused: true }));
        break;
      case 'resume':
        await this.#again(() => this.#change({ isPaused: false }));
        break;
      case 'retry':
        await this.#again(() => this.#rows.retryAside());
        break;
      case 'now':
        await this.#again(() => undefined);
        break;
      case 'avoid-metered':
      case 'use-metered':
        await this.#again(() => this.#change({ avoidsMetered: action === 'avoid-metered' }));
        break;
      case 'delete-everything':
        await this.#inPeace(() => this.#begin({ kind: 'delete-everything' }));
        break;
      case 'leave':
        await this.#inPeace(async () => {
          await this.#rows.leave();
          this.#run.reset();
        });
        break;
    }
    return this.syncStatus();
  }

  async syncChangePassphrase({ from, to }: { from: string; to: string }): Promise<null> {
    const settings = await readSettings(this.#rows);
    const remote = settings === null ? null : remoteAt(settings);
    const meta = remote === null ? null : await readMeta(remote);
    if (remote === null || meta === null || meta.box === null || to === '') {
      throw new AppError(
        'bad-request',
        'There is no passphrase to change, or the new one is empty.',
      );
    }
    const box = await changePassphrase(meta.box, from, to);
    await remote.write([{ kind: 'upsert', points: [metaPoint({ ...meta, box })] }]);
    return null;
  }

  async syncNewKeys({ passphrase }: { passphrase: string }): Promise<SyncStatus> {
    await this.#inPeace(async () => {
      const { mode } = await requireSettings(this.#rows);
      if (mode === 'plain' || passphrase === '') {
        throw new AppError(
          'bad-request',
          'A plain mirror has no keys; an encrypted one needs some.',
        );
      }
      await this.#begin(await newMirror(mode, passphrase));
    });
    return this.syncStatus();
  }

  async syncRejoin({ passphrase }: { passphrase: string }): Promise<SyncStatus> {
    await this.#inPeace(async () => {
      const settings = await requireSettings(this.#rows);
      const meta = await readMeta(remoteAt(settings));
      if (meta === null) return this.#begin(await newMirror(settings.mode, passphrase));
      // What was encrypted is never sent in the clear because another device went over to that.
      const keys = await keysOf(meta, { mode: settings.mode, passphrase });
      await this.#rows.sendAnew(withChange({ mirror: meta.mirror, keys, task: null }));
      this.#run.clearProblem();
    });
    return this.syncStatus();
  }

  async syncSearch({ query }: { query: string }): Promise<SyncSearchResult> {
    const settings = await readSettings(this.#rows);
    if (settings === null || !this.#mayAsk(settings)) return { state: 'off' };
    return this.#searches.ask((signal) => this.#takeFound(settings, query, signal));
  }

  #mayAsk({ searchesAll, isPaused, task, avoidsMetered }: SyncSettings): boolean {
    if (!searchesAll || isPaused || task !== null || !this.#run.isOpen) return false;
    return !(avoidsMetered && this.#parts.isMetered());
  }

  async #takeFound(settings: SyncSettings, query: string, signal: AbortSignal): Promise<number> {
    const embedding = await this.#parts.pages.embedQuery(query);
    if (embedding === null) return 0;
    const mirror = await this.#run.mirror(settings, remoteAt(settings, this.#searchTimeoutMs));
    signal.throwIfAborted();
    return takeFound(mirror, embedding, signal);
  }

  #change(change: Partial<SyncSettings>): Promise<void> {
    return this.#rows.changeSettings(withChange(change));
  }

  /** Works while nothing is sent, received or asked; then sync goes on with what came of it. */
  #inPeace(work: () => void | Promise<void>): Promise<void> {
    return this.#lock(async () => {
      try {
        await Promise.all([this.#run.hold(), this.#searches.halt()]);
        await work();
      } finally {
        this.#run.release();
      }
    });
  }

  /** The same, after which it begins also where it had stopped. */
  #again(work: () => void | Promise<void>): Promise<void> {
    return this.#inPeace(async () => {
      await work();
      this.#run.clearProblem();
    });
  }

  /** Makes the next thing what a person asked for, which answers at once: the status counts down. */
  async #begin(task: SyncTask): Promise<void> {
    const left = await remoteAt(await requireSettings(this.#rows)).count();
    await this.#change({ task, isPaused: false });
    this.#run.expectTask(left);
  }
}
