import { isMostlyGone } from '../core/page/changes.ts';
import { judgePage } from '../core/page/private-rules.ts';
import { redactText, redactUrl } from '../core/page/redact.ts';
import type { PageText } from '../core/page/types.ts';
import type { EngineApi } from '../engine/api.ts';
import type { HostOutcome, PageJob } from '../messaging/host-protocol.ts';
import { unpackText } from '../platform/gzip.ts';
import { type Extracted, extractPage } from './extract.ts';

/** A snapshot is capped in UTF-16 units by the background; in UTF-8 one unit is 3 bytes at most. */
const maxSnapshotBytes = 13_000_000;
const maxTitleLength = 500;

function toPageText(job: PageJob, extracted: Extracted): PageText {
  const title = redactText(
    (job.title || extracted.title)
      .replace(/\p{Cs}/gu, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const url = redactUrl(job.url);
  const shown = (title || url).slice(0, maxTitleLength);
  return {
    key: job.key,
    url,
    title: shown,
    // The title stands for the text: what has no passage at all is found by no meaning.
    blocks:
      job.action === 'title-only'
        ? [{ kind: 'text', text: shown }]
        : extracted.blocks.map((block) => ({ ...block, text: redactText(block.text) })),
    lang: extracted.lang,
    type: extracted.type,
    readAt: job.readAt,
    ...(job.isFetched === true ? { isFetched: true } : {}),
  };
}

type ReadingEngine = Pick<EngineApi, 'readPage' | 'likeness' | 'pageByKey' | 'storedPage'>;

/**
 * Whether a site says by its answer that it has the page no more, or not now, and shows another text
 * in the place of the stored one. The status alone does not tell: some sites answer 404 and draw the
 * page all the same.
 */
async function isErrorInPlace(
  { key, status = 0 }: PageJob,
  { blocks }: Extracted,
  engine: ReadingEngine,
): Promise<boolean> {
  if (status < 400) return false;
  const known = await engine.pageByKey(key);
  const stored = known && (await engine.storedPage(known.id));
  const texts = (parts: readonly { readonly text: string }[]) => parts.map(({ text }) => text);
  return stored !== null && isMostlyGone(texts(stored.passages), texts(blocks));
}

/**
 * Takes a page's main text out of its snapshot and hands it to the engine, unless the page looks
 * private, which is said before anything is written.
 */
export async function readPage(
  job: PageJob,
  engine: ReadingEngine,
  parser: DOMParser,
): Promise<HostOutcome> {
  const snapshot = await unpackText(job.snapshot, maxSnapshotBytes);
  const extracted: Extracted =
    job.form === 'pdf' ? JSON.parse(snapshot) : extractPage(snapshot, job.url, parser);
  if (await isErrorInPlace(job, extracted, engine)) return { outcome: 'error-page' };
  if (!job.isAllowed) {
    const text = extracted.blocks.map((block) => block.text).join('\n');
    const { url, title, signals } = job;
    const likeness = await engine.likeness(title, text);
    const judgement = judgePage({ url, title, text, signals, likeness });
    if (judgement.verdict === 'private') return { outcome: 'private', reasons: judgement.reasons };
    if (judgement.verdict === 'doubtful') return { outcome: 'held', reasons: judgement.reasons };
  }
  if (extracted.blocks.length === 0 && job.title.trim() === '') return { outcome: 'empty' };
  return { outcome: 'stored', receipt: await engine.readPage(toPageText(job, extracted)) };
}
