import { AppError } from '../errors.ts';
import type { PageId } from '../ids.ts';
import { pageTypes } from '../page/types.ts';
import { ByteReader, ByteWriter, damaged, firstWords, readTerm, writeTerm } from './bytes.ts';
import type { PageRow } from './page-table.ts';
import type { ReadPart } from './read-part.ts';

/** A page as a segment keeps it: what a start and a list of results need, without another read. */
export interface PackedPage extends PageRow {
  readonly url: string;
  readonly title: string;
  /** Bytes of the compressed text as stored. */
  readonly textBytes: number;
  /** Number of the transaction that wrote the record this row is of. */
  readonly revision: number;
  /** First 32 bits of the hash of the page's content: tells whose codes and terms are stale. */
  readonly contentMark: number;
}

/*
 * Bytes of the rows, little-endian. First words of 32 bits:
 *
 *   version, rows, sites, languages, where the sites begin, where the strings begin
 *
 * then columns, each of one number a row: two of 64-bit floats (first and last reading); nine of 32-bit
 * words (those of `wordColumns`, the number of the site, where the strings of the row begin); one of
 * 16 bits (the language); two of 8 (the type, flags). Then the distinct sites and languages, and the strings: of
 * each row its address and its title, all written as terms after an empty one.
 */
const formatVersion = 1;
const headWords = 6;
const wordColumns = [
  'id',
  'revision',
  'contentMark',
  'textBytes',
  'readCount',
  'wordCount',
  'passageCount',
] as const;
const isPinnedFlag = 1;
/** Rows encoded between two places where other work may run. */
const sliceRows = 256;
/** Strings read at a time: those of some forty rows. */
const windowBytes = 4_096;

/** Numbers strings in the order in which they come. */
function numbered(): { readonly numbers: Map<string, number>; of(value: string): number } {
  const numbers = new Map<string, number>();
  return {
    numbers,
    of(value) {
      const known = numbers.get(value);
      if (known !== undefined) return known;
      numbers.set(value, numbers.size);
      return numbers.size - 1;
    },
  };
}

interface Layout {
  readonly times: number;
  readonly words: number;
  readonly langs: number;
  readonly types: number;
  readonly end: number;
}

/** Where each group of columns begins, in bytes. */
function layoutOf(rows: number): Layout {
  const times = headWords * 4;
  const words = times + 16 * rows;
  // Seven columns, the site's number, and where the row's strings begin.
  const langs = words + 4 * rows * (wordColumns.length + 2);
  const types = langs + 2 * rows;
  return { times, words, langs, types, end: types + 2 * rows };
}

/**
 * The bytes of `count` rows; row i is page i. Yields where other work may run.
 */
export function* encodePageRows(
  pages: Iterable<PackedPage>,
  count: number,
): Generator<void, Uint8Array> {
  const sites = numbered();
  const langs = numbered();
  const strings = new ByteWriter(1 << 14);
  const layout = layoutOf(count);
  const columns = new Uint8Array(layout.end);
  const times = new Float64Array(columns.buffer, layout.times, 2 * count);
  const words = new Uint32Array(columns.buffer, layout.words, count * (wordColumns.length + 2));
  const langColumn = new Uint16Array(columns.buffer, layout.langs, count);
  let row = 0;
  for (const page of pages) {
    times[row] = page.firstReadAt;
    times[count + row] = page.lastReadAt;
    for (const [column, name] of wordColumns.entries()) words[column * count + row] = page[name];
    words[wordColumns.length * count + row] = sites.of(page.site);
    words[(wordColumns.length + 1) * count + row] = strings.length;
    langColumn[row] = langs.of(page.lang);
    columns[layout.types + row] = pageTypes.indexOf(page.type);
    columns[layout.types + count + row] = page.isPinned ? isPinnedFlag : 0;
    writeTerm(strings, '', page.url);
    writeTerm(strings, '', page.title);
    row++;
    if (row % sliceRows === 0) yield;
  }
  const names = new ByteWriter();
  for (const { numbers } of [sites, langs]) {
    for (const name of numbers.keys()) writeTerm(names, '', name);
  }
  const stringsAt = layout.end + names.length;
  const head = new Uint32Array(columns.buffer, 0, headWords);
  head.set([formatVersion, count, sites.numbers.size, langs.numbers.size, layout.end, stringsAt]);
  const bytes = new Uint8Array(stringsAt + strings.length);
  bytes.set(columns);
  bytes.set(names.view(), layout.end);
  bytes.set(strings.view(), stringsAt);
  return bytes;
}

function readNames(reader: ByteReader, count: number): string[] {
  return Array.from({ length: count }, () => readTerm(reader, ''));
}

/**
 * The rows of a segment, read in place: numbers are views, strings are decoded when asked for. Where
 * they can be read later the strings are not kept.
 */
