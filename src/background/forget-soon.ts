import type { PageKey } from '../core/ids.ts';
import { createLock } from '../core/lock.ts';
import type { KeyValueStore } from '../platform/storage.ts';

const pendingKey = 'forget-soon';
/** How long a page that was forgotten from a menu can be taken back. */
export const takeBackMs = 8000;

interface Pending {
  readonly key: PageKey;
  readonly due: number;
}

/**
 * Forgets a page a moment later, so that a slip can be taken back. What is due lies on the disk: a
 * background or a browser that stops in between forgets the page when it runs again.
 */
export interface ForgetSoon {
  /** @throws AppError of the store; then nothing was noted */
  forget(key: PageKey): Promise<void>;
  /** Takes back what is not carried out yet. */
  takeBack(): Promise<void>;
  /** Carries out what is due. */
  settle(): Promise<void>;
}

export interface ForgetSoonTools {
  readonly store: KeyValueStore;
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => void;
  readonly carryOut: (keys: readonly PageKey[]) => Promise<unknown>;
  /** Something can be taken back now, or cannot any longer. */
  readonly onChange: (canTakeBack: boolean) => Promise<void>;
  readonly report: (thrown: unknown) => void;
}

export function createForgetSoon(tools: ForgetSoonTools): ForgetSoon {
  const { store, now } = tools;
  const lock = createLock();

  async function pending(): Promise<readonly Pending[]> {
    const stored = await store.get(pendingKey);
    return Array.isArray(stored) ? (stored as Pending[]) : [];
  }

  async function keep(left: readonly Pending[]): Promise<void> {
    await (left.length === 0 ? store.remove([pendingKey]) : store.set(pendingKey, left));
    await tools.onChange(left.length > 0);
  }

  const settle = (): Promise<void> =>
    lock(async () => {
      const all = await pending();
      const due = all.filter((each) => each.due <= now());
      if (due.length === 0) return;
      // Not taken off the list before it is done: a failure is tried again at the next wake.
      await tools.carryOut(due.map(({ key }) => key));
      await keep(all.filter((each) => each.due > now()));
    });

  return {
    settle,
    forget: (key) =>
      lock(async () => {
        const others = (await pending()).filter((each) => each.key !== key);
        await keep([...others, { key, due: now() + takeBackMs }]);
        tools.after(takeBackMs, () => void settle().catch(tools.report));
      }),
    takeBack: () =>
      lock(async () => {
        if ((await pending()).length > 0) await keep([]);
      }),
  };
}
