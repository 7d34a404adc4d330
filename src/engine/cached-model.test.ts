import { describe, expect, it } from 'vitest';
import { loadModel } from '../../eval/model.ts';
import type { ModelId } from '../core/ids.ts';
import { prepareModel } from '../core/model/prepared-model.ts';
import { loadCachedModel, type ModelCache } from './cached-model.ts';

const model = await loadModel('models/dejalu-1');
const bytes = prepareModel(model, 'Browser 1') as Uint8Array<ArrayBuffer>;

/** A cache in memory, and what a start does with it. */
class Start {
  kept: Uint8Array<ArrayBuffer> | null = null;
  isBroken = false;
  loads = 0;
  readonly reports: string[] = [];
  readonly #later: (() => Promise<void>)[] = [];
  readonly #cache: ModelCache = {
    read: async () => this.#use(),
    write: async (_, written) => {
      this.#use();
      this.kept = written;
    },
    remove: async () => {
      this.#use();
      this.kept = null;
    },
  };

  #use(): Uint8Array<ArrayBuffer> | null {
    if (this.isBroken) throw new Error('no room');
    return this.kept;
  }

  /** The tokens of a text by the model that was found; what waits for the start's end is done. */
  async run(id: ModelId = model.id, browser = 'Browser 1'): Promise<readonly number[]> {
    const found = await loadCachedModel({
      cache: this.#cache,
      id,
      browser,
      load: async () => {
        this.loads++;
        return model;
      },
      later: (work) => void this.#later.push(work),
      report: (message) => void this.reports.push(message),
    });
    for (const work of this.#later.splice(0)) await work();
    return [...found.tokenizer.encode('Honey of the hives, 벌꿀')];
  }
}

const expected = [...model.tokenizer.encode('Honey of the hives, 벌꿀')];

describe('a cached model', () => {
  it('is read from its files once, then as it was prepared', async () => {
    const start = new Start();
    for (let turn = 0; turn < 3; turn++) expect(await start.run()).toEqual(expected);
    expect(start.loads).toBe(1);
    expect(start.reports).toEqual([]);
  });

  it('is read from its files when what is kept is damaged, and kept anew', async () => {
    const start = new Start();
    start.kept = bytes.slice(0, 1_000);
    expect(await start.run()).toEqual(expected);
    expect(start.reports).toEqual([
      'The prepared model is damaged or of another browser; it is made again',
    ]);
    await start.run();
    expect(start.loads).toBe(1);
  });

  it('is made again by another browser, which may know other characters', async () => {
    const start = new Start();
    await start.run();
    await start.run(model.id, 'Browser 2');
    await start.run(model.id, 'Browser 2');
    expect(start.loads).toBe(2);
  });

  it('is thrown away after the start that finds its rows damaged', async () => {
    const start = new Start();
    start.kept = bytes.slice();
    const place = bytes.length - 100;
    start.kept[place] = (bytes[place] as number) ^ 1;
    expect(await start.run()).toEqual(expected);
    expect(start.kept).toBeNull();
    expect(start.reports).toEqual(['The prepared model is damaged; the next start makes it again']);
    await start.run();
    expect(start.loads).toBe(1);
  });

  it('never fails a start by its cache, and is not kept under the name of another', async () => {
    const start = new Start();
    start.isBroken = true;
    expect(await start.run()).toEqual(expected);
    expect(start.reports).toHaveLength(2);
    start.isBroken = false;
    await start.run('other@1#0' as ModelId);
    expect(start.kept).toBeNull();
  });
});
