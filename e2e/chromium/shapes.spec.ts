import { articleHtml, beeParagraphs, escapeHtml } from '../lib/page-text.ts';
import { readSamplePages, type SamplePage } from '../lib/samples.ts';
import { expect, test } from './fixtures.ts';

const samples = readSamplePages();
const sample = (path: string): SamplePage => samples.find((page) => page.path === path)!;

/** White space runs as one space, as a reader sees them. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

for (const path of [
  '/components/fog-nets.html',
  '/frames/frames.html',
  '/help/parcel-lockers.html',
]) {
  test(`the main text of ${path} is stored, the rest is not`, async ({ extension, server }) => {
    const page = await extension.readPage(server.url(path));
    const text = flat(await extension.storedText(page.id));
    for (const sentence of sample(path).contains) expect(text).toContain(flat(sentence));
    for (const sentence of sample(path).excludes) expect(text).not.toContain(flat(sentence));
    for (const sentence of sample(path).framesContain ?? []) expect(text).toContain(flat(sentence));
  });
}

test('each view of a single-page app becomes its own page', async ({ extension, server }) => {
  const tab = await extension.context.newPage();
  await tab.bringToFront();
  await tab.goto(server.url('/app/'));
  for (const path of ['/app/?view=tides', '/app/?view=lichens', '/app/?view=peat']) {
    const startedAt = Date.now();
    await tab
      .locator(`a[href$="${path.slice('/app/'.length)}"]`)
      .first()
      .click();
    const page = await extension.waitUntilStored(server.url(path), startedAt);
    await expect
      .poll(async () => flat(await extension.storedText(page.id)))
      .toContain(flat(sample(path).contains.at(-1)!));
  }
  const urls = (await extension.recentPages()).map((page) => page.url);
  expect(urls).toEqual(expect.arrayContaining([server.url('/app/?view=tides')]));
});

const hostile = samples.filter((page) => page.hostile === true);
test('hostile pages are stored as text and change nothing', async ({ extension, server }) => {
  expect(hostile.length).toBeGreaterThanOrEqual(8);
  const tab = await extension.context.newPage();
  for (const { path, contains, excludes } of hostile) {
    const page = await extension.readPage(server.url(path), tab);
    const text = flat(await extension.storedText(page.id));
    for (const sentence of contains) expect(text, path).toContain(flat(sentence));
    for (const sentence of excludes) expect(text, path).not.toContain(flat(sentence));
  }
  // Their titles and texts are shown as text: no element of theirs comes to life.
  const popup = await extension.openPopup();
  await expect(popup.options).toHaveCount(hostile.length);
  for (const { title } of hostile) {
    const query = title.split(/\s+/).slice(0, 6).join(' ');
    await popup.search(query.replace(/["():-]/g, ' '));
  }
  expect(await popup.page.locator('script:not([src]), img[onerror], iframe').count()).toBe(0);
});

test('a page of 20,000 words is found by a sentence near its end', async ({
  extension,
  server,
}) => {
  const path = '/books/three-men-in-a-boat.html';
  const page = await extension.readPage(server.url(path));
  expect(page.wordCount).toBeGreaterThan(20_000);
  const sentence = sample(path).contains.at(-1)!;
  expect((await extension.searchUrls(sentence.split(' ').slice(0, 12).join(' ')))[0]).toBe(
    page.url,
  );
});

test('pages of 5 MB, of nothing, of control characters and of lone surrogates do no harm', async ({
  extension,
  server,
}) => {
  test.setTimeout(180_000);
  const kept = await extension.readPage(
    server.serve('/kept.html', articleHtml('Nineteen jars', beeParagraphs)),
  );
  const sentence = 'The tide table for the inner harbour repeats itself with small differences. ';
  const huge = server.serve(
    '/huge.html',
    articleHtml(
      'Five megabytes',
      Array.from({ length: 700 }, (_, i) => `${i} ${sentence.repeat(95)}`),
    ),
  );
  const controls = server.serve(
    '/controls.html',
    articleHtml('Controls', [
      `bell \u0007 escape \u001b[31m and words around them`,
      ...beeParagraphs,
    ]),
  );
  const surrogates = server.serve(
    '/surrogates.html',
    `<!doctype html><title>Lone</title><article id="a"><p>${escapeHtml(beeParagraphs.join(' '))}</p></article>
     <script>document.getElementById('a').append('high \\ud83d low \\ude00 end'); document.title = 'Lone \\ud83d'</script>`,
  );
  const empty = server.serve('/empty.html', '');
  const tab = await extension.context.newPage();
  await tab.goto(huge);
  await extension.waitUntilStored(huge, 0, 90_000);
  await extension.readPage(controls, tab);
  await extension.readPage(surrogates, tab);
  await tab.goto(empty);
  await new Promise((resolve) => setTimeout(resolve, 1_500));

  expect(await extension.isStored(empty)).toBe(false);
  expect((await extension.searchUrls('tide table inner harbour'))[0]).toBe(huge);
  expect(await extension.isStored(kept.url)).toBe(true);
  expect((await extension.searchUrls('nineteen jars of dark honey'))[0]).toContain('.html');
  expect((await extension.ask('page-engine:status', null)).state).toBe('ready');
});

test('a burst of sixty tabs opened at once loses none, though the background dies twice', async ({
  extension,
  server,
}) => {
  test.setTimeout(180_000);
  const urls = Array.from({ length: 60 }, (_, index) =>
    server.serve(`/burst-${index}.html`, articleHtml(`Burst ${index}`, beeParagraphs)),
  );
  const tabIds = await extension.openBehind(urls);
  // A page is read when a person looks at it.
  for (const [index, id] of tabIds.entries()) {
    await extension.bringToFront(id);
    if (index % 20 === 10) await extension.stopServiceWorker();
    await extension.waitUntilStored(urls[index]!);
  }
  expect(await extension.recentPages()).toHaveLength(urls.length);
});
