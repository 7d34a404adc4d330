import type { TokenTable } from './types.ts';

/** The largest weight of a token. Sums of a thousand tokens stay below 2³¹. */
const maxWeight = 1 << 14;

/**
 * Scales as whole weights: to one part in 16,384 of the largest. A scale below that still counts as
 * the least weight there is, and 0 as nothing. What is rounded once stays as it is.
 */
export function roundScales(scales: Float32Array): Pick<TokenTable, 'weights' | 'scales'> {
  let largest = 0;
  for (let t = 0; t < scales.length; t++)
    largest = Math.max(largest, Math.abs(scales[t] as number));
  const unit = largest / maxWeight;
  const weights = new Int16Array(scales.length);
  const rounded = new Float32Array(scales.length);
  for (let t = 0; t < scales.length; t++) {
    const scale = scales[t] as number;
    if (scale === 0) continue;
    const weight = Math.max(1, Math.round(Math.abs(scale) / unit)) * Math.sign(scale);
    weights[t] = weight;
    rounded[t] = weight * unit;
  }
  return { weights, scales: rounded };
}

/**
 * A table of `dims` columns whose tokens weigh what their `scales` say.
 * @param rows vocabularySize × dims, from −127 to 127; kept, not copied
 */
export function tokenTable(dims: number, rows: Int8Array, scales: Float32Array): TokenTable {
  const rounded = roundScales(scales);
  return { dims, rows, ...rounded, norms: rowNorms(rows, rounded.scales, dims) };
}

/**
 * A table of four bits: two dimensions a byte, the even one in the low nibble; a nibble is the value
 * + 8.
 */
export function packedTable(dims: number, packed: Uint8Array, scales: Float32Array): TokenTable {
  const rounded = roundScales(scales);
  const norms = packedNorms(packed, rounded.scales, dims / 2);
  return packedTableOf(dims, packed, { ...rounded, norms });
}

/**
 * A table of four bits whose tokens' columns are known. Its rows are made when they are asked for: most
 * starts never do.
 */
export function packedTableOf(
  dims: number,
  packed: Uint8Array,
  columns: Pick<TokenTable, 'weights' | 'scales' | 'norms'>,
): TokenTable {
  let own: Uint8Array | undefined = packed;
  let rows: Int8Array | undefined;
  let makeRows = () => unpacked(own as Uint8Array);
  return {
    dims,
    get packed() {
      return own ?? packedFrom(this.rows);
    },
    get rows() {
      rows ??= makeRows();
      return rows;
    },
    moveRows(elsewhere) {
      makeRows = elsewhere;
      own = undefined;
    },
    ...columns,
  };
}

function packedFrom(rows: Int8Array): Uint8Array {
  const packed = new Uint8Array(rows.length / 2);
  for (let i = 0; i < packed.length; i++) {
    packed[i] = ((rows[2 * i] as number) + 8) | (((rows[2 * i + 1] as number) + 8) << 4);
  }
  return packed;
}

/** A pair is written at once, which halves the time. */
function unpacked(packed: Uint8Array): Int8Array {
  const pairs = new Int8Array(512);
  for (let pair = 0; pair < 256; pair++) {
    pairs[2 * pair] = (pair & 15) - 8;
    pairs[2 * pair + 1] = (pair >> 4) - 8;
  }
  const pairOf = new Uint16Array(pairs.buffer);
  const rows = new Uint16Array(packed.length);
  for (let i = 0; i < packed.length; i++) rows[i] = pairOf[packed[i] as number] as number;
  return new Int8Array(rows.buffer);
}

function packedNorms(packed: Uint8Array, scales: Float32Array, width: number): Float32Array {
  const squares = Uint8Array.from(
    { length: 256 },
    (_, pair) => ((pair & 15) - 8) ** 2 + ((pair >> 4) - 8) ** 2,
  );
  const norms = new Float32Array(scales.length);
  const isEven = width % 2 === 0 && packed.byteOffset % 2 === 0;
  // Two bytes a look-up, where rows and file allow it.
  const step = isEven ? 2 : 1;
  const values = isEven
    ? new Uint16Array(packed.buffer, packed.byteOffset, packed.length / 2)
    : packed;
  const sums = isEven
    ? Uint16Array.from(
        { length: 65_536 },
        (_, two) => (squares[two & 255] ?? 0) + (squares[two >> 8] ?? 0),
      )
    : squares;
  for (let t = 0, place = 0; t < norms.length; t++) {
    let sum = 0;
    for (const end = place + width / step; place < end; place++) {
      sum += sums[values[place] as number] as number;
    }
    norms[t] = Math.sqrt(sum) * Math.abs(scales[t] as number);
  }
  return norms;
}

/** Length of each row's vector. */
function rowNorms(rows: Int8Array, scales: Float32Array, dims: number): Float32Array {
  const norms = new Float32Array(scales.length);
  for (let t = 0, place = 0; t < norms.length; t++) {
    let sum = 0;
    for (let d = 0; d < dims; d++, place++) {
      const value = rows[place] as number;
      sum += value * value; // many times faster than a power, in the millions
    }
    norms[t] = Math.sqrt(sum) * Math.abs(scales[t] as number);
  }
  return norms;
}
