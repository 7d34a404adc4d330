import { AppError, asAppError } from '../core/errors.ts';
import type { RuleSettings } from '../core/page/settings.ts';
import { findRule } from '../core/page/site-rules.ts';
import type { CreateTurnKernel } from '../core/sync/turn.ts';
import type { DeviceId } from '../core/sync/types.ts';
import type { PageSync } from '../engine/page-sync.ts';
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
import type { SyncSetup } from '../engine/sync-ports.ts';
import type { Codec } from './codec.ts';
import { curlForCollection, testConnection } from './connection.ts';
import { changePassphrase } from './crypto.ts';
import { isPassing, reasonOf, remoteError, retryAfterOf } from './errors.ts';
import { metaPoint } from './mirror-meta.ts';
import { OneAtATime, type Running } from './one-at-a-time.ts';
import { pullOnce } from './pull.ts';
import { type Mirror, pushAll } from './push.ts';
import type { QdrantRemote } from './qdrant-remote.ts';
import { takeFound } from './remote-search.ts';
import {
  checkAddress,
  codecOf,
  keysOf,
  readMeta,
  remoteAt,
  type SyncSettings,
  setUp,
} from './set-up.ts';
import { newMirror, replaceMirror, type SyncTask } from './task.ts';

export interface SyncParts {
  readonly pages: PageSync;
  readonly now: () => number;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Resolves after the time, or as soon as the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Whether the connection is counted or saves data, as far as the browser says. */
  readonly isMetered: () => boolean;
  /** How long a search of the mirror may take; left out: some seconds. */
  readonly searchTimeoutMs?: number;
  /** Turns vectors fast; left out: the reference. */
  readonly createTurn?: CreateTurnKernel;
}

const asideShown = 20;
/** A search of the mirror that takes longer is given up; the list is there without it. */
const searchTimeoutMs = 4_000;
const firstPauseMs = 2_000;
const longestPauseMs = 15 * 60_000;
/** Changes that come close together are sent together. */
const gatherMs = 2_000;

/** Growing pauses, each somewhere between half and the whole, so that devices do not march in step. */
export function pauseAfter(failures: number, retryAfterMs: number, random: number): number {
  const whole = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
  return Math.max(retryAfterMs, whole * (0.5 + random / 2));
}

/**
 * Keeps the mirror and this device alike while sync is set up, and sends nothing at all while it is
 * not. It runs in the engine's worker; whatever kills that, the outbox and the cursors say where to
 * go on, and the background's alarm wakes it again.
 */
