import type { PageNow } from '../messaging/host-protocol.ts';
import { unpackText } from '../platform/gzip.ts';
import { extractPage } from './extract.ts';
import type { FetchPage } from './fetch-page.ts';

const maxSnapshotBytes = 13_000_000;

/** Looks at a page as it is now, without cookies, and stores nothing. */
export async function lookAtPage(
  url: string,
  fetchPage: FetchPage,
  parser: DOMParser,
): Promise<PageNow> {
  const fetched = await fetchPage(url, false);
  if (fetched.state === 'failed' && fetched.why === 'not-found') return { state: 'gone' };
  if (fetched.state !== 'fetched' || fetched.form !== 'html') return { state: 'unknown' };
  const html = await unpackText(fetched.snapshot, maxSnapshotBytes);
  const { blocks } = extractPage(html, fetched.url, parser);
  return { state: 'there', texts: blocks.map(({ text }) => text) };
}
