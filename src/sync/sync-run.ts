import { asAppError } from '../core/errors.ts';
import type { RuleSettings } from '../core/page/settings.ts';
import { findRule } from '../core/page/site-rules.ts';
import type { CreateTurnKernel } from '../core/sync/turn.ts';
import type { PageSync } from '../engine/page-sync.ts';
import type { SyncPhase, SyncStatus } from '../engine/sync-api.ts';
import type { Codec } from './codec.ts';
import { isPassing, mirrorGone, reasonOf, retryAfterOf } from './errors.ts';
import type { Running } from './one-at-a-time.ts';
import { pullOnce } from './pull.ts';
import { type Mirror, pushAll } from './push.ts';
import type { QdrantRemote } from './qdrant-remote.ts';
import { codecOf, readMeta, remoteAt } from './set-up.ts';
import { readSettings, type SyncSettings, withChange } from './settings.ts';
import { replaceMirror, type SyncTask } from './task.ts';

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

const firstPauseMs = 2_000;
const longestPauseMs = 15 * 60_000;

/** Growing pauses, each somewhere between half and the whole, so that devices do not march in step. */
export function pauseAfter(failures: number, retryAfterMs: number, random: number): number {
  const whole = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
  return Math.max(retryAfterMs, whole * (0.5 + random / 2));
}

/** How far sync is since the engine started. */
export type Progress = Pick<
  SyncStatus,
  'phase' | 'problem' | 'sent' | 'received' | 'unreadable' | 'left'
>;

const noProgress: Progress = {
  phase: 'idle',
  problem: null,
  sent: 0,
  received: 0,
  unreadable: 0,
  left: null,
};

/**
 * What goes on between this device and the mirror, until nothing is left to send and to receive:
 *
 *     idle ──wake──▶ working ──▶ idle, metered
 *                      │ ▲
 *        may pass: waiting └── after a pause        otherwise: stopped, until the person says so
 *
 * A task comes before all of it, as `deleting`.
 */
export class SyncRun {
  readonly #parts: SyncParts;
  #rules: RuleSettings | null = null;
  #progress = noProgress;
  #running: Running | null = null;
  #isHeld = false;
  /** Made from the keys once: the secret rotation takes a moment. */
  #codec: { readonly mirror: string; readonly codec: Codec } | null = null;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Whether the mirror may be asked beside the run. Nothing may before the rules are known. */
  get isOpen(): boolean {
    return this.#rules !== null && !this.#isHeld && this.#progress.phase !== 'stopped';
  }

  /** @param rules what may be sent and taken in from now on */
  obey(rules: RuleSettings): void {
    this.#rules = rules;
  }

  /** Begins unless it goes on already or waits for the person. */
  wake(): void {
    if (!this.isOpen || this.#running !== null) return;
    const stop = new AbortController();
    const done = this.#run(stop.signal).finally(() => {
      this.#running = null;
    });
    this.#running = { stop, done };
  }

  /** Ends what goes on. Nothing begins before the release, whoever wakes it. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    this.#running?.stop.abort();
    await this.#running?.done;
  }

  release(): void {
    this.#isHeld = false;
    this.wake();
  }

  /** The person has settled what it stopped at, or wants it tried once more. */
  clearProblem(): void {
    this.#note({ phase: 'idle', problem: null });
  }

  /** A task is next, with so many points to delete. */
  expectTask(left: number): void {
    this.#note({ phase: 'deleting', problem: null, left });
  }

  /** As if nothing had gone on yet. */
  reset(): void {
    this.#progress = noProgress;
    this.#codec = null;
  }

  /** What the use cases of the mirror need. */
  async mirror(settings: SyncSettings, remote: QdrantRemote): Promise<Mirror> {
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

  #note(part: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...part };
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        const phase = await this.#once(signal, () => {
          failures = 0;
        });
        this.#note({ phase, problem: null });
        return;
      } catch (thrown) {
        if (signal.aborted) {
          this.#note({ phase: 'idle' });
          return;
        }
        const error = asAppError(thrown);
        const reason = reasonOf(error) ?? error.code;
        const { message } = error;
        if (!isPassing(error)) {
          this.#note({ phase: 'stopped', problem: { reason, message, retryAt: null } });
          return;
        }
        const ms = pauseAfter(Math.max(1, failures), retryAfterOf(error), this.#parts.random());
        const retryAt = this.#parts.now() + ms;
        this.#note({ phase: 'waiting', problem: { reason, message, retryAt } });
        await this.#parts.sleep(ms, signal);
      }
    }
  }

  /** Receives and sends until nothing is left; says what phase comes of it. */
  async #once(signal: AbortSignal, onProgress: () => void): Promise<SyncPhase> {
    const settings = await readSettings(this.#parts.pages.rows);
    if (settings === null) return 'idle';
    const remote = remoteAt(settings);
    if (settings.task !== null) {
      await this.#doTask(settings, settings.task, remote, signal);
      return this.#once(signal, onProgress);
    }
    if (settings.isPaused) return 'idle';
    if (settings.avoidsMetered && this.#parts.isMetered()) return 'metered';
    this.#note({ phase: 'working' });
    const meta = await readMeta(remote);
    if (meta?.mirror !== settings.mirror) throw mirrorGone();
    const mirror = await this.mirror(settings, remote);
    signal.throwIfAborted();
    const { received, unreadable } = await pullOnce(mirror, signal);
    const before = this.#progress;
    this.#note({
      received: before.received + received,
      unreadable: before.unreadable + unreadable.length,
    });
    const onSent = (sent: number) => {
      this.#note({ sent: this.#progress.sent + sent, problem: null });
      onProgress();
    };
    await pushAll(mirror, onSent, signal);
    return 'idle';
  }

  async #doTask(
    settings: SyncSettings,
    task: SyncTask,
    remote: QdrantRemote,
    signal: AbortSignal,
  ): Promise<void> {
    const { rows } = this.#parts.pages;
    this.#note({ phase: 'deleting' });
    const onLeft = (left: number) => {
      this.#note({ left });
      signal.throwIfAborted();
    };
    if (task.kind === 'delete-everything') {
      await remote.deleteEverything(onLeft);
      const left = await remote.count();
      await rows.leave();
      this.reset();
      this.#note({ left });
      return;
    }
    const meta = await readMeta(remote);
    if (meta !== null && meta.mirror !== settings.mirror && meta.mirror !== task.mirror) {
      await rows.changeSettings(withChange({ task: null }));
      throw mirrorGone();
    }
    await replaceMirror(remote, task, onLeft);
    const { mode, mirror, keys } = task;
    await rows.sendAnew(withChange({ mode, mirror, keys, task: null }));
    this.#note({ left: null });
  }
}
