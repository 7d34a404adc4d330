import type { Embedding } from '../core/ids.ts';
import { rotationSigns, rotationSize } from '../core/model/rotation.ts';
import {
  codeBytes,
  type EncoderModel,
  type TokenIds,
  type TokenTable,
} from '../core/model/types.ts';
import { type PageTokens, tokenHead } from '../core/search/page-tokens.ts';
import {
  bestVariant,
  growTo,
  instantiateKernels,
  type KernelFunctions,
  type KernelVariant,
  Places,
} from './kernels-module.ts';

/** Tokens of one call, an even number: the sums of so many fit 32 bits. */
const sliceTokens = 1_000;
/** Query tokens of one call of `nearest`, and bytes of their cosines with one token. */
const queryTokens = 16;
const cosineBytes = queryTokens * 4;

/** A table of more dims has its sums of four-bit products in more than 16 bits. */
const mostNarrowDims = 1024;

/** The largest page that is met at once: its bytes, different tokens, and texts. */
const mostPageBytes = 1 << 19;
const mostDistinct = 1 << 14;
const mostTexts = 1 << 12;

/** Two half bytes whose value is 0. */
const nothing = 0x88;

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** What the memory holds of a model. */
type TableModel = Pick<EncoderModel, 'table' | 'code'>;

/** Query tokens that lie in the memory, in how many places, with the epoch of their cosines. */
interface LaidOut {
  readonly part: TokenIds;
  readonly queries: number;
  readonly epoch: number;
  /** What each counts in the mean that shadows of this epoch are along; null where they are of another. */
  readonly mean: Float64Array | null;
}

const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, place) => value === b[place]);

const memories = new WeakMap<TokenTable, TableMemory>();

/**
 * A model's table in the memory of an instance of its own, with what pooling, rotation and late
 * interaction need beside it. It never grows: no call needs more than what is laid out here. One
 * more row, of zeros, stands for ids outside the table.
 */
export class TableMemory {
  readonly wasm: KernelFunctions;
  readonly vocabulary: number;
  /** Values of a row: the dims rounded up to 32, filled with zeros. */
  readonly stride: number;
  /** Whether a value is half a byte. */
  readonly isPacked: boolean;
  /** Values of the rotation, and its rounds. */
  readonly size: number;
  readonly rounds: number;
  // Places in memory; docs/kernels.md says what lies there.
  readonly ids: number;
  readonly best: number;
  readonly query: number;
  /** Where queries lie as bytes for relaxed SIMD; 0 for a table or a module that has no such path. */
  readonly narrow: number;
  /** Where a packed row is spread to bytes; 0 for a table that is not packed. */
  readonly spread: number;
  readonly queryUnits: number;
  /** What each query token counts in the mean of all of them. */
  readonly mean: number;
  readonly pairs: number;
  readonly sums: number;
  readonly unit: number;
  readonly values: number;
  readonly signs: number;
  readonly code: number;
  readonly weights: number;
  readonly units: number;
  readonly stamps: number;
  readonly rows: number;
  readonly cosines: number;
  readonly unitStamps: number;
  readonly shadows: number;
  readonly page: number;
  readonly local: number;
  readonly bests: number;
  readonly textSums: number;
  // The memory never grows, so views of it stay valid.
  readonly #slice: Uint32Array;
  readonly #sums: Float64Array;
  readonly #units: Float64Array;
  readonly #queryUnits: Float64Array;
  readonly #mean: Float64Array;
  readonly #narrow: Int8Array;
  readonly #eights: Int32Array;
  readonly #unitParts: Int16Array;
  /** Bits of the lower part of a component of the unit vector: sums of a row's products fit 32. */
  readonly #partBits: number;
  readonly #page: Uint8Array;
  readonly #weights: Int16Array;
  #laidOut: LaidOut | null = null;
  #epoch = 0;
  #unitEpoch = 0;

