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

/**
 * Takes a page's main text out of its snapshot and hands it to the engine, unless the page looks
 * private, which is said before anything is written.
 */
export async function readPage(
  job: PageJob,
  engine: Pick<EngineApi, 'readPage' | 'likeness'>,
  parser: DOMParser,
): Promise<HostOutcome> {
  const snapshot = await unpackText(job.snapshot, maxSnapshotBytes);
  const extracted: Extracted =
    job.form === 'pdf' ? JSON.parse(snapshot) : extractPage(snapshot, job.url, parser);
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
