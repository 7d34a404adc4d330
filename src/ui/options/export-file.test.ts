import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PageKey } from '../../core/ids.ts';
import { type ExportedPage, readExportedPage } from '../../core/page/exported-page.ts';
import { pageTypes } from '../../core/page/types.ts';
import { type ExportLine, ExportWriter, readExport } from './export-file.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const moment = fc.integer({ min: 0, max: 2e12 });
const anyPage: fc.Arbitrary<ExportedPage> = fc.record({
  key: fc.webUrl().map((url) => url as PageKey),
  url: fc.webUrl(),
  title: text,
  lang: fc.constantFrom('en', 'ko', 'und'),
  type: fc.constantFrom(...pageTypes),
  firstReadAt: moment,
  lastReadAt: moment,
  readCount: fc.integer({ min: 1, max: 99 }),
  isPinned: fc.boolean(),
  visits: fc.array(moment, { maxLength: 4 }),
  passages: fc.array(
    fc.oneof(fc.record({ text }), fc.record({ text, heading: text, sheet: fc.nat(99) })),
    { maxLength: 4 },
  ),
});

function write(pages: readonly ExportedPage[]): Uint8Array {
  const writer = new ExportWriter();
  const lines = [writer.head(new Date(0)), ...pages.map((page) => writer.page(page)), writer.end()];
  return new Uint8Array(lines.flatMap((line) => [...line]));
}

async function read(bytes: Uint8Array, chunk = 1_000): Promise<ExportLine[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += chunk) {
        controller.enqueue(bytes.slice(at, at + chunk));
      }
      controller.close();
    },
  });
  const lines: ExportLine[] = [];
  for await (const line of readExport(stream)) lines.push(line);
  return lines;
}

const isWhole = (lines: readonly ExportLine[]) =>
  lines.some((line) => line.kind === 'end' && line.isWhole);

describe('an export file', () => {
  test('gives back every page, however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPage, { maxLength: 4 }), fc.nat(60), async (pages, chunk) => {
        const lines = await read(write(pages), chunk + 1);
        expect(isWhole(lines)).toBe(true);
        const found = lines.flatMap((line) => (line.kind === 'page' ? [line.page] : []));
        expect(found).toEqual(pages);
      }),
      { numRuns: 60 },
    );
  });

  test('is not whole when it was cut or changed anywhere, and never breaks the reader', async () => {
    const [first] = fc.sample(anyPage, { numRuns: 1, seed: 7 });
    const bytes = write([first!, first!]);
    const headEnd = bytes.indexOf(10) + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: headEnd, max: bytes.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          expect(isWhole(await read(bytes.slice(0, at)))).toBe(false);
          const changed = bytes.slice();
          changed[at] = (changed[at] ?? 0) ^ flip;
          const before = await read(bytes);
          const after = await read(changed);
          // Changed white space or an equal escape in the last line may mean the same.
          if (isWhole(after)) expect(after).toEqual(before);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('tells lines that are no pages by their number', async () => {
    const [page] = fc.sample(anyPage, { numRuns: 1, seed: 3 });
    const writer = new ExportWriter();
    const strange = { ...page!, url: 'javascript:alert(1)' };
    const lines = [writer.head(new Date(0)), writer.page(strange), writer.page(page!)];
    const found = await read(new Uint8Array([...lines, writer.end()].flatMap((l) => [...l])));
    expect(found.map((line) => line.kind)).toEqual(['refused', 'page', 'end']);
    expect(found[0]).toMatchObject({ line: 2, error: { details: { name: 'url' } } });
    expect(isWhole(found)).toBe(true);
  });

  test('of another kind or version is refused at its first line', async () => {
    for (const other of ['', 'Title,Address\n', '{"format":"dejalu-export","version":2}\n']) {
      await expect(read(new TextEncoder().encode(other))).rejects.toMatchObject({
        code: 'bad-request',
      });
    }
  });
});

test('an exported page holds its fields and nothing else', () => {
  const [page] = fc.sample(anyPage, { numRuns: 1, seed: 3 });
  expect(readExportedPage({ ...page, secret: 1 })).toEqual(page);
  for (const name of Object.keys(page!)) {
    const broken = { ...page, [name]: undefined };
    expect(() => readExportedPage(broken)).toThrow(expect.objectContaining({ details: { name } }));
  }
});

test('an exported page of more text than a page may have is refused by its length', () => {
  const [page] = fc.sample(anyPage, { numRuns: 1, seed: 3 });
  const passages = [{ text: 'a'.repeat(5_000_000), heading: 'b'.repeat(4_000_000) }];
  expect(() => readExportedPage({ ...page, passages })).toThrow(
    /a text of 9000000 characters; at most 8388608 are allowed/,
  );
});
