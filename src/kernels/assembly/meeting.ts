// Late interaction: what the tokens of a query meet in the texts of pages. Rows of half bytes are in the
// order of layNibbles; `spread` is then a place for one row of bytes, and 0 for rows of bytes.

import { spreadNibbles } from './vectors';

// @ts-ignore: decorator
@inline
function rowBytesOf(dims: u32, spread: usize): usize {
  return spread == 0 ? <usize>dims : <usize>dims >> 1;
}

/** Where a row lies as bytes. */
// @ts-ignore: decorator
@inline
function bytesOfRow(row: usize, dims: u32, spread: usize): usize {
  if (spread == 0) return row;
  spreadNibbles(row, spread, dims >> 1);
  return spread;
}

/** The sums of the lanes of four vectors, as one vector. */
// @ts-ignore: decorator
@inline
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
  const cd = i32x4.add(
    i8x16.shuffle(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
  return i32x4.add(
    i8x16.shuffle(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
    i8x16.shuffle(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31),
  );
}

/**
 * Turns four dot products into cosines: by the token's and the queries' units, in double precision.
 * Returns them times the queries' parts in their mean, as two doubles to add.
 */
// @ts-ignore: decorator
@inline
function storeCosines(
  to: usize,
  sums: v128,
  unit: f64,
  units: usize,
  mean: usize,
): v128 {
  const upper = i8x16.shuffle(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  const own = f64x2.splat(unit);
  const first = f64x2.convert_low_i32x4_s(sums);
  const second = f64x2.convert_low_i32x4_s(upper);
  const low = f64x2.mul(f64x2.mul(first, own), v128.load(units));
  const high = f64x2.mul(f64x2.mul(second, own), v128.load(units, 16));
  v128.store(
    to,
    i8x16.shuffle(
      f32x4.demote_f64x2_zero(low),
      f32x4.demote_f64x2_zero(high),
      0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23,
    ),
  );
  return f64x2.add(
    f64x2.mul(first, v128.load(mean)),
    f64x2.mul(second, v128.load(mean, 16)),
  );
}

/**
 * Four dot products of a row of half bytes, each 8 more than its value, with queries of signed bytes:
 * relaxed SIMD multiplies seven bits the same everywhere. `eights` has what the 8 adds to each. Sixteen
 * dims at once, against eight without it. Sums of up to 1,024 dims fit 16 bits.
 */
// @ts-ignore: decorator
@inline
function narrowCosines(
  row: usize,
  rowEnd: usize,
  narrow: usize,
  dims: usize,
  eights: v128,
  to: usize,
  unit: f64,
  units: usize,
  mean: usize,
): v128 {
  const low = i8x16.splat(15);
  let a = i16x8.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (; row < rowEnd; row += 16) {
    const both = v128.load(row);
    let half = v128.and(both, low);
    a = i16x8.add(a, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow), half));
    b = i16x8.add(b, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow + dims), half));
    c = i16x8.add(c, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow + 2 * dims), half));
    d = i16x8.add(d, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow + 3 * dims), half));
    half = i8x16.shr_u(both, 4);
    narrow += 16;
    a = i16x8.add(a, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow), half));
    b = i16x8.add(b, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow + dims), half));
    c = i16x8.add(c, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow + 2 * dims), half));
    d = i16x8.add(d, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(narrow + 3 * dims), half));
    narrow += 16;
  }
  const sums = totals(
    i32x4.extadd_pairwise_i16x8_s(a),
    i32x4.extadd_pairwise_i16x8_s(b),
    i32x4.extadd_pairwise_i16x8_s(c),
    i32x4.extadd_pairwise_i16x8_s(d),
  );
  return storeCosines(to, i32x4.sub(sums, eights), unit, units, mean);
}

/**
 * Makes the cosines of a token with the queries, unless `epoch` has them; returns their place. A
 * module with relaxed SIMD reads the queries at `narrow`, where that is not 0, and behind 16 of them
 * eight times the sum of each. Where `shadows` is not 0, the token's weighted vector times the queries'
 * mean is left there.
 */
