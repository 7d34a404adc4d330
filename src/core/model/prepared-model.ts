import type { ModelId } from '../ids.ts';
import { xxh32 } from '../index/checksum.ts';
import { decodeUtf8, encodeUtf8 } from './safetensors.ts';
import { type TextForms, textForms } from './text-forms.ts';
import { packedTableOf } from './token-table.ts';
import { tokenizerOf } from './tokenizer.ts';
import type { StaticModel, TokenTable } from './types.ts';
import type { VocabularyTable } from './vocabulary.ts';

/**
 * A model as it is after it was read and checked, in one stretch of bytes: a start that has these
 * reads them and is done, without the vocabulary's JSON, hashes and lengths of vectors, and without
 * asking the browser for the normal form of every character.
 *
 * Words of 32 bits, little-endian: "DLPM", the version, the bytes of the header, XXH32 of all that lies
 * between these words and the rows with the bytes of the header for its seed. The header, JSON in
 * UTF-8: what is not a column, and of each column where it begins and its elements. The columns, of
 * which the rows of the table are the last. Everything begins at a multiple of 8.
 */
const magic = 0x4d504c44;
/** Grows whenever what is prepared changes: other bytes are not read. */
const preparedVersion = 2;
const headWords = 4;

const columnTypes = {
  units: Uint16Array,
  offsets: Uint32Array,
  continues: Uint8Array,
  slots: Uint32Array,
  hashes: Uint32Array,
  forms: Uint32Array,
  expansions: Uint8Array,
  packed: Uint8Array,
  weights: Int16Array,
  scales: Float32Array,
  norms: Float32Array,
} as const;

type ColumnName = keyof typeof columnTypes & keyof Columns;
type Columns = Omit<VocabularyTable, 'longest'> &
  Required<Pick<TokenTable, 'packed' | 'weights' | 'scales' | 'norms'>> & {
    readonly forms: TextForms['entries'];
    readonly expansions: TextForms['expansions'];
  };

interface Header {
  readonly model: Omit<StaticModel, 'tokenizer' | 'table'>;
  /** The browser, whose Unicode the forms of characters are of. */
  readonly browser: string;
  readonly unknownId: number;
  readonly maxWordChars: number;
  readonly longest: number;
  /** XXH32 of the table's rows, which are five sixths of all bytes. */
  readonly rowsChecksum: number;
  readonly columns: Readonly<Record<ColumnName, { readonly at: number; readonly length: number }>>;
}

const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8;

/**
 * The model's bytes for {@link readPrepared}; null for a model of another kind than ours.
 * @param browser its name and version
 */
export function prepareModel(read: StaticModel, browser: string): Uint8Array<ArrayBuffer> | null {
  const { tokenizer, table, ...model } = read;
  const { pieces } = tokenizer;
  const { packed, weights, scales, norms } = table;
  if (pieces === undefined || packed === undefined) return null;
  const { units, offsets, continues, slots, hashes, longest } = pieces.table;
  const { entries: forms, expansions } = pieces.forms ?? textForms();
  const columns: Columns = {
    ...{ units, offsets, continues, slots, hashes, forms, expansions },
    ...{ weights, scales, norms, packed },
  };
  // Places count from the end of the header, whose size they would change otherwise.
  let end = 0;
  const places = Object.entries(columns).map(([name, column]) => {
    const at = end;
    end = aligned(end + column.byteLength);
    return [name, { at, length: column.length }] as const;
  });
  const { unknownId, maxWordChars } = pieces;
  const text = JSON.stringify({
    ...{ model, browser, unknownId, maxWordChars, longest, rowsChecksum: xxh32(packed) },
    columns: Object.fromEntries(places) as Header['columns'],
  } satisfies Header);
  const header = encodeUtf8(text);
  const start = headWords * 4 + aligned(header.length);
  const bytes = new Uint8Array(start + end);
  bytes.set(header, headWords * 4);
  for (const [name, { at }] of places) {
    const column = columns[name as ColumnName];
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start + at);
  }
  const rowsPlace = start + (places.at(-1)?.[1].at ?? 0);
  new Uint32Array(bytes.buffer, 0, headWords).set([
    magic,
    preparedVersion,
    header.length,
    xxh32(bytes.subarray(headWords * 4, rowsPlace), header.length),
  ]);
  return bytes;
}

/** The header, where the columns begin, and where the last of them, the rows. */
interface Read {
  readonly header: Header;
  readonly start: number;
  readonly rows: Uint8Array;
}

/** Null for bytes that are not those of a prepared model, or damaged before the rows. */
function readHeader(bytes: Uint8Array): Read | null {
  const head = headWords * 4;
  if (bytes.length < head || bytes.byteOffset % 8 !== 0) return null;
  const [mark, version, size = 0, checksum] = new Uint32Array(
    bytes.buffer,
    bytes.byteOffset,
    headWords,
  );
  if (mark !== magic || version !== preparedVersion) return null;
  const start = head + aligned(size);
  try {
    const header = JSON.parse(decodeUtf8(bytes.subarray(head, head + size))) as Header;
    const { at, length } = header.columns.packed;
    const rows = bytes.subarray(start + at, start + at + length);
    const isWhole = rows.length === length && bytes.length === aligned(start + at + length);
    const isSound = isWhole && checksum === xxh32(bytes.subarray(head, start + at), size);
    return isSound ? { header, start: bytes.byteOffset + start, rows } : null;
  } catch {
    return null; // a header that is no JSON, or not of this kind
  }
}

/**
 * Whether the rows of the table are as they were. Apart, because it takes as long as all else that
 * {@link readPrepared} does, and a start need not wait: a bit of a row that flipped moves one token a
 * little.
 */
export function hasSoundRows(bytes: Uint8Array): boolean {
  const read = readHeader(bytes);
  return read !== null && xxh32(read.rows) === read.header.rowsChecksum;
}

/**
 * The model of {@link prepareModel}, its rows a view of `bytes`; null for the bytes of another model,
 * version or browser, and for ones that are damaged or cut off. The rows are not looked at.
 */
export function readPrepared(bytes: Uint8Array, id: ModelId, browser: string): StaticModel | null {
  const read = readHeader(bytes);
  if (read === null || read.header.model.id !== id || read.header.browser !== browser) return null;
  const { header, start } = read;
  const column = <Name extends ColumnName>(name: Name): Columns[Name] => {
    const { at, length } = header.columns[name];
    return new columnTypes[name](bytes.buffer as ArrayBuffer, start + at, length) as Columns[Name];
  };
  // Copies, which are small: `bytes` can go with the rows, once these were moved.
  const copied = <Name extends ColumnName>(name: Name) => column(name).slice() as Columns[Name];
  const { unknownId, maxWordChars, longest } = header;
  return {
    ...header.model,
    tokenizer: tokenizerOf({
      table: {
        units: copied('units'),
        offsets: copied('offsets'),
        continues: copied('continues'),
        slots: copied('slots'),
        hashes: copied('hashes'),
        longest,
      },
      forms: { entries: copied('forms'), expansions: copied('expansions') },
      unknownId,
      maxWordChars,
    }),
    table: packedTableOf(header.model.dims, column('packed'), {
      weights: copied('weights'),
      scales: copied('scales'),
      norms: copied('norms'),
    }),
  };
}