  /**
   * The memory of a model, made when it is asked for the first time. The model's rows are those in this
   * memory from then on.
   */
  static of(model: TableModel): TableMemory {
    const known = memories.get(model.table);
    if (known !== undefined) return known;
    const made = new TableMemory(model, bestVariant());
    memories.set(model.table, made);
    if (made.isPacked) model.table.moveRows?.(() => made.#unpacked(model.table.dims));
    return made;
  }

  constructor({ table, code }: TableModel, variant: KernelVariant) {
    const { dims, weights, scales, norms } = table;
    const vocabulary = weights.length;
    const stride = roundUp(dims, 32);
    this.vocabulary = vocabulary;
    this.stride = stride;
    this.size = rotationSize(dims);
    this.rounds = code.rounds;
    const places = new Places();
    this.ids = places.take((sliceTokens + 1) * 4);
    this.best = places.take(cosineBytes);
    this.query = places.take(queryTokens * stride * 2);
    const { packed } = table;
    this.isPacked = packed !== undefined;
    const narrow = places.take(queryTokens * stride + queryTokens * 4);
    const isNarrow = variant === 'relaxed' && this.isPacked && dims <= mostNarrowDims;
    this.narrow = isNarrow ? narrow : 0;
    const spread = places.take(stride);
    this.spread = this.isPacked ? spread : 0;
    this.#partBits = dims <= 1024 ? 15 : 12;
    this.queryUnits = places.take(queryTokens * 8);
    this.mean = places.take(queryTokens * 8);
    this.pairs = places.take((sliceTokens / 2) * 12 + 16);
    this.sums = places.take(stride * 8);
    this.unit = places.take(stride * 4);
    this.values = places.take(Math.max(stride, this.size) * 4);
    this.signs = places.take(this.size * code.rounds * 4);
    this.code = places.take(codeBytes);
    this.weights = places.take((vocabulary + 1) * 2);
    this.units = places.take((vocabulary + 1) * 8);
    this.stamps = places.take((vocabulary + 1) * 4);
    this.rows = places.take((vocabulary + 1) * this.#rowBytes);
    this.cosines = places.take((vocabulary + 1) * cosineBytes);
    this.unitStamps = places.take((vocabulary + 1) * 4);
    this.shadows = places.take((vocabulary + 1) * 8);
    this.page = places.take(mostPageBytes);
    this.local = places.take(mostDistinct * (cosineBytes + 8));
    this.bests = places.take(mostTexts * cosineBytes);
    this.textSums = places.take(mostTexts * 24);
    this.wasm = instantiateKernels(variant);
    growTo(this.wasm.memory, places.end);
    const { buffer } = this.wasm.memory;
    const signs = rotationSigns(this.size, code.rounds, code.seed);
    new Float32Array(buffer, this.signs, signs.length).set(signs);
    new Int16Array(buffer, this.weights, vocabulary).set(weights);
    this.#slice = new Uint32Array(buffer, this.ids, sliceTokens);
    this.#sums = new Float64Array(buffer, this.sums, stride);
    this.#units = new Float64Array(buffer, this.units, vocabulary + 1);
    this.#page = new Uint8Array(buffer, this.page, mostPageBytes);
    this.#queryUnits = new Float64Array(buffer, this.queryUnits, queryTokens);
    this.#mean = new Float64Array(buffer, this.mean, queryTokens);
    this.#weights = weights;
    this.#narrow = new Int8Array(buffer, narrow, queryTokens * stride);
    this.#eights = new Int32Array(buffer, narrow + queryTokens * stride, queryTokens);
    this.#unitParts = new Int16Array(buffer, this.unit, stride * 2);
    for (let id = 0; id < vocabulary; id++) {
      const norm = norms[id] as number;
      // What turns a row of small integers into a unit vector.
      this.#units[id] = norm > 0 ? (scales[id] as number) / norm : 0;
    }
    if (packed === undefined) this.#setRows(table);
    else this.#setPacked(packed, dims);
  }

  get #rowBytes(): number {
    return this.isPacked ? this.stride / 2 : this.stride;
  }

  #setRows({ dims, rows }: TokenTable): void {
    const { vocabulary, stride, wasm } = this;
    const to = new Int8Array(wasm.memory.buffer, this.rows, vocabulary * stride);
    if (stride === dims) {
      to.set(rows.subarray(0, to.length));
      return;
    }
    for (let id = 0; id < vocabulary; id++) {
      to.set(rows.subarray(id * dims, (id + 1) * dims), id * stride);
    }
  }

