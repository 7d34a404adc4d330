import { expose, wrap } from 'comlink';
import type { PageKey } from '../../src/core/ids.ts';
import type { PageText } from '../../src/core/page/types.ts';
import { DeflateCompressor } from '../../src/engine/deflate.ts';
import { Engine } from '../../src/engine/engine.ts';
import { digest, fetchFrom, loadModelFolder } from '../../src/engine/model-files.ts';
import type { EngineParts } from '../../src/engine/ports.ts';
import { createKernels } from '../../src/kernels/kernels.ts';
import { IdbPageStore } from '../../src/storage/idb-page-store.ts';
import { openSegmentFolder } from '../../src/storage/opfs-folder.ts';

const subjects = [
  'bees on a roof',
  'a watch that stopped',
  'glaciers and tides',
  '오래된 빵과 버터',
];
const questions = [
  'beekeeping',
  'glac',
  'watsh stopped',
  'number17',
  '빵',
  'title 3',
  '-bees roof',
];

function pageOf(number: number, version = 0): PageText {
  const url = `https://site${number % 5}.example/p${number}`;
  const subject = subjects[number % subjects.length];
  return {
    key: url as PageKey,
    url,
    title: `Title ${number} about ${subject}`,
    blocks: [
      { kind: 'text', text: `What number${number} says of ${subject}, in version${version}.` },
    ],
    lang: number % 4 === 3 ? 'ko' : 'en',
    type: 'article',
    readAt: 1_000 * number + version,
  };
}

/** What the engines told: damage that was made good would be found nowhere else. */
const told: string[] = [];
const model = loadModelFolder(fetchFrom(new URL('/model/', location.href)));

function engineOver(store: IdbPageStore, change: Partial<EngineParts> = {}): Engine {
  return new Engine({
    store,
    compressor: new DeflateCompressor(),
    loadModel: () => model,
    kernels: createKernels,
    digest,
    now: () => 9_000_000,
    clock: () => performance.now(),
    report: (message) => void told.push(message),
    packLimits: { minChanged: 4, maxChanged: 16, tiers: [{ rows: 32, count: 2 }] },
    ...change,
  });
}

/** An index that is read out of files, and the same in memory whole, with all of it in the database. */
const openBoth = () => [
  engineOver(new IdbPageStore({ name: 'files', openFiles: openSegmentFolder }), {
    smallIndexBytes: 0,
  }),
  engineOver(new IdbPageStore({ name: 'database' })),
];
let both = openBoth();

async function segmentFiles(): Promise<number> {
  const root = await navigator.storage.getDirectory();
  let count = 0;
  for await (const _ of (await root.getDirectoryHandle('segments')).keys()) count++;
  return count;
}

/** Searches without a pause while something else is done: what is read must not go before its reader. */
async function whileSearching(work: () => Promise<unknown>): Promise<void> {
  let isDone = false;
  const searching = (async () => {
    for (let turn = 0; !isDone; turn++) {
      const query = `number${turn % 90} ${questions[turn % questions.length]}`;
      await both[0]?.search({ query, limit: 8 });
    }
  })();
  try {
    await work();
  } finally {
    isDone = true;
    await searching;
  }
}

/** What the test asks of the page; each step does the same to both. */
const largeIndex = {
  async read(from: number, to: number, version?: number): Promise<void> {
    for (const engine of both) {
      for (let number = from; number < to; number++) await engine.readPage(pageOf(number, version));
    }
  },

  /** Idle work until nothing is left of it; says how many files of segments there are. */
  async tidy(): Promise<number> {
    for (const engine of both) {
      await whileSearching(async () => {
        while (!(await engine.maintain({ by: 'forever' })).isDone);
      });
    }
    return segmentFiles();
  },

  async forget(site: string): Promise<number> {
    for (const engine of both) await whileSearching(() => engine.forget({ by: 'site', site }));
    return segmentFiles();
  },

  async restart(): Promise<void> {
    for (const engine of both) await engine.close();
    both = openBoth();
  },

  /** What each of the two finds. */
  answers(): Promise<unknown[]> {
    return Promise.all(
      both.map(async (engine) => {
        const found = [];
        for (const query of questions) {
          const { hits } = await engine.search({ query, limit: 30 });
          found.push(
            hits.map(({ page, score, snippet }) => [page.title, score.toFixed(4), snippet.text]),
          );
        }
        const { pageCount } = await engine.status();
        return { found, pageCount, told: [...told] };
      }),
    );
  },
};

export type LargeIndex = typeof largeIndex;

// Files are read in place by workers alone.
if (typeof document === 'undefined') expose(largeIndex);
else {
  const worker = new Worker('/script.js', { type: 'module' });
  Object.assign(globalThis, { largeIndex: wrap<LargeIndex>(worker) });
}