export class PageRows {
  readonly length: number;
  readonly ids: Uint32Array;
  readonly revisions: Uint32Array;
  readonly contentMarks: Uint32Array;
  readonly textBytes: Uint32Array;
  readonly passageCounts: Uint32Array;
  /** Bytes of all of it, kept or not. */
  readonly sizeBytes: number;
  /** Up to the strings where these are read later. */
  readonly #bytes: Uint8Array;
  readonly #readLater: ReadPart | null;
  /** What was read of the strings last, and where it begins. */
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;
  readonly #times: Float64Array;
  readonly #words: Uint32Array;
  readonly #langColumn: Uint16Array;
  readonly #types: Uint8Array;
  readonly #sites: readonly string[];
  readonly #langs: readonly string[];
  readonly #stringsAt: number;

  /**
   * @param readLater reads the same bytes again; null where nobody else keeps them
   * @throws AppError `storage-corrupt` for damaged bytes, `index-format` for another version
   */
  constructor(given: Uint8Array, readLater: ReadPart | null = null) {
    const [version, rows = 0, sites = 0, langs = 0, namesAt = 0, stringsAt = 0] = firstWords(
      given,
      headWords,
    );
    if (version !== formatVersion) {
      throw new AppError(
        'index-format',
        `Page rows of format ${version} were found; this version reads format ${formatVersion}.`,
      );
    }
    const layout = layoutOf(rows);
    if (layout.end !== namesAt || namesAt > stringsAt || stringsAt > given.length) {
      throw new AppError('storage-corrupt', 'The rows of a segment are not whole.');
    }
    const isInPlace = readLater === null && given.byteOffset % 8 === 0;
    const bytes = isInPlace ? given : given.slice(0, readLater === null ? undefined : stringsAt);
    const { buffer, byteOffset } = bytes;
    this.length = rows;
    this.sizeBytes = given.length;
    this.#bytes = bytes;
    this.#readLater = readLater;
    this.#stringsAt = stringsAt;
    this.#times = new Float64Array(buffer, byteOffset + layout.times, 2 * rows);
    this.#words = new Uint32Array(
      buffer,
      byteOffset + layout.words,
      rows * (wordColumns.length + 2),
    );
    this.#langColumn = new Uint16Array(buffer, byteOffset + layout.langs, rows);
    this.#types = bytes.subarray(layout.types, layout.end);
    const column = (name: (typeof wordColumns)[number]) => {
      const place = wordColumns.indexOf(name);
      return this.#words.subarray(place * rows, (place + 1) * rows);
    };
    this.ids = column('id');
    this.revisions = column('revision');
    this.contentMarks = column('contentMark');
    this.textBytes = column('textBytes');
    this.passageCounts = column('passageCount');
    const reader = new ByteReader(bytes, namesAt);
    this.#sites = readNames(reader, sites);
    this.#langs = readNames(reader, langs);
  }

  /** What the index keeps of a page in memory. */
  numbers(row: number): PageRow {
    const count = this.length;
    const word = (column: number) => this.#words[column * count + row] as number;
    return {
      id: word(0) as PageId,
      site: this.#sites[word(wordColumns.length)] ?? '',
      lang: this.#langs[this.#langColumn[row] as number] ?? '',
      type: pageTypes[this.#types[row] as number] ?? 'other',
      firstReadAt: this.#times[row] as number,
      lastReadAt: this.#times[count + row] as number,
      readCount: word(4),
      wordCount: word(5),
      passageCount: word(6),
      isPinned: ((this.#types[count + row] as number) & isPinnedFlag) !== 0,
    };
  }

  page(row: number): PackedPage {
    const reader = this.#stringsOf(row);
    const url = readTerm(reader, '');
    const title = readTerm(reader, '');
    return {
      ...this.numbers(row),
      url,
      title,
      textBytes: this.textBytes[row] as number,
      revision: this.revisions[row] as number,
      contentMark: this.contentMarks[row] as number,
    };
  }

  #stringsOf(row: number): ByteReader {
    const starts = (wordColumns.length + 1) * this.length;
    const start = this.#stringsAt + (this.#words[starts + row] as number);
    if (this.#readLater === null) return new ByteReader(this.#bytes, start);
    const isLast = row + 1 === this.length;
    const next = isLast ? undefined : (this.#words[starts + row + 1] as number);
    const end = next === undefined ? this.sizeBytes : this.#stringsAt + next;
    if (start > end || end > this.sizeBytes) throw damaged(`row ${row} ends before it begins`);
    if (start < this.#windowAt || end > this.#windowAt + this.#window.length) {
      // Who asks for one page asks for its neighbours most often.
      const size = Math.max(end - start, Math.min(windowBytes, this.sizeBytes - start));
      this.#window = this.#readLater(start, size);
      this.#windowAt = start;
    }
    return new ByteReader(this.#window, start - this.#windowAt);
  }
}