export class SyncService implements SyncApi {
  readonly #parts: SyncParts;
  #rules: RuleSettings | null = null;
  #phase: SyncPhase = 'idle';
  #problem: SyncStatus['problem'] = null;
  #sent = 0;
  #received = 0;
  #unreadable = 0;
  #left: number | null = null;
  #running: Running | null = null;
  #gathering = false;
  readonly #searchTimeoutMs: number;
  readonly #searches: OneAtATime;
  /** Made from the keys once: the secret rotation takes a moment. */
  #codec: { readonly mirror: string; readonly codec: Codec } | null = null;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    this.#searchTimeoutMs = parts.searchTimeoutMs ?? searchTimeoutMs;
    this.#searches = new OneAtATime(this.#searchTimeoutMs);
  }

  async syncStatus(): Promise<SyncStatus> {
    const { rows } = this.#parts.pages;
    const setup = await rows.setup();
    const settings = setup === null ? null : settingsOf(setup);
    const [pending, asideCount, aside] = await Promise.all([
      rows.pendingCount(),
      rows.asideCount(),
      rows.aside(asideShown),
    ]);
    return {
      phase: this.#phaseOf(settings),
      url: settings?.url ?? null,
      collection: settings?.collection ?? null,
      mode: settings?.mode ?? null,
      avoidsMetered: settings?.avoidsMetered ?? false,
      searchesAll: settings?.searchesAll ?? false,
      pending,
      sent: this.#sent,
      received: this.#received,
      unreadable: this.#unreadable,
      asideCount,
      aside,
      problem: this.#problem,
      left: this.#left,
    };
  }

  #phaseOf(settings: SyncSettings | null): SyncPhase {
    if (settings === null) return 'off';
    if (this.#phase === 'deleting') return 'deleting';
    return settings.isPaused ? 'paused' : this.#phase;
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
    await this.#halt();
    const { dims } = await this.#parts.pages.model();
    const settings = await setUp(request, dims);
    const device = crypto.randomUUID() as DeviceId;
    await this.#parts.pages.rows.join({ device, settings });
    this.#reset();
    this.#start();
    return this.syncStatus();
  }

  async syncWake(rules: RuleSettings): Promise<null> {
    this.#rules = rules;
    if (this.#phase !== 'stopped') this.#start();
    return null;
  }

  /** After a change of the person's own: soon, together with those that follow it. */
  changed(): void {
    if (this.#gathering || this.#phase === 'stopped') return;
    this.#gathering = true;
    void this.#parts.sleep(gatherMs, new AbortController().signal).then(() => {
      this.#gathering = false;
      this.#start();
    });
  }

  async syncControl(action: SyncAction): Promise<SyncStatus> {
    const { rows } = this.#parts.pages;
    switch (action) {
      case 'pause':
        await this.#change({ isPaused: true });
        await this.#halt();
        break;
      case 'resume':
        await this.#change({ isPaused: false });
        this.#start();
        break;
      case 'retry':
        await rows.retryAside();
        await this.#restart();
        break;
      case 'now':
        await this.#restart();
        break;
      case 'avoid-metered':
      case 'use-metered':
        await this.#change({ avoidsMetered: action === 'avoid-metered' });
        await this.#restart();
        break;
      case 'search-all':
      case 'search-here':
        await this.#change({ searchesAll: action === 'search-all' });
        break;
      case 'delete-everything':
        await this.#begin({ kind: 'delete-everything' });
        break;
      case 'leave':
        await this.#halt();
        await rows.leave();
        this.#reset();
        break;
    }
    return this.syncStatus();
  }

  async syncChangePassphrase({ from, to }: { from: string; to: string }): Promise<null> {
    const settings = await this.#settings();
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
    const { mode } = await this.#joined();
    if (mode === 'plain' || passphrase === '') {
      throw new AppError('bad-request', 'A plain mirror has no keys; an encrypted one needs some.');
    }
    await this.#begin(await newMirror(mode, passphrase));
    return this.syncStatus();
  }

  async syncRejoin({ passphrase }: { passphrase: string }): Promise<SyncStatus> {
    const settings = await this.#joined();
    const meta = await readMeta(remoteAt(settings));
    if (meta === null) {
      await this.#begin(await newMirror(settings.mode, passphrase));
      return this.syncStatus();
    }
    const { mode, mirror } = meta;
    // What was encrypted is never sent in the clear because another device went over to that.
    const keys = await keysOf(meta, { mode: settings.mode, passphrase });
    await this.#halt();
    await this.#parts.pages.rows.sendAnew({ ...settings, mode, mirror, keys, task: null });
    await this.#restart();
    return this.syncStatus();
  }

  async syncSearch({ query }: { query: string }): Promise<SyncSearchResult> {
    const settings = await this.#settings();
    if (settings === null || !this.#mayAsk(settings)) return { state: 'off' };
    return this.#searches.ask((signal) => this.#takeFound(settings, query, signal));
  }

  #mayAsk({ searchesAll, isPaused, task, avoidsMetered }: SyncSettings): boolean {
    if (!searchesAll || isPaused || task !== null || this.#rules === null) return false;
    return this.#phase !== 'stopped' && !(avoidsMetered && this.#parts.isMetered());
  }

  async #takeFound(settings: SyncSettings, query: string, signal: AbortSignal): Promise<number> {
    const embedding = await this.#parts.pages.embedQuery(query);
    if (embedding === null) return 0;
    const mirror = await this.#mirror(settings, remoteAt(settings, this.#searchTimeoutMs));
    signal.throwIfAborted();
    return takeFound(mirror, embedding, signal);
  }

  async #joined(): Promise<SyncSettings> {
    const settings = await this.#settings();
    if (settings === null) throw new AppError('bad-request', 'Sync is not set up');
    return settings;
  }

  async #settings(): Promise<SyncSettings | null> {
    const setup = await this.#parts.pages.rows.setup();
    return setup === null ? null : settingsOf(setup);
  }

  async #change(change: Partial<SyncSettings>): Promise<void> {
    await this.#parts.pages.rows.changeSettings({ ...(await this.#joined()), ...change });
  }

  #reset(): void {
    this.#phase = 'idle';
    this.#problem = null;
    this.#sent = 0;
    this.#received = 0;
    this.#unreadable = 0;
    this.#left = null;
    this.#codec = null;
  }

  /** Ends the run and what is asked, and waits until they have. */
  async #halt(): Promise<void> {
    const running = this.#running;
    running?.stop.abort();
    await Promise.all([running?.done, this.#searches.halt()]);
  }

  /** Begins what a person asked for. Answers at once; the status counts down. */
  async #begin(task: SyncTask): Promise<void> {
    await this.#halt();
    const left = await remoteAt(await this.#joined()).count();
    await this.#change({ task, isPaused: false });
    this.#left = left;
    this.#problem = null;
    this.#phase = 'deleting';
    this.#start();
  }

  async #restart(): Promise<void> {
    await this.#halt();
    this.#problem = null;
    this.#start();
  }

  #start(): void {
    if (this.#running !== null || this.#rules === null) return;
    const stop = new AbortController();
    const done = this.#run(stop.signal).finally(() => {
      this.#running = null;
    });
    this.#running = { stop, done };
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        this.#phase = await this.#once(signal, () => {
          failures = 0;
        });
        this.#problem = null;
        return;
      } catch (thrown) {
        if (signal.aborted) {
          this.#phase = 'idle';
          return;
        }
        const error = asAppError(thrown);
        const reason = reasonOf(error) ?? error.code;
        const { message } = error;
        if (!isPassing(error)) {
          this.#phase = 'stopped';
          this.#problem = { reason, message, retryAt: null };
          return;
        }
        const ms = pauseAfter(Math.max(1, failures), retryAfterOf(error), this.#parts.random());
        this.#phase = 'waiting';
        this.#problem = { reason, message, retryAt: this.#parts.now() + ms };
        await this.#parts.sleep(ms, signal);
      }
    }
  }

  /** Receives and sends until nothing is left; says what phase comes of it. */
  async #once(signal: AbortSignal, onProgress: () => void): Promise<SyncPhase> {
    const setup = await this.#parts.pages.rows.setup();
    if (setup === null) return 'idle';
    const settings = settingsOf(setup);
    const remote = remoteAt(settings);
    if (settings.task) {
      await this.#doTask(settings, settings.task, remote, signal);
      return this.#once(signal, onProgress);
    }
    if (settings.isPaused) return 'idle';
    if (settings.avoidsMetered && this.#parts.isMetered()) return 'metered';
    this.#phase = 'working';
    const meta = await readMeta(remote);
    if (meta?.mirror !== settings.mirror) {
      throw mirrorGone();
    }
    const mirror = await this.#mirror(settings, remote);
    signal.throwIfAborted();
    const { received, unreadable } = await pullOnce(mirror, signal);
    this.#received += received;
    this.#unreadable += unreadable.length;
    const onSent = (sent: number) => {
      this.#sent += sent;
      this.#problem = null;
      onProgress();
    };
    await pushAll(mirror, onSent, signal);
    return 'idle';
  }

  async #mirror(settings: SyncSettings, remote: QdrantRemote): Promise<Mirror> {
    const { pages, now, createTurn } = this.#parts;
    const { id, dims } = await pages.model();
    if (this.#codec?.mirror !== settings.mirror) {
      this.#codec = { mirror: settings.mirror, codec: await codecOf(settings, dims, createTurn) };
    }
    return {
      store: pages,
      remote,
      codec: this.#codec.codec,
      embed: (content) => pages.embed(content),
      model: id,
      now,
      isExcluded: (url) =>
        this.#rules === null || findRule(url, this.#rules)?.rule.action === 'never',
    };
  }

  async #doTask(
    settings: SyncSettings,
    task: SyncTask,
    remote: QdrantRemote,
    signal: AbortSignal,
  ): Promise<void> {
    const { rows } = this.#parts.pages;
    this.#phase = 'deleting';
    const onLeft = (left: number) => {
      this.#left = left;
      signal.throwIfAborted();
    };
    if (task.kind === 'delete-everything') {
      await remote.deleteEverything(onLeft);
      const left = await remote.count();
      await rows.leave();
      this.#reset();
      this.#left = left;
      return;
    }
    const meta = await readMeta(remote);
    if (meta !== null && meta.mirror !== settings.mirror && meta.mirror !== task.mirror) {
      await this.#change({ task: null });
      throw mirrorGone();
    }
    await replaceMirror(remote, task, onLeft);
    const { mode, mirror, keys } = task;
    await rows.sendAnew({ ...settings, mode, mirror, keys, task: null });
    this.#left = null;
  }
}

function mirrorGone(): AppError {
  return remoteError('mirror-gone', 'The mirror was emptied or made anew by another device.');
}

/** The setup row is our own; nothing else writes it. */
function settingsOf(setup: SyncSetup): SyncSettings {
  return setup.settings as SyncSettings;
}
