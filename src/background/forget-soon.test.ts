import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import { createFakeStore } from './fake-store.test-tools.ts';
import { createForgetSoon, takeBackMs } from './forget-soon.ts';

const key = 'https://a.example/bees' as PageKey;
let clock: number;
let timers: { at: number; run: () => void }[];
let store: ReturnType<typeof createFakeStore>;
const carryOut = vi.fn(async () => undefined as unknown);
const onChange = vi.fn(async () => undefined);
const report = vi.fn();

const create = () =>
  createForgetSoon({
    store,
    now: () => clock,
    after: (ms, run) => timers.push({ at: clock + ms, run }),
    carryOut,
    onChange,
    report,
  });

async function pass(ms: number): Promise<void> {
  clock += ms;
  for (const timer of timers.filter(({ at }) => at <= clock)) timer.run();
  timers = timers.filter(({ at }) => at > clock);
  await vi.waitFor(() => undefined);
}

beforeEach(() => {
  vi.clearAllMocks();
  clock = 1_000;
  timers = [];
  store = createFakeStore();
});

describe('forgetting a page from a menu', () => {
  it('is carried out a moment later', async () => {
    const soon = create();
    await soon.forget(key);
    expect(onChange).toHaveBeenLastCalledWith(true);
    await pass(takeBackMs - 1);
    expect(carryOut).not.toHaveBeenCalled();
    await pass(1);
    await vi.waitFor(() => expect(onChange).toHaveBeenLastCalledWith(false));
    expect(carryOut).toHaveBeenCalledExactlyOnceWith([key]);
  });

  it('can be taken back', async () => {
    const soon = create();
    await soon.forget(key);
    await soon.takeBack();
    await pass(takeBackMs);
    await soon.settle();
    expect(carryOut).not.toHaveBeenCalled();
    expect(onChange).toHaveBeenLastCalledWith(false);
  });

  it('is carried out by the next background when this one dies, and again when it failed', async () => {
    await create().forget(key);
    clock += takeBackMs;
    carryOut.mockRejectedValueOnce(new Error('no engine'));
    const next = create();
    await expect(next.settle()).rejects.toThrow('no engine');
    await next.settle();
    expect(carryOut).toHaveBeenCalledTimes(2);
    await next.settle();
    expect(carryOut).toHaveBeenCalledTimes(2);
  });
});