// @ts-ignore: decorator
@inline
function cosinesOf(
  id: u32,
  query: usize,
  narrow: usize,
  queries: u32,
  queryUnits: usize,
  rows: usize,
  spread: usize,
  dims: u32,
  units: usize,
  stamps: usize,
  epoch: u32,
  cosines: usize,
  mean: usize,
  weights: usize,
  shadows: usize,
): usize {
  const size = <usize>dims << 1;
  const place = cosines + (<usize>id << 6);
  const stamp = stamps + (<usize>id << 2);
  if (load<u32>(stamp) != epoch) {
    store<u32>(stamp, epoch);
    const unit = load<f64>(units + (<usize>id << 3));
    const rowBytes = rowBytesOf(dims, spread);
    const row = rows + <usize>id * rowBytes;
    let along = f64x2.splat(0);
    let isMade = false;
    if (ASC_FEATURE_RELAXED_SIMD) {
      if (narrow != 0) {
        for (let group: u32 = 0; group < queries; group += 4) {
          const first = narrow + <usize>group * dims;
          const to = place + (<usize>group << 2);
          const groupUnits = queryUnits + (<usize>group << 3);
          const part = mean + (<usize>group << 3);
          const eights = v128.load(narrow + (<usize>dims << 4) + (<usize>group << 2));
          along = f64x2.add(
            along,
            narrowCosines(row, row + rowBytes, first, dims, eights, to, unit, groupUnits, part),
          );
        }
        isMade = true;
      }
    }
    let q = query;
    const bytes = isMade ? row : bytesOfRow(row, dims, spread);
    for (let group: u32 = 0; !isMade && group < queries; group += 4) {
      let a = i32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      let wide = q;
      for (let at = bytes; at < bytes + dims; at += 8) {
        const token = v128.load_ext<i8>(at);
        a = i32x4.add(a, i32x4.dot_i16x8_s(token, v128.load(wide)));
        b = i32x4.add(b, i32x4.dot_i16x8_s(token, v128.load(wide + size)));
        c = i32x4.add(c, i32x4.dot_i16x8_s(token, v128.load(wide + 2 * size)));
        d = i32x4.add(d, i32x4.dot_i16x8_s(token, v128.load(wide + 3 * size)));
        wide += 16;
      }
      const groupPlace = <usize>group;
      const groupUnits = queryUnits + (groupPlace << 3);
      const part = mean + (groupPlace << 3);
      along = f64x2.add(
        along,
        storeCosines(place + (groupPlace << 2), totals(a, b, c, d), unit, groupUnits, part),
      );
      q += 4 * size;
    }
    if (shadows != 0) {
      const sum = f64x2.extract_lane(along, 0) + f64x2.extract_lane(along, 1);
      store<f64>(shadows + (<usize>id << 3), sum * <f64>load<i16>(weights + (<usize>id << 1)));
    }
  }
  return place;
}

/**
 * Late interaction of at most 16 query tokens with `count` tokens of a text. Cosines of a token are
 * made when it is met for the first time in `epoch` and kept, 16 floats a token of the vocabulary;
 * four queries share one pass over a token's row. Raises the 16 floats of `best`; those beyond
 * `queries` (a multiple of 4) mean nothing. Ids from `vocabulary` on share the row behind the last.
 * Where `mean` is not 0, what {@link meet} asks of a token is left at `shadows` with its cosines.
 */
export function nearest(
  ids: usize,
  count: u32,
  best: usize,
  query: usize,
  narrow: usize,
  queries: u32,
  queryUnits: usize,
  rows: usize,
  spread: usize,
  dims: u32,
  units: usize,
  vocabulary: u32,
  stamps: usize,
  epoch: u32,
  cosines: usize,
  mean: usize,
  weights: usize,
  shadows: usize,
): void {
  let b0 = v128.load(best, 0);
  let b1 = v128.load(best, 16);
  let b2 = v128.load(best, 32);
  let b3 = v128.load(best, 48);
  for (const end = ids + (<usize>count << 2); ids < end; ids += 4) {
    const id = min(load<u32>(ids), vocabulary);
    const place = cosinesOf(
      id,
      query,
      narrow,
      queries,
      queryUnits,
      rows,
      spread,
      dims,
      units,
      stamps,
      epoch,
      cosines,
      mean == 0 ? queryUnits : mean,
      weights,
      mean == 0 ? 0 : shadows,
    );
    b0 = f32x4.max(b0, v128.load(place, 0));
    b1 = f32x4.max(b1, v128.load(place, 16));
    b2 = f32x4.max(b2, v128.load(place, 32));
    b3 = f32x4.max(b3, v128.load(place, 48));
  }
  v128.store(best, b0, 0);
  v128.store(best, b1, 16);
  v128.store(best, b2, 32);
  v128.store(best, b3, 48);
}

/** Where the numbers of a page's tokens are read. */
let at: usize = 0;

function restOfVarint(low: u32): u32 {
  let value = low;
  let byte: u32;
  let shift: u32 = 7;
  do {
    byte = load<u8>(at);
    at++;
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte > 127);
  return value;
}

// @ts-ignore: decorator
@inline
function varint(): u32 {
  const byte = <u32>load<u8>(at);
  at++;
  return byte < 128 ? byte : restOfVarint(byte & 127);
}

// @ts-ignore: decorator
@inline
function wideTotal(v: v128): f64 {
  return (
    <f64>i32x4.extract_lane(v, 0) +
    <f64>i32x4.extract_lane(v, 1) +
    (<f64>i32x4.extract_lane(v, 2) + <f64>i32x4.extract_lane(v, 3))
  );
}

/**
 * A token's weighted vector times a vector, unless `epoch` has it. The vector is in whole numbers,
 * each as two of 16 bits: `unit` has the upper parts, in which one counts `part`, then the lower
 * ones; `scale` is what a whole one is.
 */
