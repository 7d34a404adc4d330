import { spawnChromium } from '../lib/chromium.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from '../lib/page-text.ts';
import { expect, test } from './fixtures.ts';

/** Many times the dwell time of these tests. */
const wellOverDwellMs = 3_000;

/** Has the browser prerender two pages, and goes to one of them when the server says so. */
const inAdvance = `<script type="speculationrules">
  {"prerender": [{"urls": ["/shown.html", "/unseen.html"], "eagerness": "immediate"}]}
</script><script>
  setInterval(async () => {
    if ((await (await fetch('/may-go')).text()) === 'yes') location.href = '/shown.html';
  }, 200);
</script>`;

/** Tells the server that the page runs before it is shown, and for how long it did once it is. */
const telling = `<script>
  if (document.prerendering) fetch('/runs' + location.pathname);
  document.addEventListener('prerenderingchange', () => fetch(
    '/shown-after/' + performance.getEntriesByType('navigation')[0].activationStart
  ));
</script>`;

test('a page that the browser prerenders is read once it is shown, and not before', async ({
  session,
  server,
}) => {
  let mayGo = 'no';
  server.serve('/may-go', () => mayGo);
  const first = server.serve('/first.html', articleHtml('Spring', beeParagraphs, inAdvance));
  const shown = server.serve('/shown.html', articleHtml('Four minutes', watchParagraphs, telling));
  server.serve('/unseen.html', articleHtml('Nineteen jars', beeParagraphs, telling));
  const seen = (prefix: string) =>
    server.requests.map(({ url }) => url).filter((url) => url.startsWith(prefix));
  // The settings lie in the profile, for the browser that nobody drives.
  await session.start();
  await session.stop();

  const end = spawnChromium({ profile: session.profile, proxyPort: server.port }, first);
  try {
    await expect
      .poll(() => seen('/runs').sort())
      .toEqual(['/runs/shown.html', '/runs/unseen.html']);
    await new Promise((resolve) => setTimeout(resolve, wellOverDwellMs));
    mayGo = 'yes';
    await expect.poll(() => seen('/shown-after/')).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, wellOverDwellMs));
  } finally {
    await end();
  }
  const [activationStart] = seen('/shown-after/').map((url) => Number(url.split('/').at(-1)));
  expect(activationStart).toBeGreaterThan(wellOverDwellMs);
  expect(seen('/shown.html')).toHaveLength(1);
  const pages = await (await session.start()).recentPages();
  expect(pages.map(({ url }) => url)).toEqual([shown, first]);
  // It was read after it was shown, not when it was made.
  expect((pages[0]?.lastReadAt ?? 0) - (pages[1]?.lastReadAt ?? 0)).toBeGreaterThan(
    wellOverDwellMs - 1_000,
  );
});
