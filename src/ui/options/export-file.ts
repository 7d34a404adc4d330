import { AppError, asAppError } from '../../core/errors.ts';
import { type ExportedPage, readExportedPage } from '../../core/page/exported-page.ts';
import { crc32 } from '../../engine/checksum.ts';

/** Version of the file; docs/export-format.md has its lines. */
export const exportVersion = 1;
const formatName = 'dejalu-export';

/** A line longer than this is no page: the largest stored page is far below it. */
const maxLineBytes = 256 * 1024 * 1024;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** Makes the lines of an export, and the checksum that ends it. */
export class ExportWriter {
  #checksum = 0;
  #pageCount = 0;

  /** The first line. `at`: when the export was made. */
  head(at: Date): Uint8Array<ArrayBuffer> {
    return this.#line({
      format: formatName,
      version: exportVersion,
      exportedAt: at.toISOString(),
    });
  }

  page(page: ExportedPage): Uint8Array<ArrayBuffer> {
    this.#pageCount += 1;
    return this.#line(page);
  }

  /** The last line, which no checksum covers. */
  end(): Uint8Array<ArrayBuffer> {
    return utf8.encode(
      `${JSON.stringify({ pages: this.#pageCount, crc32: hexadecimal(this.#checksum) })}\n`,
    );
  }

  #line(value: unknown): Uint8Array<ArrayBuffer> {
    const bytes = utf8.encode(`${JSON.stringify(value)}\n`);
    this.#checksum = crc32(bytes, this.#checksum);
    return bytes;
  }
}

/** What a line of an export turned out to be. `line` counts from 1. */
export type ExportLine =
  | { readonly kind: 'page'; readonly line: number; readonly page: ExportedPage }
  | { readonly kind: 'refused'; readonly line: number; readonly error: AppError }
  /** The file's end; `isWhole`: with the number of pages and the checksum that it says. */
  | { readonly kind: 'end'; readonly isWhole: boolean };

/**
 * Reads an export line by line, in memory no more than one line. Ends with `end`, always.
 * @throws AppError `bad-request` when the first line is not that of an export of this version
 */
export async function* readExport(file: ReadableStream<Uint8Array>): AsyncGenerator<ExportLine> {
  let line = 0;
  let checksum = 0;
  let pageCount = 0;
  let isWhole = false;
  for await (const bytes of linesOf(file)) {
    line += 1;
    isWhole = false; // a line after the end is not of the export
    const value = parse(bytes);
    if (line === 1) {
      requireHead(value);
    } else if (isEnd(value)) {
      isWhole = value.pages === pageCount && value.crc32 === hexadecimal(checksum);
      continue;
    } else {
      pageCount += 1;
      try {
        yield { kind: 'page', line, page: readExportedPage(value) };
      } catch (thrown) {
        yield { kind: 'refused', line, error: asAppError(thrown) };
      }
    }
    checksum = crc32(bytes, checksum);
  }
  if (line === 0) requireHead(null);
  yield { kind: 'end', isWhole };
}

function isEnd(value: unknown): value is { pages: unknown; crc32: unknown } {
  return typeof value === 'object' && value !== null && 'crc32' in value && 'pages' in value;
}

function requireHead(value: unknown): void {
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== formatName || version !== exportVersion) {
    throw new AppError(
      'bad-request',
      `An export begins with {"format":"${formatName}","version":${exportVersion}}`,
    );
  }
}

/** Null for a line that is no JSON; as a page it is refused. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8.decode(bytes));
  } catch {
    return null;
  }
}

/** Lines with their line feeds; the last may be without. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      let from = 0;
      for (;;) {
        const feed = value.indexOf(10, from);
        if (feed === -1) break;
        yield together([...parts, value.subarray(from, feed + 1)]);
        parts = [];
        length = 0;
        from = feed + 1;
      }
      if (from < value.length) parts.push(value.slice(from));
      length += value.length - from;
      if (length > maxLineBytes) {
        throw new AppError('bad-request', `A line is longer than ${maxLineBytes} bytes`);
      }
    }
    if (parts.length > 0) yield together(parts);
  } finally {
    await reader.cancel();
  }
}

/** Some bytes and those that follow as one piece; a single piece is not copied. */
export function together<Buffer extends ArrayBufferLike>(
  parts: readonly Uint8Array<Buffer>[],
): Uint8Array<Buffer | ArrayBuffer> {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const hexadecimal = (checksum: number): string => checksum.toString(16).padStart(8, '0');
