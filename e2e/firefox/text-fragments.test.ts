import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BidiTab } from '../lib/bidi.ts';
import { Firefox } from '../lib/firefox.ts';
import { articleHtml, beeParagraphs } from '../lib/page-text.ts';
import { readablePages, siteFolder } from '../lib/samples.ts';
import { SiteServer } from '../lib/site-server.ts';
import { editedWords, lookForPointed, lowWindow, type Pointed } from '../lib/text-fragments.ts';

let server: SiteServer;
let profile: string;
let firefox: Firefox;
let tab: BidiTab;

beforeAll(async () => {
  server = await SiteServer.start(siteFolder);
  profile = await mkdtemp(join(tmpdir(), 'dejalu-firefox-'));
  firefox = await Firefox.start(profile, server.port);
  tab = await firefox.openTab();
});

afterAll(async () => {
  await firefox.stop();
  await server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
});

/** The link of the page for a query, once the page is read. */
async function linkFor(url: string, query: string): Promise<string> {
  await firefox.readPage(url, tab);
  const { hits } = await firefox.ask('page-engine:search', { query, limit: 20 });
  const hit = hits.find(({ page }) => page.url === url);
  if (hit === undefined) throw new Error(`${url} was not found by "${query}"`);
  return hit.openUrl;
}

async function open(link: string): Promise<Pointed> {
  const low = await firefox.openTab();
  await low.resize(lowWindow);
  await low.goTo(link);
  await low.waitFor(`${lookForPointed(link)}.isInSight`, 10_000).catch(() => {
    // What it shows instead is reported.
  });
  const seen = await low.evaluate<Pointed>(lookForPointed(link));
  await low.close();
  return seen;
}

test('links open sample pages at the passage', async () => {
  const shapes = new Set<string>();
  const pages = readablePages().filter(({ shape, contains, path, canonical, hostile }) => {
    const isPlain = canonical === undefined && hostile !== true && !path.startsWith('/frames/');
    if (!isPlain || shapes.has(shape) || contains.length < 2) return false;
    shapes.add(shape);
    return true;
  });
  expect(pages.length).toBeGreaterThanOrEqual(10);
  let scrolled = 0;
  for (const { path, contains } of pages) {
    const link = await linkFor(server.url(path), contains.at(-1) ?? '');
    const seen = await open(link);
    expect(seen, link).toMatchObject({ isInSight: true });
    scrolled += seen.scrolled > 0 ? 1 : 0;
  }
  expect(scrolled).toBeGreaterThan(pages.length / 2);
});

test('a link still opens at the passage when the words it points at first were edited', async () => {
  const paragraphs = [...beeParagraphs, 'Nothing at all of this is about bees. '.repeat(200)];
  const url = server.serve('/edited.html', articleHtml('Nineteen jars', paragraphs));
  const link = await linkFor(url, beeParagraphs.at(-1) ?? '');
  server.serve('/edited.html', articleHtml('Nineteen jars', editedWords(paragraphs, link)));
  const seen = await open(link);
  expect(seen).toMatchObject({ areThere: false, isInSight: true });
  expect(seen.scrolled).toBeGreaterThan(0);
});
