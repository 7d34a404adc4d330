import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { PageId } from '../../core/ids.ts';
import type { Timers } from './services.ts';

/** A page whose forgetting can still be undone, or has failed. */
export interface PendingForget {
  readonly id: PageId;
  readonly title: string;
  readonly state: 'waiting' | 'failed';
}

export interface Forgetting {
  /** Pages that lists leave out. */
  readonly hidden: ReadonlySignal<ReadonlySet<PageId>>;
  /** What the toast speaks of; the newest. */
  readonly pending: ReadonlySignal<PendingForget | null>;
  forget(id: PageId, title: string): void;
  undo(): void;
  dismiss(): void;
  /** Carries out at once what waits: the view is going away. */
  flush(): void;
}

export const undoTimeMs = 6000;

/**
 * Forgets pages a moment later, so that a slip can be undone. Lists hide the page at once; when
 * forgetting fails the page shows again and the toast says so. Forgetting a second page carries
 * out the first.
 */
export function createForgetting(
  carryOut: (id: PageId) => Promise<unknown>,
  timers: Pick<Timers, 'after'>,
): Forgetting {
  const hidden: Signal<ReadonlySet<PageId>> = signal(new Set());
  const pending: Signal<PendingForget | null> = signal(null);
  let callOff: () => void = () => {};

  const show = (id: PageId) => {
    hidden.value = new Set([...hidden.value].filter((other) => other !== id));
  };

  const flush = () => {
    const waiting = pending.value;
    callOff();
    if (waiting?.state !== 'waiting') return;
    pending.value = null;
    carryOut(waiting.id).catch(() => {
      // The reason is the engine's; what the person must know is that the page is still there.
      show(waiting.id);
      pending.value = { ...waiting, state: 'failed' };
    });
  };

  return {
    hidden,
    pending,
    forget(id, title) {
      flush();
      hidden.value = new Set([...hidden.value, id]);
      pending.value = { id, title, state: 'waiting' };
      callOff = timers.after(undoTimeMs, flush);
    },
    undo() {
      const waiting = pending.value;
      if (waiting?.state !== 'waiting') return;
      callOff();
      show(waiting.id);
      pending.value = null;
    },
    dismiss() {
      flush();
      pending.value = null;
    },
    flush,
  };
}
