import { expose, wrap } from 'comlink';
import manifest from '../models/dejalu-1/model.json' with { type: 'json' };
import { modelIdOf } from '../src/core/model/model-file.ts';
import type { Encoder, StaticModel } from '../src/core/model/types.ts';
import type { PageText } from '../src/core/page/types.ts';
import { passageInput, splitPassages } from '../src/core/text/passages.ts';
import { loadCachedModel } from '../src/engine/cached-model.ts';
import { DeflateCompressor } from '../src/engine/deflate.ts';
import { Engine } from '../src/engine/engine.ts';
import { digest, fetchFrom, loadModelFolder } from '../src/engine/model-files.ts';
import { nextTask } from '../src/engine/next-task.ts';
import { createKernels } from '../src/kernels/kernels.ts';
import { IdbPageStore } from '../src/storage/idb-page-store.ts';
import { openSegmentFolder } from '../src/storage/opfs-folder.ts';
import { OpfsModelCache } from '../src/storage/opfs-model-cache.ts';
import { firstHits } from '../src/ui/popup/limits.ts';
import { FastLoad } from './fast-load.ts';
import { makeHistory, type TextSource } from './history.ts';
import type { BenchQuery } from './queries.ts';

/** What one query took, and each of its stages, in milliseconds. */
export interface QueryTiming {
  readonly kind: string;
  readonly ms: number;
  readonly stages: Readonly<Record<string, number>>;
}

/** Every page's passages with their vectors in one record, as the nearest peers keep them. */
interface PeerRecord {
  readonly id: number;
  readonly url: string;
  readonly passages: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** Memories of WebAssembly, which no figure of the browser counts as the page's. */
const memories: WebAssembly.Memory[] = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    if (this.exports.memory instanceof WebAssembly.Memory) memories.push(this.exports.memory);
  }
};

const modelFolder = new URL('/model/', location.href);
const loadModel = () => loadModelFolder(fetchFrom(modelFolder));

/** What an engine does once its start is over. */
const afterStart: (() => Promise<void>)[] = [];

function newEngine(): Engine {
  return new Engine({
    store: new IdbPageStore({ openFiles: openSegmentFolder }),
    compressor: new DeflateCompressor(),
    loadModel: () =>
      loadCachedModel({
        cache: new OpfsModelCache(),
        id: modelIdOf(manifest),
        browser: navigator.userAgent,
        load: loadModel,
        later: (work) => afterStart.push(work),
        report: (message) => console.warn(message),
      }),
    kernels: createKernels,
    digest,
    now: () => Date.now(),
    clock: () => performance.now(),
    report: (message) => console.warn(message),
  });
}

/** Bytes of the databases and of the files of segments; the model's file belongs to no page. */
async function stored(): Promise<number> {
  const { usage = 0, usageDetails } = (await navigator.storage.estimate()) as StorageEstimate & {
    readonly usageDetails?: { readonly indexedDB?: number };
  };
  if (usageDetails?.indexedDB === undefined) return usage;
  const root = await navigator.storage.getDirectory();
  const segments = await root.getDirectoryHandle('segments', { create: true });
  let files = 0;
  for await (const handle of segments.values()) {
    // While the engine reads a file in place nobody else may open it, but its size may be asked.
    if (handle.kind === 'file') files += (await handle.getFile()).size;
  }
  return usageDetails.indexedDB + files;
}

let engine = newEngine();
let history: Iterator<PageText> | undefined;
let loader: FastLoad | undefined;
let peer: IDBDatabase | undefined;
let encoderOfPeer: Promise<{ model: StaticModel; encoder: Encoder }> | undefined;

/** The peer encodes as we do: what is compared is where the vectors are and how they are asked. */
function forPeer() {
  encoderOfPeer ??= loadModel().then((model) => {
    const { tokenizer, encoder } = createKernels(model);
    return { model: { ...model, tokenizer }, encoder };
  });
  return encoderOfPeer;
}

