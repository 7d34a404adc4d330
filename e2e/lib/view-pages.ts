import type { PageKey } from '../../src/core/ids.ts';
import type { Extension } from './extension.ts';
import { articleHtml, beeParagraphs, watchParagraphs } from './page-text.ts';
import type { SiteServer } from './site-server.ts';

/** Reads three short pages; their addresses, first read first. */
export async function readThree(
  extension: Extension,
  server: SiteServer,
): Promise<readonly string[]> {
  const tab = await extension.context.newPage();
  const urls = [
    server.serve('/bees.html', articleHtml('Nineteen jars', beeParagraphs)),
    server.serve('/watch.html', articleHtml('Four minutes a day', watchParagraphs)),
    server.serve('/bench.html', articleHtml('Bench rules', watchParagraphs.slice(1))),
  ];
  for (const url of urls) await extension.readPage(url, tab);
  return urls;
}

/** Pages about bees, one a month back from now, as an import brings them. */
export async function importOlder(extension: Extension, months: number): Promise<void> {
  const now = new Date();
  const pages = Array.from({ length: months }, (_, back) => {
    const at = new Date(now.getFullYear(), now.getMonth() - back, 1).getTime();
    const url = `https://bees.example/${back}`;
    const times = { firstReadAt: at, lastReadAt: at, readCount: 1, visits: [at] };
    const text = `Month ${back}: ${beeParagraphs[back % beeParagraphs.length]}`;
    const passages = [{ text }];
    const kind = { lang: 'en', type: 'article', isPinned: false } as const;
    return { key: url as PageKey, url, title: `Hive notes ${back}`, ...kind, ...times, passages };
  });
  await extension.ask('page-engine:import-pages', { pages, isTrial: false });
}
