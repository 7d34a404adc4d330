const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
// In Node a listening port would keep the process alive.
(channel.port1 as { unref?: () => void }).unref?.();

/** The next task, without the delay that nested timers get. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** Long work stops for queries after so many milliseconds. */
const sliceMs = 2;

/**
 * Runs a generator to its end in slices, between which the worker answers what is asked of it.
 *
 * @param clock milliseconds from any origin
 * @param onYield gets what was yielded last, after each slice
 */
export async function runInSlices<Y, R>(
  work: Generator<Y, R>,
  clock: () => number,
  onYield: (value: Y) => void = () => {},
): Promise<R> {
  for (;;) {
    const startedAt = clock();
    let step = work.next();
    while (!step.done && clock() - startedAt < sliceMs) step = work.next();
    if (step.done) return step.value;
    onYield(step.value);
    await nextTask();
  }
}