function openPeer(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('peer', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('records', { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function* next(count: number): Generator<PageText> {
  for (let taken = 0; taken < count; taken++) {
    const step = history?.next();
    if (step === undefined || step.done) return;
    yield step.value;
  }
}

/** What the benchmark asks of the page it runs in. */
export const inBrowser = {
  /** Makes a history ready, of which the calls below take the next pages. */
  async begin(size: number): Promise<void> {
    const sources: TextSource[] = await (await fetch('/sources/sources.json')).json();
    history = makeHistory(sources, size)[Symbol.iterator]();
  },

  /** Writes the next pages into an empty database without the engine; see {@link FastLoad}. */
  async load(count: number, segmentRows?: readonly number[]): Promise<void> {
    const { model, encoder } = await forPeer();
    loader ??= new FastLoad(model, encoder, segmentRows);
    await loader.add(next(count));
  },

  async finishLoad(): Promise<void> {
    await loader?.finish();
    loader = undefined;
  },

  /** Passes pages of the history over. */
  skip(count: number): void {
    for (const _ of next(count));
  },

  /** Lets go of the texts that pages are made of: no engine has them in its memory. */
  end(): void {
    history = undefined;
  },

  /** Reads the next pages through the engine; milliseconds of each, its commit included. */
  async read(count: number): Promise<number[]> {
    const times: number[] = [];
    for (const page of next(count)) {
      const start = performance.now();
      await engine.readPage(page);
      times.push(performance.now() - start);
    }
    return times;
  },

  /** Starts the engine: milliseconds until it can answer. */
  async open(): Promise<number> {
    const start = performance.now();
    await engine.open();
    const ms = performance.now() - start;
    for (const work of afterStart.splice(0)) await work();
    return ms;
  },

  async close(): Promise<void> {
    await engine.close();
    engine = newEngine();
  },

  /** Idle work until nothing is left of it. */
  async maintain(): Promise<void> {
    const retention = { by: 'forever' } as const;
    while (!(await engine.maintain(retention)).isDone);
  },

  /**
   * All idle work there is. Milliseconds of it, and of the longest stretch in which nothing else had
   * its turn.
   */
  async tidy(): Promise<{ readonly all: number; readonly longest: number }> {
    let isDone = false;
    let longest = 0;
    const watch = async () => {
      for (let last = performance.now(); !isDone; ) {
        await nextTask();
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
    };
    const start = performance.now();
    const watching = watch();
    await inBrowser.maintain();
    isDone = true;
    await watching;
    return { all: performance.now() - start, longest };
  },

  /** Asks as the popup does: its first hits, as at a keystroke, or all that it shows at once. */
  async ask(queries: readonly BenchQuery[], limit = firstHits): Promise<QueryTiming[]> {
    const timings: QueryTiming[] = [];
    for (const { kind, query } of queries) {
      const start = performance.now();
      const { timings: stages } = await engine.search({
        query,
        limit,
        filters: {},
        sort: 'best',
        like: [],
        unlike: [],
        client: 'popup',
      });
      timings.push({ kind, ms: performance.now() - start, stages });
    }
    return timings;
  },

  async sizes() {
    const { pageCount, passageCount, sizeBytes } = await engine.status();
    const wasmBytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    return { pageCount, passageCount, sizeBytes, wasmBytes, diskBytes: await stored() };
  },

  /** Gives the peer the same passages with the same embeddings. */
  async readForPeer(count: number, firstId: number): Promise<void> {
    peer ??= await openPeer();
    const { model, encoder } = await forPeer();
    const pages = [...next(count)];
    const transaction = peer.transaction('records', 'readwrite');
    const records = transaction.objectStore('records');
    pages.forEach(({ title, url, blocks }, i) => {
      const passages = splitPassages(blocks);
      const record: PeerRecord = {
        id: firstId + i,
        url,
        passages: passages.map(({ text }) => text),
        vectors: passages.map((passage) =>
          encoder.embed(model.tokenizer.encode(passageInput(title, passage))),
        ),
      };
      records.put(record);
    });
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  },

  /** The peer's query: all records out of IndexedDB, the cosine of each, the best twenty. */
  async askPeer(query: string): Promise<number> {
    const database = peer ?? (await openPeer());
    const { model, encoder } = await forPeer();
    const start = performance.now();
    const wanted = encoder.embed(model.tokenizer.encode(query));
    const records = await new Promise<PeerRecord[]>((resolve, reject) => {
      const request = database.transaction('records').objectStore('records').getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    records
      .map(({ id, vectors }) => {
        let best = -1;
        for (const vector of vectors) {
          let sum = 0;
          for (let d = 0; d < vector.length; d++) sum += (vector[d] ?? 0) * (wanted[d] ?? 0);
          if (sum > best) best = sum;
        }
        return { id, score: best };
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, 20);
    return performance.now() - start;
  },
};

export type InBrowser = typeof inBrowser;

// The engine lives in a worker, as in the extension; the page hands on what it is asked.
if (typeof document === 'undefined') expose(inBrowser);
else {
  const worker = new Worker('/script.js', { type: 'module' });
  Object.assign(globalThis, { bench: wrap<InBrowser>(worker) });
}
