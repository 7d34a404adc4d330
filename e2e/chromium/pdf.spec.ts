import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { makePdf, setParagraphs } from '../../src/host/pdf/make-pdf.test-tools.ts';
import type { Extension } from '../lib/extension.ts';
import { beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import type { SiteServer } from '../lib/site-server.ts';
import { expect, test } from './fixtures.ts';

const pdfHeaders = { 'content-type': 'application/pdf' };

function servePdf(server: SiteServer, path: string, bytes: Uint8Array): string {
  return server.serve(path, () => ({ headers: pdfHeaders, body: bytes }));
}

/** Words set in lines, as wide as a sheet holds. */
const lines = (text: string): readonly string[] => text.match(/.{1,70}(?:\s|$)/g) ?? [];
const sheetOf = (paragraphs: readonly string[]) => setParagraphs(paragraphs.map(lines));

async function open(extension: Extension, url: string) {
  const tab = await extension.context.newPage();
  // The browser hands over to its viewer, which Playwright may take for a download.
  await tab.goto(url).catch(() => {});
  await tab.bringToFront();
  return tab;
}

test('a PDF that the browser shows is found, and opened at its page', async ({
  extension,
  server,
}) => {
  const url = servePdf(
    server,
    '/reports/roof.pdf',
    makePdf({
      sheets: [
        [{ text: 'Nineteen jars', y: 740, size: 20 }, ...sheetOf(beeParagraphs)],
        [
          ...sheetOf(watchParagraphs),
          { text: '벌통은 옥상의 두 굴뚝 사이에 놓여 있다', y: 100, isKorean: true },
        ],
      ],
    }),
  );
  await open(extension, url);
  const page = await extension.waitUntilStored(url);
  expect(page).toMatchObject({ title: 'Nineteen jars', type: 'pdf' });
  const text = await extension.storedText(page.id);
  expect(text).toContain('옥상의 두 굴뚝');
  const opened = async (query: string) => (await extension.search(query)).hits[0]?.openUrl;
  expect(await opened('bees on a roof')).toBe(`${url}#page=1`);
  expect(await opened('repairing a wristwatch')).toBe(`${url}#page=2`);
  // The address of the PDF is all that was asked for, and only once: its bytes were in the cache.
  expect(
    server.requests.map((request) => request.url).filter((path) => path !== '/favicon.ico'),
  ).toEqual(['/reports/roof.pdf']);
});

test('a PDF of five hundred pages is read in slices, with its progress told', async ({
  extension,
  server,
}) => {
  const sheets = Array.from({ length: 500 }, (_, i) => [
    ...sheetOf([...beeParagraphs, ...watchParagraphs]),
    { text: `Chapter ${i + 1} speaks of lock number ${i + 1}.`, y: 90 },
  ]);
  const url = servePdf(server, '/long.pdf', makePdf({ sheets }));
  await open(extension, url);
  const seen: number[] = [];
  await expect
    .poll(
      async () => {
        const { state } = await extension.ask('page-background:current-page-state', null);
        if (state.state === 'reading' && state.progress) {
          expect(state.progress.total).toBe(500);
          seen.push(state.progress.done);
        }
        return state.state;
      },
      { timeout: 120_000, intervals: [20] },
    )
    .toBe('stored');
  expect(seen.some((done) => done > 0 && done < 500)).toBe(true);
  const [hit] = (await extension.search('lock number 421')).hits;
  expect(hit?.openUrl).toMatch(new RegExp(`^${url}#page=\\d+$`));
});

test('a PDF of the disk is read where the browser lets the extension see files', async ({
  extension,
}, info) => {
  const path = info.outputPath('bees.pdf');
  await writeFile(path, makePdf({ title: 'Bees at home', sheets: [sheetOf(beeParagraphs)] }));
  const url = pathToFileURL(path).href;
  await open(extension, url);
  expect(await extension.waitUntilStored(url)).toMatchObject({
    title: 'Bees at home',
    site: 'file',
  });
});

test('a PDF that cannot be read says why', async ({ extension, server }) => {
  const sheets = [sheetOf(beeParagraphs)];
  const cases = [
    ['locked', makePdf({ sheets, isEncrypted: true }), 'pdf-encrypted'],
    ['broken', new TextEncoder().encode('%PDF-1.4 and nothing else'), 'pdf-damaged'],
    ['scan', makePdf({ sheets: [[]] }), 'pdf-no-text'],
    ['huge', new Uint8Array(64 * 1024 * 1024 + 1), 'pdf-too-large'],
  ] as const;
  for (const [name, bytes, reason] of cases) {
    const tab = await open(extension, servePdf(server, `/${name}.pdf`, bytes));
    const state = () => extension.ask('page-background:current-page-state', null);
    await expect
      .poll(async () => (await state()).state)
      .toMatchObject({ state: 'not-readable', reason });
    await tab.close();
  }
  expect(await extension.recentPages()).toEqual([]);
});