// @ts-ignore: decorator
@inline
function shadowOf(
  id: u32,
  unit: usize,
  part: f64,
  scale: f64,
  rows: usize,
  spread: usize,
  dims: u32,
  weights: usize,
  stamps: usize,
  epoch: u32,
  shadows: usize,
): f64 {
  const stamp = stamps + (<usize>id << 2);
  const place = shadows + (<usize>id << 3);
  if (load<u32>(stamp) != epoch) {
    store<u32>(stamp, epoch);
    const size = <usize>dims << 1;
    let high = i32x4.splat(0);
    let low = high;
    let row = bytesOfRow(rows + <usize>id * rowBytesOf(dims, spread), dims, spread);
    let other = unit;
    for (const end = row + dims; row < end; row += 8) {
      const wide = v128.load_ext<i8>(row);
      high = i32x4.add(high, i32x4.dot_i16x8_s(wide, v128.load(other)));
      low = i32x4.add(low, i32x4.dot_i16x8_s(wide, v128.load(other + size)));
      other += 16;
    }
    const sum = wideTotal(high) * part + wideTotal(low);
    store<f64>(place, sum * scale * <f64>load<i16>(weights + (<usize>id << 1)));
  }
  return load<f64>(place);
}

/**
 * What at most 16 query tokens meet in the texts of a page (src/core/search/page-tokens.ts has the
 * bytes). Writes for each text 16 floats to `best`, of which those beyond `queries` (a multiple of
 * 4) mean nothing, and three doubles to `sums`: how far the sum of its tokens goes in the direction
 * of `unit`, or where `mean` is not 0 of the queries' mean, whose parts lie there; the stored length, how many different tokens it has. `local` has room for 72 bytes a
 * different token of the page: what its texts look up lies together there.
 */
export function meet(
  page: usize,
  query: usize,
  narrow: usize,
  queries: u32,
  queryUnits: usize,
  rows: usize,
  spread: usize,
  dims: u32,
  units: usize,
  weights: usize,
  vocabulary: u32,
  stamps: usize,
  epoch: u32,
  cosines: usize,
  mean: usize,
  unit: usize,
  part: f64,
  scale: f64,
  unitStamps: usize,
  unitEpoch: u32,
  shadows: usize,
  local: usize,
  best: usize,
  sums: usize,
): void {
  at = page;
  varint();
  const distinct = varint();
  const texts = varint();
  const width = <usize>queries << 2;
  const ownShadows = local + <usize>distinct * width;
  const rowBytes = rowBytesOf(dims, spread);
  // What has to be made needs rows from all over the table: asked for together, they come together.
  const idsAt = at;
  let id: u32 = 0xffffffff;
  let touched = i32x4.splat(0);
  for (let i: u32 = 0; i < distinct; i++) {
    id += varint() + 1;
    const own = <usize>min(id, vocabulary);
    if (load<u32>(stamps + (own << 2)) == epoch) continue;
    const row = rows + own * rowBytes;
    for (let line = row; line < row + rowBytes; line += 64) {
      touched = v128.or(touched, v128.load(line));
    }
  }
  v128.store(best, touched);
  at = idsAt;
  let to = local;
  id = 0xffffffff;
  for (let i: u32 = 0; i < distinct; i++) {
    id += varint() + 1;
    const own = min(id, vocabulary);
    const place = cosinesOf(
      own,
      query,
      narrow,
      queries,
      queryUnits,
      rows,
      spread,
      dims,
      units,
      stamps,
      epoch,
      cosines,
      mean == 0 ? queryUnits : mean,
      weights,
      mean == 0 ? 0 : shadows,
    );
    for (let offset: usize = 0; offset < width; offset += 16) {
      v128.store(to, v128.load(place + offset));
      to += 16;
    }
    const shadow =
      mean == 0
        ? shadowOf(own, unit, part, scale, rows, spread, dims, weights, unitStamps, unitEpoch, shadows)
        : load<f64>(shadows + (<usize>own << 3));
    store<f64>(ownShadows + (<usize>i << 3), shadow);
  }
  for (let text: u32 = 0; text < texts; text++) {
    const size = varint();
    const length = load<f32>(at);
    at += 4;
    let b0 = f32x4.splat(-1);
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    let sum: f64 = 0;
    let place: u32 = 0xffffffff;
    for (let i: u32 = 0; i < size; i++) {
      const head = varint();
      place += (head >>> 1) + 1;
      const shadow = load<f64>(ownShadows + (<usize>place << 3));
      sum += (head & 1) == 0 ? shadow : shadow * <f64>varint();
      const own = local + <usize>place * width;
      if (queries > 8) {
        b2 = f32x4.max(b2, v128.load(own, 32));
        if (queries > 12) b3 = f32x4.max(b3, v128.load(own, 48));
      }
      if (queries > 4) b1 = f32x4.max(b1, v128.load(own, 16));
      if (queries > 0) b0 = f32x4.max(b0, v128.load(own));
    }
    v128.store(best, b0, 0);
    v128.store(best, b1, 16);
    v128.store(best, b2, 32);
    v128.store(best, b3, 48);
    store<f64>(sums, sum);
    store<f64>(sums, <f64>length, 8);
    store<f64>(sums, <f64>size, 16);
    best += 64;
    sums += 24;
  }
}
