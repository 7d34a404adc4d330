import { Readability } from '@mozilla/readability';
import { createShadowRootFinder } from '../src/capture/shadow.ts';
import { takeSnapshot } from '../src/capture/snapshot.ts';

/** Runs in a page. Milliseconds of the product's walk, by slice, and of Readability on a clone. */
export interface PageTiming {
  readonly slicesMs: readonly number[];
  readonly readabilityMs: number;
}

/** The product waits until the text has been quiet for this long; styles are computed by then. */
const settledMs = 600;

async function timePage(): Promise<PageTiming> {
  await new Promise((resume) => setTimeout(resume, settledMs));
  const { slicesMs } = await takeSnapshot(document, {
    shadowRootOf: createShadowRootFinder(null),
    now: () => performance.now(),
    pause: () => new Promise((resume) => setTimeout(resume, 0)),
    sliceMs: 8,
    maxLength: 4 * 1024 * 1024,
  });
  const start = performance.now();
  new Readability(document.cloneNode(true) as Document).parse();
  return { slicesMs, readabilityMs: performance.now() - start };
}

Object.assign(globalThis, { timePage });
