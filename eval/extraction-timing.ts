import { Readability } from '@mozilla/readability';
import { createShadowRootFinder } from '../src/capture/shadow.ts';
import { takeSnapshot } from '../src/capture/snapshot.ts';

/** Runs in a page. Milliseconds of the product's walk, by slice, and of Readability on a clone. */
export interface PageTiming {
  readonly slicesMs: readonly number[];
  readonly readabilityMs: number;
  /** Tasks over 50 ms while the walk went on, as the browser's performance timeline reports them. */
  readonly longTasksMs: readonly number[];
}

/** The product waits until the text has been quiet for this long; styles are computed by then. */
const settledMs = 600;

async function timePage(): Promise<PageTiming> {
  await new Promise((resume) => setTimeout(resume, settledMs));
  const longTasksMs: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasksMs.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const { slicesMs } = await takeSnapshot(document, {
    shadowRootOf: createShadowRootFinder(null),
    now: () => performance.now(),
    pause: () => new Promise((resume) => setTimeout(resume, 0)),
    sliceMs: 8,
    maxLength: 4 * 1024 * 1024,
  });
  // The timeline tells of a task in a task after it.
  await new Promise((resume) => setTimeout(resume, 50));
  observer.disconnect();
  const start = performance.now();
  new Readability(document.cloneNode(true) as Document).parse();
  return { slicesMs, readabilityMs: performance.now() - start, longTasksMs };
}

Object.assign(globalThis, { timePage });
