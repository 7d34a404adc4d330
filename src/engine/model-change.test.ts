import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageKey } from '../core/ids.ts';
import type { PageText } from '../core/page/types.ts';
import type { ModelStatus } from './api.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { kernelsOf, Machine, smallModel } from './model-change.test-tools.ts';
import { digest } from './model-files.ts';

let first: Awaited<ReturnType<typeof smallModel>>;
let second: typeof first;

beforeAll(async () => {
  first = await smallModel('model2vec-int8');
  second = await smallModel('model2vec-mapped');
});

/** Changes of the model that the last test goes through; more with `MODEL_CHANGE_RUNS=200`. */
const fuzzRuns = Number(process.env.MODEL_CHANGE_RUNS ?? 4);

const words =
  'harbour honey wristwatch glacier tide roof lighthouse bread velvet onion quartz jury' +
  ' willow kayak zebra mirror fjord inkwell puppet dough saddle comet ladder oxygen';

function page(n: number, version: number): PageText {
  const url = `https://site.example/${n}`;
  const list = words.split(' ');
  // Twelve words, others on each page: no two pages are nearly the same.
  const some = Array.from({ length: 12 }, (_, k) => list[(n * (2 * k + 1) + k * k) % list.length]);
  const text = `${some.join(' ')}, told for the ${version + 1}th time on page ${n}.`;
  const blocks = [{ kind: 'text' as const, text }];
  return {
    key: url as PageKey,
    url,
    title: `${some[0]} ${n}`,
    blocks,
    lang: 'en',
    type: 'article',
    readAt: n,
  };
}

const queries = ['honey on the roof', 'bread', 'a glacier by the tide', 'page 3'];

interface Answers {
  /** Every page that is found, folded under another one or not. */
  readonly found: readonly string[];
  /** How near pages that are shown are to each query in meaning, which no two models say alike. */
  readonly dense: ReadonlyMap<string, string>;
}

async function answers(engine: Engine): Promise<Answers> {
  const found: string[] = [];
  const dense = new Map<string, string>();
  for (const query of queries) {
    const { hits } = await engine.search({ query, limit: 50 });
    for (const { page, parts, nearDuplicates } of hits) {
      dense.set(`${query} ${page.url}`, (parts.dense ?? 0).toFixed(3));
      for (const { url } of [page, ...nearDuplicates]) found.push(`${query} ${url}`);
    }
  }
  return { found: found.sort(), dense };
}

/** Which of two near-duplicates is shown depends on how often each was read: the rest must agree. */
function expectSame(given: Answers, wanted: Answers): void {
  expect(given.found).toEqual(wanted.found);
  const both = [...given.dense.keys()].filter((each) => wanted.dense.has(each));
  expect(both.length).toBeGreaterThanOrEqual(given.dense.size / 2);
  for (const each of both)
    expect(`${each} ${given.dense.get(each)}`).toBe(`${each} ${wanted.dense.get(each)}`);
}

/** What an engine made anew with this model answers about these pages. */
async function truth(model: typeof first, pages: ReadonlyMap<number, number>): Promise<Answers> {
  const engine = new Engine({
    store: new MemoryPageStore(),
    compressor: new DeflateCompressor(),
    loadModel: async () => model.model,
    kernels: kernelsOf,
    digest,
    now: () => 1_000_000,
    clock: () => 0,
  });
  for (const [n, version] of [...pages].sort(([a], [b]) => a - b)) {
    await engine.readPage(page(n, version));
  }
  return answers(engine);
}

/** Searches, and holds the answer to what the model that answers must say. */
async function check(engine: Engine, pages: ReadonlyMap<number, number>): Promise<ModelStatus> {
  // The model may become another one between the two; then it is asked again.
  for (;;) {
    const before = await engine.modelStatus();
    const found = await answers(engine);
    const after = await engine.modelStatus();
    if (before.model.id !== after.model.id) continue;
    const model = [first, second].find(({ id }) => id === after.model.id);
    expectSame(found, await truth(model!, pages));
    return after;
  }
}

