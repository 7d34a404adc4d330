import { AppError } from '../../core/errors.ts';
import type { ExportedPage } from '../../core/page/exported-page.ts';
import type { ExportSlice, ImportReceipt } from '../../engine/api.ts';
import type { ExportFile } from '../../platform/export-files.ts';
import type { Ask } from '../parts/services.ts';
import { ExportWriter, readExport, together } from './export-file.ts';

/** Pages of one message; few enough that a slice takes a moment and a stop comes soon. */
const pagesPerSlice = 50;
/** A slice of an import ends when its pages have this many UTF-16 units of text. */
const maxSliceLength = 2_000_000;
const sliceTimeoutMs = 120_000;

export interface ExportResult {
  readonly file: Blob;
  readonly pageCount: number;
  readonly unreadable: number;
  /** To be called when the file was downloaded; until then its bytes may be on the disk. */
  remove(): Promise<void>;
}

/** Kinds of file that an export can be: lines of JSON, the same packed, or a folder of Markdown. */
export const exportKinds = ['lines', 'packed', 'markdown'] as const;
export type ExportKind = (typeof exportKinds)[number];

/** What is written of an export: a beginning, each page, an end. */
interface Writer {
  readonly type: string;
  head(at: Date): readonly Uint8Array<ArrayBuffer>[];
  page(page: ExportedPage): readonly Uint8Array<ArrayBuffer>[];
  end(): readonly Uint8Array<ArrayBuffer>[];
}

async function writerOf(kind: ExportKind): Promise<Writer> {
  if (kind === 'markdown') {
    const { MarkdownFolder } = await import('./markdown-file.ts');
    const folder = new MarkdownFolder();
    return {
      type: 'application/zip',
      head: () => [],
      page: (page) => folder.add(page),
      end: () => folder.end(),
    };
  }
  const lines = new ExportWriter();
  return {
    type: kind === 'packed' ? 'application/gzip' : 'application/jsonl',
    head: (at) => [lines.head(at)],
    page: (page) => [lines.page(page)],
    end: () => [lines.end()],
  };
}

/**
 * Makes the file of an export; null when it was stopped, or everything was erased meanwhile. Each
 * slice is asked for when the one before has been written, so that no more than that is in memory.
 * @throws AppError `storage-full` when there is no room for the file; nothing is left of it then
 */
export async function exportAll(
  ask: Ask,
  kind: ExportKind,
  createFile: () => Promise<ExportFile>,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<ExportResult | null> {
  const counts = { pageCount: 0, unreadable: 0 };
  const writer = await writerOf(kind);
  async function* pieces() {
    yield together(writer.head(new Date()));
    let after: ExportSlice['next'] = null;
    do {
      const slice: ExportSlice = await ask(
        'page-engine:export-pages',
        { after, limit: pagesPerSlice },
        { timeoutMs: sliceTimeoutMs },
      );
      yield together(slice.pages.flatMap((page) => writer.page(page)));
      counts.pageCount += slice.pages.length;
      counts.unreadable += slice.unreadable;
      after = slice.next;
      onProgress(counts.pageCount);
    } while (after !== null);
    yield together(writer.end());
  }
  const file = await createFile().catch(asFull);
  const stop = AbortSignal.any([signal, file.taken]);
  try {
    await streamOf(pieces(), kind).pipeTo(file.bytes, { signal: stop });
    return { file: await file.whole(writer.type), ...counts, remove: file.remove };
  } catch (thrown) {
    await file.remove();
    if (stop.aborted) return null;
    return asFull(thrown);
  }
}

/** Gives a piece when it is asked for one, and makes none ahead. */
function streamOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  kind: ExportKind,
): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => pieces.return(undefined).then(() => undefined),
    },
    { highWaterMark: 0 },
  );
  return kind === 'packed' ? stream.pipeThrough(new CompressionStream('gzip')) : stream;
}

/** The browser's word for a full disk, under the code that it has everywhere. */
function asFull(thrown: unknown): never {
  if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError') {
    throw new AppError('storage-full', 'The disk has no room for the export', { cause: thrown });
  }
  throw thrown;
}

/** The lines of an export, also out of a packed one; one that is cut short just ends there. */
async function linesIn(file: Blob): Promise<ReadableStream<Uint8Array>> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return file.stream();
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch {
        // Damage: what came before it can still be read, and the missing end tells the rest.
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** What an import did, or would do. */
export interface ImportResult extends ImportReceipt {
  readonly refused: number;
  /** Number of the first line that is no page, 0 when there is none. */
  readonly firstRefusedLine: number;
  /** Whether the file is as long as it says, with its checksum. */
  readonly isWhole: boolean;
  readonly isStopped: boolean;
}

/**
 * Goes through the pages of a file, to count what an import would do or to do it. Stopping leaves
 * what was imported; the same file again passes over it.
 * @throws AppError `bad-request` when the file is no export
 */
export async function importAll(
  ask: Ask,
  file: Blob,
  isTrial: boolean,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<ImportResult> {
  const counts = { added: 0, updated: 0, unchanged: 0, refused: 0, firstRefusedLine: 0 };
  let slice: ExportedPage[] = [];
  let length = 0;
  let done = 0;
  const flush = async () => {
    if (slice.length === 0) return;
    const receipt = await ask(
      'page-engine:import-pages',
      { pages: slice, isTrial },
      { timeoutMs: sliceTimeoutMs },
    );
    counts.added += receipt.added;
    counts.updated += receipt.updated;
    counts.unchanged += receipt.unchanged;
    done += slice.length;
    slice = [];
    length = 0;
    onProgress(done);
  };
  for await (const entry of readExport(await linesIn(file))) {
    if (signal.aborted) return { ...counts, isWhole: false, isStopped: true };
    if (entry.kind === 'end') {
      await flush();
      return { ...counts, isWhole: entry.isWhole, isStopped: false };
    }
    if (entry.kind === 'refused') {
      counts.refused += 1;
      counts.firstRefusedLine ||= entry.line;
      continue;
    }
    slice.push(entry.page);
    length += entry.page.passages.reduce((sum, { text }) => sum + text.length, 0);
    if (slice.length >= pagesPerSlice || length > maxSliceLength) await flush();
  }
  return { ...counts, isWhole: false, isStopped: false };
}
