import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageId, PageKey } from '../core/ids.ts';
import { ReferenceScanKernel } from '../core/index/reference-scan-kernel.ts';
import { createEncoder } from '../core/model/encoder.ts';
import { codeBytes, type StaticModel } from '../core/model/types.ts';
import type { PageText } from '../core/page/types.ts';
import { ReferenceSimilarityKernel } from '../core/search/reference-similarity-kernel.ts';
import { DeflateCompressor } from './deflate.ts';
import { Engine } from './engine.ts';
import { MemoryPageStore } from './memory-store.ts';
import { digest, loadModelFolder } from './model-files.ts';

const folder = new URL('../../models/dejalu-1/', import.meta.url);
let model: StaticModel;

beforeAll(async () => {
  model = await loadModelFolder(
    async (name) => new Uint8Array(await readFile(new URL(name, folder))),
  );
});

/** An engine that notes which texts it encodes. */
function setUp() {
  const store = new MemoryPageStore();
  const encoded: string[] = [];
  const engine = new Engine({
    store,
    compressor: new DeflateCompressor(),
    loadModel: async () => model,
    kernels: (read) => {
      const encoder = createEncoder(read);
      return {
        scan: new ReferenceScanKernel(codeBytes),
        similarities: new ReferenceSimilarityKernel(read.table),
        encoder: {
          ...encoder,
          codeOf: (text) => {
            encoded.push(text);
            return encoder.codeOf(text);
          },
        },
      };
    },
    digest,
    now: () => 1_000_000,
    clock: () => 0,
  });
  /** All that was made of a page's text, as it lies in the store. */
  const madeOf = async (id: PageId) => ({
    texts: await store.texts([id]),
    entries: (await store.entriesOf([id])).map((entry) => entry && { ...entry, pageId: 0 }),
  });
  return { engine, encoded, madeOf };
}

function page(paragraphs: readonly string[], title = 'The harbour'): PageText {
  const url = 'https://harbour.example/notices';
  const blocks = paragraphs.map((text) => ({ kind: 'text' as const, text }));
  const known = { key: url as PageKey, url, lang: 'en', type: 'other' as const, readAt: 1_000 };
  return { ...known, title, blocks };
}

const boats = ['trawler', 'ferry', 'barge', 'yawl', 'tug', 'dinghy', 'cutter', 'lugger'];
const notice = (n: number): string =>
  `Notice ${n}: the ${boats[n % boats.length]} leaves berth ${n} with the ${n}th tide. ` +
  `Her master has paid ${n * 7} shillings for water, rope and light, and sails with ${n % 9} hands.`;
const notices = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => notice(n + from));

describe('a page that is read again with more on it', () => {
  it('has only its new passages encoded', async () => {
    const { engine, encoded } = setUp();
    const first = await engine.readPage(page(notices(60)));
    expect(first.encodedCount).toBe(first.passageCount);
    expect(encoded.length).toBe(first.passageCount);
    encoded.length = 0;
    // As a list that grows while it is scrolled: below, and then by a line at its top.
    const grown = await engine.readPage(page(notices(66)));
    expect(grown).toMatchObject({ outcome: 'updated', encodedCount: encoded.length });
    expect(grown.passageCount).toBeGreaterThan(first.passageCount);
    // What was the last passage may have grown too.
    expect(encoded.length).toBeLessThanOrEqual(grown.passageCount - first.passageCount + 1);
    encoded.length = 0;
    const topped = await engine.readPage(page([notice(900), ...notices(66)]));
    expect(topped.encodedCount).toBe(encoded.length);
    // The cuts meet those of before again after a few passages.
    expect(encoded.length).toBeLessThan(topped.passageCount / 4);
    await engine.close();
  });

  it('has all of them encoded when its title, which each is encoded with, is another', async () => {
    const { engine, encoded } = setUp();
    await engine.readPage(page(notices(20)));
    encoded.length = 0;
    const { passageCount, encodedCount } = await engine.readPage(page(notices(20), 'Departures'));
    expect(encodedCount).toBe(passageCount);
    expect(encoded.every((text) => text.startsWith('Departures. '))).toBe(true);
    await engine.close();
  });

  it('is stored as if it had been read so at once, whatever changed', async () => {
    const paragraphs = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.array(paragraphs, { minLength: 2, maxLength: 4 }), async (states) => {
        const changed = setUp();
        const atOnce = setUp();
        let id: PageId | undefined;
        for (const numbers of states) {
          id = (await changed.engine.readPage(page(numbers.map(notice)))).pageId;
        }
        const last = await atOnce.engine.readPage(page((states.at(-1) ?? []).map(notice)));
        expect(await changed.madeOf(id as PageId)).toEqual(await atOnce.madeOf(last.pageId));
        await changed.engine.close();
        await atOnce.engine.close();
      }),
      { numRuns: 25 },
    );
  });
});