async function until(
  engine: Engine,
  isDone: (status: ModelStatus) => boolean,
): Promise<ModelStatus> {
  for (;;) {
    const status = await engine.modelStatus();
    if (isDone(status)) return status;
    if (status.change?.state === 'failed') throw new Error(status.change.error?.message);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function machineWith(count: number) {
  const machine = new Machine(first.files);
  const pages = new Map<number, number>();
  const { engine, store } = machine.start();
  for (let n = 0; n < count; n++) {
    await engine.readPage(page(n, 0));
    pages.set(n, 0);
  }
  return { machine, pages, engine, store };
}

describe('a change of the model', () => {
  it('answers with the old one until the new one is whole, and leaves nothing of the old', async () => {
    const { machine, pages, engine, store } = await machineWith(12);
    await machine.shelf.put(second.id, second.files);
    const begun = await engine.useModel(second.id);
    expect(begun).toMatchObject({
      model: { id: first.id },
      isShipped: true,
      change: { to: { id: second.id, licence: 'MIT' }, state: 'running', total: 12 },
    });
    await check(engine, pages);
    const done = await until(engine, ({ change }) => change === null);
    expect(done).toMatchObject({ model: { id: second.id, dims: 16 }, isShipped: false });
    await check(engine, pages);
    expect((await engine.status()).jobs).toEqual([]);
    while ((await store.spaces.counts()).built > 0) await new Promise((r) => setTimeout(r));
    for (const { spaces } of await store.entries()) {
      expect(spaces.map(({ space }) => space)).toEqual([second.id]);
    }
    await engine.close();
    const again = machine.start().engine;
    expect(await again.modelStatus()).toMatchObject({ model: { id: second.id }, change: null });
    await check(again, pages);
    // And back to the model of the extension.
    await again.useModel(null);
    await until(again, ({ model }) => model.id === first.id);
    await check(again, pages);
    await again.maintain({ by: 'forever' });
    expect(await machine.shelf.ids()).toEqual([first.id]);
    await again.close();
  });

  it('takes in what is read, changed and forgotten meanwhile', async () => {
    const { machine, pages, engine } = await machineWith(40);
    await machine.shelf.put(second.id, second.files);
    await engine.useModel(second.id);
    await until(engine, ({ change }) => (change?.done ?? 99) > 0);
    await engine.readPage(page(2, 1));
    pages.set(2, 1);
    await engine.readPage(page(77, 0));
    pages.set(77, 0);
    await engine.forget({ by: 'keys', keys: [page(5, 0).key] });
    pages.delete(5);
    await check(engine, pages);
    await until(engine, ({ change }) => change === null);
    await check(engine, pages);
    expect((await engine.forget({ by: 'everything' })).left.codes).toBe(0);
    pages.clear();
    await check(engine, pages);
    await engine.close();
  });

  it('waits when it is paused, also over a restart, and goes on when it is resumed', async () => {
    const { machine, pages, engine } = await machineWith(40);
    await machine.shelf.put(second.id, second.files);
    await engine.useModel(second.id);
    expect((await engine.controlModelChange('pause')).change?.state).toBe('paused');
    const stood = (await check(engine, pages)).change?.done;
    await engine.close();
    const again = machine.start().engine;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await check(again, pages)).change).toMatchObject({ state: 'paused', done: stood });
    expect((await again.controlModelChange('resume')).change?.state).toBe('running');
    await until(again, ({ model }) => model.id === second.id);
    await check(again, pages);
    await again.close();
  });

  it('goes back to the present model when it is given up', async () => {
    const { machine, pages, engine, store } = await machineWith(40);
    await machine.shelf.put(second.id, second.files);
    await engine.useModel(second.id);
    await until(engine, ({ change }) => (change?.done ?? 99) > 0);
    expect(await engine.controlModelChange('cancel')).toMatchObject({
      model: { id: first.id },
      change: null,
    });
    expect(await store.spaces.counts()).toEqual({ built: 0, total: 40 });
    await check(engine, pages);
    await engine.close();
    const again = machine.start().engine;
    expect(await check(again, pages)).toMatchObject({ model: { id: first.id }, change: null });
    await again.close();
  });

  it('follows an update of the extension that ships another model', async () => {
    const { machine, pages, engine } = await machineWith(12);
    // Idle work keeps a copy of the model that the pages are encoded with.
    await engine.maintain({ by: 'forever' });
    await engine.close();
    machine.shipped = second.files;
    const updated = machine.start().engine;
    expect(await check(updated, pages)).toMatchObject({
      model: { id: first.id },
      isShipped: false,
    });
    await until(updated, ({ model }) => model.id === second.id);
    expect(await check(updated, pages)).toMatchObject({ isShipped: true, change: null });
    await updated.maintain({ by: 'forever' });
    expect(await machine.shelf.ids()).toEqual(
      [first.id, second.id].filter((id) => id === second.id),
    );
    await updated.close();
  });

  it('finds by words at once, and soon by meaning, where the old model is gone', async () => {
    const { machine, pages, engine } = await machineWith(40);
    await engine.close();
    machine.shipped = second.files;
    const updated = machine.start().engine;
    const { hits } = await updated.search({ query: 'lighthouse', limit: 50 });
    expect(hits.some(({ snippet }) => snippet.text.includes('lighthouse'))).toBe(true);
    expect(machine.reports.join()).toContain(`${first.id} of the stored codes is gone`);
    await updated.close();
    const again = machine.start().engine;
    const truthful = await truth(second, pages);
    await expect
      .poll(async () => (await again.modelStatus()).change, { timeout: 20_000 })
      .toBeNull();
    expectSame(await answers(again), truthful);
    await again.close();
  });

  it('begins with segments of the old model and ends with those of the new one', async () => {
    const { machine, pages, engine, store } = await machineWith(12);
    const spaces = async () =>
      (await Promise.all((await store.segments()).map(({ id }) => store.segment(id)))).map(
        ({ space }) => space,
      );
    const tidyUp = async () => {
      for (;;) if ((await engine.maintain({ by: 'forever' })).isDone) return;
    };
    await tidyUp();
    expect(new Set(await spaces())).toEqual(new Set([first.id]));
    await machine.shelf.put(second.id, second.files);
    await engine.useModel(second.id);
    await engine.forget({ by: 'keys', keys: [page(3, 0).key] });
    pages.delete(3);
    await engine.readPage(page(4, 1));
    pages.set(4, 1);
    await check(engine, pages);
    await until(engine, ({ change }) => change === null);
    await check(engine, pages);
    await expect
      .poll(async () => {
        await tidyUp();
        return new Set(await spaces());
      })
      .toEqual(new Set([second.id]));
    await check(engine, pages);
    await engine.close();
    const again = machine.start().engine;
    await check(again, pages);
    expect((await again.status()).repaired).toEqual({ segments: 0, pages: 0 });
    await again.close();
  });

  it('finds what was packed by its words where the old model is gone, and forgets it', async () => {
    const { machine, pages, engine } = await machineWith(12);
    while (!(await engine.maintain({ by: 'forever' })).isDone);
    await engine.close();
    await machine.shelf.keepOnly([]);
    machine.shipped = second.files;
    const { engine: updated, store } = machine.start();
    const { hits } = await updated.search({ query: 'lighthouse', limit: 50 });
    expect(hits.some(({ snippet }) => snippet.text.includes('lighthouse'))).toBe(true);
    const receipt = await updated.forget({ by: 'keys', keys: [page(5, 0).key] });
    pages.delete(5);
    expect(receipt).toMatchObject({ pages: 1, left: { codes: 0, terms: 0 } });
    expect(await store.segments()).not.toEqual([]);
    expect((await updated.status()).pageCount).toBe(11);
    await until(updated, ({ change }) => change === null);
    await check(updated, pages);
    await updated.close();
  });

  it('refuses a model that is not there or not whole before anything is touched', async () => {
    const { machine, pages, engine } = await machineWith(3);
    await expect(engine.useModel(second.id)).rejects.toMatchObject({ code: 'model-missing' });
    const cut = [...second.files].map(([name, bytes]) => [name, bytes.slice(0, -1)] as const);
    await machine.shelf.put(second.id, new Map(cut));
    await expect(engine.useModel(second.id)).rejects.toMatchObject({ code: 'model-invalid' });
    expect(await machine.shelf.wish()).toEqual({ model: null, isPaused: false });
    expect((await check(engine, pages)).change).toBeNull();
    await engine.close();
  });

  it('falls back to the model of the extension where the person’s own is damaged', async () => {
    const { machine, pages, engine } = await machineWith(6);
    await machine.shelf.put(second.id, second.files);
    await engine.useModel(second.id);
    await until(engine, ({ change }) => change === null);
    await engine.close();
    await machine.shelf.put(second.id, new Map());
    const again = machine.start().engine;
    expect((await again.modelStatus()).model.id).toBe(first.id);
    expect(machine.reports.join()).toContain('model.json');
    const truthful = await truth(first, pages);
    await expect
      .poll(async () => (await again.modelStatus()).change, { timeout: 20_000 })
      .toBeNull();
    expectSame(await answers(again), truthful);
    await again.close();
  });

  it('is right at every moment, whenever it is killed', async () => {
    const lives = fc.array(
      fc.record({ calls: fc.nat(60), isLate: fc.boolean(), page: fc.nat(50) }),
      {
        minLength: 4,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(lives, async (plan) => {
        const { machine, pages, engine } = await machineWith(36);
        await machine.shelf.put(second.id, second.files);
        await engine.useModel(second.id);
        await engine.close();
        for (const life of plan) {
          const killer = killable(life.calls, life.isLate);
          const { engine: mortal, store } = machine.start(killer.wrap);
          const living = async () => {
            await check(mortal, pages);
            await mortal.maintain({ by: 'forever' });
            await mortal.readPage(page(life.page, life.calls));
            await until(mortal, ({ change }) => change === null);
          };
          await Promise.race([living(), killer.killed]);
          killer.kill();
          await store.close();
          // What was under way when it died is there as a whole or not at all.
          const { engine: next } = machine.start();
          const stored = await next.pageByKey(page(life.page, 0).key);
          const text = stored && (await next.storedPage(stored.id))?.passages[0]?.text;
          if (text?.includes(` ${life.calls + 1}th`)) pages.set(life.page, life.calls);
          await check(next, pages);
          await next.close();
        }
        const last = machine.start().engine;
        await until(last, ({ change, model }) => change === null && model.id === second.id);
        await check(last, pages);
        await last.close();
      }),
      { numRuns: fuzzRuns },
    );
  }, 120_000);
});

/** Lets so many calls through; the next one hangs, after its work or before it, and all that follow. */
function killable(calls: number, isLate: boolean) {
  let left = calls;
  let die = () => {};
  const killed = new Promise<void>((resolve) => {
    die = resolve;
  });
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        // Reading in place is no moment of its own.
        if (name === 'partReader') return value.bind(object);
        return async (...given: unknown[]) => {
          left--;
          if (left < 0) {
            if (left === -1 && isLate) await value.apply(object, given);
            die();
            return new Promise(() => undefined);
          }
          return value.apply(object, given);
        };
      },
    });
  const kill = () => {
    left = Math.min(left, -1);
  };
  return { wrap, killed, kill };
}