  #setPacked(packed: Uint8Array, dims: number): void {
    const { vocabulary, wasm } = this;
    const rowBytes = this.#rowBytes;
    const size = vocabulary * rowBytes;
    const to = new Uint8Array(wasm.memory.buffer, this.rows, size + rowBytes);
    // Rows are filled up with zeros, and so is the one behind the last.
    to.fill(nothing, dims === this.stride ? size : 0);
    if (dims === this.stride) to.set(packed.subarray(0, size));
    else {
      for (let id = 0; id < vocabulary; id++) {
        to.set(packed.subarray((id * dims) / 2, ((id + 1) * dims) / 2), id * rowBytes);
      }
    }
    wasm.layNibbles(this.rows, this.rows, to.length);
  }

  /** The packed rows as bytes, `dims` a row; without the compiled functions, which may have failed. */
  #unpacked(dims: number): Int8Array {
    const { vocabulary, stride } = this;
    const packed = new Uint8Array(this.wasm.memory.buffer, this.rows, (vocabulary * stride) / 2);
    const rows = new Int8Array(vocabulary * dims);
    for (let id = 0, to = 0; id < vocabulary; id++) {
      for (let d = 0; d < dims; d++) {
        const both = packed[(id * stride) / 2 + (d >> 5) * 16 + (d & 15)] as number;
        rows[to++] = ((d & 16) === 0 ? both & 15 : both >> 4) - 8;
      }
    }
    return rows;
  }

  /** Calls back for each slice of `ids` that lies at the place of ids, with how many it has. */
  forSlices(ids: TokenIds, use: (count: number) => void): void {
    for (let start = 0; start < ids.length; start += sliceTokens) {
      const part = ids.subarray(start, start + sliceTokens);
      this.#slice.set(part);
      use(part.length);
    }
  }

  /** The sums of all tokens of all `parts`; valid until the next call. */
  pool(parts: readonly TokenIds[]): Float64Array {
    const { wasm, ids, rows, weights, vocabulary, stride, pairs, sums } = this;
    const packed = this.isPacked ? 1 : 0;
    this.#sums.fill(0);
    for (const part of parts) {
      this.forSlices(part, (count) => {
        wasm.pool(ids, count, rows, packed, weights, vocabulary, stride, pairs, sums);
      });
    }
    return this.#sums;
  }

  /** Lays out some tokens of a query, and their parts in its mean, with a new epoch for them. */
  #layOut(part: TokenIds, mean: Float64Array | null): LaidOut {
    const { wasm, stride } = this;
    const queries = roundUp(part.length, 4);
    for (let q = 0; q < queries; q++) {
      const id = Math.min(part[q] ?? this.vocabulary, this.vocabulary);
      let row = this.rows + id * this.#rowBytes;
      if (this.isPacked) {
        const bytes = this.narrow > 0 ? this.narrow + q * stride : this.spread;
        wasm.spreadNibbles(row, bytes, stride / 2);
        row = bytes;
      }
      wasm.widen(row, this.query + q * stride * 2, stride);
      if (this.narrow > 0) {
        const values = this.#narrow.subarray(q * stride, (q + 1) * stride);
        this.#eights[q] = 8 * values.reduce((sum, value) => sum + value, 0);
      }
      this.#queryUnits[q] = this.#units[id] as number;
    }
    if (mean !== null) this.#mean.set(mean);
    this.#laidOut = { part: part.slice(), queries, epoch: this.#nextEpoch(), mean };
    return this.#laidOut;
  }

  /** The same for tokens that may lie there already: what was made with them is not made again. */
  #layOutAgain(part: TokenIds, mean: Float64Array | null): LaidOut {
    const known = this.#laidOut;
    if (known === null || !isSame(known.part, part)) return this.#layOut(part, mean);
    // Without a mean only the cosines are asked for, whatever lies beside them.
    const isKnown = mean === null || (known.mean !== null && isSame(known.mean, mean));
    return isKnown ? known : this.#layOut(part, mean);
  }

  /**
   * What the different tokens of a query count in its mean, where `unit` is that mean and they are few
   * enough to be met at once; null otherwise.
   */
  #meanOf(asked: TokenIds, query: TokenIds, unit: Embedding): Float64Array | null {
    if (asked.length === 0 || asked.length > queryTokens) return null;
    const sums = this.pool([query]);
    const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
    const isMean =
      length > 0 && unit.every((v, d) => Math.abs(v - (sums[d] as number) / length) < 1e-6);
    if (!isMean) return null;
    const mean = new Float64Array(queryTokens);
    asked.forEach((id, q) => {
      let count = 0;
      for (const other of query) if (other === id) count++;
      mean[q] = (count * (this.#weights[id] ?? 0)) / length;
    });
    return mean;
  }

  /**
   * Lays out up to {@link queryTokens} tokens of a query, and calls back with their number and a
   * function that raises the best cosines, 16 floats, by those of a text's tokens.
   */
  forQueries(
    query: TokenIds,
    use: (start: number, count: number, raise: (ids: TokenIds) => void) => void,
  ): void {
    const { wasm, stride } = this;
    for (let start = 0; start < query.length; start += queryTokens) {
      const part = query.subarray(start, start + queryTokens);
      const { queries, epoch, mean } = this.#layOutAgain(part, null);
      use(start, part.length, (ids) => {
        this.forSlices(ids, (count) => {
          wasm.nearest(
            this.ids,
            count,
            this.best,
            this.query,
            this.narrow,
            queries,
            this.queryUnits,
            this.rows,
            this.spread,
            stride,
            this.units,
            this.vocabulary,
            this.stamps,
            epoch,
            this.cosines,
            mean === null ? 0 : this.mean,
            this.weights,
            this.shadows,
          );
        });
      });
    }
  }

  /** Lays out a vector as whole numbers in two parts, the largest of all bits; says what one is. */
  #layOutUnit(unit: Embedding): number {
    const { stride } = this;
    const most = unit.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const scale = most / (2 ** (2 * this.#partBits - 1) - 1);
    this.#unitParts.fill(0);
    if (most === 0) return 0;
    unit.forEach((value, d) => {
      const whole = Math.round(value / scale);
      this.#unitParts[d] = whole >> this.#partBits;
      this.#unitParts[stride + d] = whole & (2 ** this.#partBits - 1);
    });
    return scale;
  }

  /** Whether a page is small enough for {@link TableMemory.forPages}. */
  hasRoomFor(page: PageTokens): boolean {
    const { distinct, texts } = tokenHead(page);
    return page.bytes.length <= mostPageBytes && distinct <= mostDistinct && texts <= mostTexts;
  }

  /**
   * Lays out a unit vector and up to {@link queryTokens} tokens of a query at a time, and calls back
   * with a function that meets a page: 16 floats a text lie at `bests` then, and three doubles at
   * `textSums`. A query without tokens has one turn too.
   * @param asked the different tokens of `query`
   */
  forPages(
    asked: TokenIds,
    query: TokenIds,
    unit: Embedding,
    use: (start: number, count: number, meet: (page: PageTokens) => void) => void,
  ): void {
    const { wasm, stride, vocabulary } = this;
    const parts = this.#meanOf(asked, query, unit);
    const mean = parts === null ? 0 : this.mean;
    // The vector itself is asked for only where it is not the query's mean.
    const scale = mean > 0 ? 0 : this.#layOutUnit(unit);
    if (++this.#unitEpoch > 0xffffffff) {
      new Uint32Array(wasm.memory.buffer, this.unitStamps, vocabulary + 1).fill(0);
      this.#unitEpoch = 1;
    }
    const unitEpoch = this.#unitEpoch;
    for (let start = 0; start === 0 || start < asked.length; start += queryTokens) {
      const part = asked.subarray(start, start + queryTokens);
      // A blank typed, a filter: the next question often has the same tokens. Shadows along another
      // vector overwrite those of an epoch, so what lies there is used again only with the same mean.
      const { queries, epoch } =
        parts === null ? this.#layOut(part, null) : this.#layOutAgain(part, parts);
      use(start, part.length, ({ bytes }) => {
        this.#page.set(bytes);
        wasm.meet(
          this.page,
          this.query,
          this.narrow,
          queries,
          this.queryUnits,
          this.rows,
          this.spread,
          stride,
          this.units,
          this.weights,
          vocabulary,
          this.stamps,
          epoch,
          this.cosines,
          mean,
          this.unit,
          2 ** this.#partBits,
          scale,
          this.unitStamps,
          unitEpoch,
          this.shadows,
          this.local,
          this.bests,
          this.textSums,
        );
      });
    }
  }

  #nextEpoch(): number {
    if (this.#epoch === 0xffffffff) {
      new Uint32Array(this.wasm.memory.buffer, this.stamps, this.vocabulary + 1).fill(0);
      this.#epoch = 0;
    }
    return ++this.#epoch;
  }
}
