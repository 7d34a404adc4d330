// Vectors: rows of the table, sums of token vectors, unit vectors, rotations, signs.

/** Widens signed bytes to 16 bits: `count` is a multiple of 8. */
export function widen(from: usize, to: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 8) {
    v128.store(to, v128.load_ext<i8>(from));
    from += 8;
    to += 16;
  }
}

/**
 * Puts rows of four bits, two neighbours a byte, into the order that the loops read: of 32 values the
 * first 16 in the low halves of 16 bytes, the others in the high ones. `bytes` is a multiple of 16.
 */
export function layNibbles(from: usize, to: usize, bytes: u32): void {
  const low = i8x16.splat(15);
  for (const end = from + bytes; from < end; from += 16) {
    const pairs = v128.load(from);
    const even = v128.and(pairs, low);
    const odd = i8x16.shr_u(pairs, 4);
    const first = i8x16.shuffle(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const second = i8x16.shuffle(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    v128.store(to, v128.or(first, i8x16.shl(second, 4)));
    to += 16;
  }
}

/** A row that {@link layNibbles} laid, as signed bytes: a half byte is the value + 8. */
export function spreadNibbles(from: usize, to: usize, bytes: u32): void {
  const low = i8x16.splat(15);
  const eight = i8x16.splat(8);
  for (const end = from + bytes; from < end; from += 16) {
    const both = v128.load(from);
    v128.store(to, i8x16.sub(v128.and(both, low), eight));
    v128.store(to, i8x16.sub(i8x16.shr_u(both, 4), eight), 16);
    to += 32;
  }
}

/** Adds whole numbers of 32 bits to four doubles in memory. */
// @ts-ignore: decorator
@inline
function addWhole(sums: usize, more: v128): void {
  const high = i8x16.shuffle(more, more, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.convert_low_i32x4_s(more)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.convert_low_i32x4_s(high)), 16);
}

/** Adds the sums of 32 columns, four a vector, to as many doubles. */
// @ts-ignore: decorator
@inline
function addColumns(
  sums: usize,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
): void {
  addWhole(sums, s0);
  addWhole(sums + 32, s1);
  addWhole(sums + 64, s2);
  addWhole(sums + 96, s3);
  addWhole(sums + 128, s4);
  addWhole(sums + 160, s5);
  addWhole(sums + 192, s6);
  addWhole(sums + 224, s7);
}

/**
 * Lays out the rows of a text's tokens by twos: the place of each and both weights, 12 bytes. Asks for
 * all of the rows: they lie all over the table, and asked for together they come together. Returns
 * where the pairs end; 16 bytes more are written there.
 */
// @ts-ignore: decorator
@inline
function layPairs(
  ids: usize,
  count: u32,
  rows: usize,
  weights: usize,
  vocabulary: u32,
  rowBytes: usize,
  pairs: usize,
): usize {
  const end = ids + (<usize>count << 2);
  if (count & 1) store<u32>(end, vocabulary);
  let pairsEnd = pairs;
  for (; ids < end; ids += 8) {
    const first = <usize>min(load<u32>(ids), vocabulary);
    const second = <usize>min(load<u32>(ids, 4), vocabulary);
    const low = <u32>load<u16>(weights + (first << 1));
    store<usize>(pairsEnd, rows + first * rowBytes);
    store<usize>(pairsEnd, rows + second * rowBytes, 4);
    store<u32>(pairsEnd, low | (<u32>load<u16>(weights + (second << 1)) << 16), 8);
    pairsEnd += 12;
  }
  let touched = i32x4.splat(0);
  for (let place = pairs; place < pairsEnd; place += 12) {
    const a = load<usize>(place);
    const b = load<usize>(place, 4);
    for (let line: usize = 0; line < rowBytes; line += 64) {
      touched = v128.or(touched, v128.or(v128.load(a + line), v128.load(b + line)));
    }
  }
  v128.store(pairsEnd, touched);
  return pairsEnd;
}

/**
 * Adds token vectors to `sums` (doubles, whole numbers): rows of `dims` values (a multiple of 32) by
 * id, each times its weight of 16 bits. Two tokens share a multiplication; `count` is at most 1,000,
 * so that 32 bits hold the sums under way. Ids from `vocabulary` on share the row behind the last,
 * which is zero. `pairs` has room for 12 bytes for each two ids and 16 more; behind an odd number of
 * ids one more is written.
 * @param packed 1 for rows as {@link layNibbles} lays them, 0 for rows of a byte a value
 */
export function pool(
  ids: usize,
  count: u32,
  rows: usize,
  packed: u32,
  weights: usize,
  vocabulary: u32,
  dims: u32,
  pairs: usize,
  sums: usize,
): void {
  const rowBytes = <usize>dims >> packed;
  const pairsEnd = layPairs(ids, count, rows, weights, vocabulary, rowBytes, pairs);
  if (packed) poolNibbles(pairs, pairsEnd, rowBytes, sums);
  else poolBytes(pairs, pairsEnd, rowBytes, sums);
}

function poolBytes(pairs: usize, pairsEnd: usize, rowBytes: usize, sums: usize): void {
  for (let d: usize = 0; d < rowBytes; d += 32) {
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (let place = pairs; place < pairsEnd; place += 12) {
      const a = load<usize>(place) + d;
      const b = load<usize>(place, 4) + d;
      const pair = v128.load32_splat(place, 8);
      let va = v128.load(a);
      let vb = v128.load(b);
      let both = i8x16.shuffle(va, vb, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(both), pair));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(both), pair));
      both = i8x16.shuffle(va, vb, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(both), pair));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(both), pair));
      va = v128.load(a, 16);
      vb = v128.load(b, 16);
      both = i8x16.shuffle(va, vb, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(both), pair));
      s5 = i32x4.add(s5, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(both), pair));
      both = i8x16.shuffle(va, vb, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      s6 = i32x4.add(s6, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(both), pair));
      s7 = i32x4.add(s7, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(both), pair));
    }
    addColumns(sums, s0, s1, s2, s3, s4, s5, s6, s7);
    sums += 256;
  }
}

/** The same of half bytes, each 8 more than its value: the sums begin as much below zero. */
function poolNibbles(pairs: usize, pairsEnd: usize, rowBytes: usize, sums: usize): void {
  const low = i8x16.splat(15);
  const one = i16x8.splat(1);
  let weight = i32x4.splat(0);
  for (let place = pairs; place < pairsEnd; place += 12) {
    weight = i32x4.add(weight, i32x4.dot_i16x8_s(v128.load32_splat(place, 8), one));
  }
  const start = i32x4.neg(i32x4.shl(weight, 3));
  for (let d: usize = 0; d < rowBytes; d += 16) {
    let s0 = start;
    let s1 = start;
    let s2 = start;
    let s3 = start;
    let s4 = start;
    let s5 = start;
    let s6 = start;
    let s7 = start;
    for (let place = pairs; place < pairsEnd; place += 12) {
      const va = v128.load(load<usize>(place) + d);
      const vb = v128.load(load<usize>(place, 4) + d);
      const pair = v128.load32_splat(place, 8);
      let both = i8x16.shuffle(va, vb, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      let half = v128.and(both, low);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(half), pair));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(half), pair));
      half = i8x16.shr_u(both, 4);
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(half), pair));
      s5 = i32x4.add(s5, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(half), pair));
      both = i8x16.shuffle(va, vb, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      half = v128.and(both, low);
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(half), pair));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(half), pair));
      half = i8x16.shr_u(both, 4);
      s6 = i32x4.add(s6, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(half), pair));
      s7 = i32x4.add(s7, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(half), pair));
    }
    addColumns(sums, s0, s1, s2, s3, s4, s5, s6, s7);
    sums += 256;
  }
}

/**
 * Writes the unit vector of `sums` (doubles) as floats; zeros for zeros. Squares are added in four
 * sums side by side, as the reference adds them.
 */
export function unit(sums: usize, dims: u32, out: usize): void {
  let a = f64x2.splat(0);
  let b = a;
  const end = sums + (<usize>dims << 3);
  for (let place = sums; place < end; place += 32) {
    const low = v128.load(place);
    const high = v128.load(place, 16);
    a = f64x2.add(a, f64x2.mul(low, low));
    b = f64x2.add(b, f64x2.mul(high, high));
  }
  const both = f64x2.add(a, b);
  const squares = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  const factor = f64x2.splat(squares > 0 ? 1 / Math.sqrt(squares) : 0);
  for (; sums < end; sums += 32) {
    const low = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums), factor));
    const high = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums, 16), factor));
    v128.store(
      out,
      i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    );
    out += 16;
  }
}

/** Cosine of sums (doubles) with a unit vector of floats, both `dims` long (a multiple of 4); 0 for zero sums. */
export function cosine(sums: usize, unit: usize, dims: u32): f64 {
  let dot = f64x2.splat(0);
  let squares = f64x2.splat(0);
  for (const end = sums + (<usize>dims << 3); sums < end; sums += 16) {
    const value = v128.load(sums);
    dot = f64x2.add(dot, f64x2.mul(value, f64x2.promote_low_f32x4(v128.load64_zero(unit))));
    squares = f64x2.add(squares, f64x2.mul(value, value));
    unit += 8;
  }
  const length = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  if (!(length > 0)) return 0;
  return (f64x2.extract_lane(dot, 0) + f64x2.extract_lane(dot, 1)) / Math.sqrt(length);
}

/**
 * The rotation, in place: for each round the signs (`size` floats a round), a Walsh–Hadamard
 * transform of `size` floats (a power of two, at least 8) and the factor. Operations and their
 * order are the reference's, so the bits are too.
 */
export function rotate(values: usize, signs: usize, size: u32, rounds: u32, factor: f32): void {
  const bytes = <usize>size << 2;
  const end = values + bytes;
  const scale = f32x4.splat(factor);
  const minusOdd = f32x4(1, -1, 1, -1);
  const minusHigh = f32x4(1, 1, -1, -1);
  for (let round: u32 = 0; round < rounds; round++) {
    for (let place = values; place < end; place += 16) {
      let v = f32x4.mul(v128.load(place), v128.load(signs));
      // Neighbours, then pairs, inside the four lanes.
      v = f32x4.add(
        i8x16.shuffle(v, v, 0, 1, 2, 3, 0, 1, 2, 3, 8, 9, 10, 11, 8, 9, 10, 11),
        f32x4.mul(i8x16.shuffle(v, v, 4, 5, 6, 7, 4, 5, 6, 7, 12, 13, 14, 15, 12, 13, 14, 15), minusOdd),
      );
      v = f32x4.add(
        i8x16.shuffle(v, v, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7),
        f32x4.mul(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15), minusHigh),
      );
      v128.store(place, v);
      signs += 16;
    }
    // Two doublings a pass over the memory, and one more where their number is odd.
    let half: usize = 16;
    for (; half << 1 < bytes; half <<= 2) {
      for (let block = values; block < end; block += half << 2) {
        for (let place = block; place < block + half; place += 16) {
          const a = v128.load(place);
          const b = v128.load(place + half);
          const c = v128.load(place + 2 * half);
          const d = v128.load(place + 3 * half);
          const ab = f32x4.add(a, b);
          const cd = f32x4.add(c, d);
          const aLessB = f32x4.sub(a, b);
          const cLessD = f32x4.sub(c, d);
          v128.store(place, f32x4.add(ab, cd));
          v128.store(place + half, f32x4.add(aLessB, cLessD));
          v128.store(place + 2 * half, f32x4.sub(ab, cd));
          v128.store(place + 3 * half, f32x4.sub(aLessB, cLessD));
        }
      }
    }
    if (half < bytes) {
      for (let place = values; place < values + half; place += 16) {
        const a = v128.load(place);
        const b = v128.load(place + half);
        v128.store(place, f32x4.mul(f32x4.add(a, b), scale));
        v128.store(place + half, f32x4.mul(f32x4.sub(a, b), scale));
      }
    } else {
      for (let place = values; place < end; place += 16) {
        v128.store(place, f32x4.mul(v128.load(place), scale));
      }
    }
  }
}

/** The four lanes as one: the first two, the last two, and both. */
// @ts-ignore: decorator
@inline
function across(sums: v128): f32 {
  return (
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3))
  );
}

/**
 * A matrix of `dims` rows of floats (a multiple of four) times `count` vectors of as many. Four rows
 * at a time for all the vectors, so that the matrix is read once.
 */
export function turn(vectors: usize, count: u32, matrix: usize, dims: u32, out: usize): void {
  const width = <usize>dims << 2;
  for (let row: u32 = 0; row < dims; row += 4) {
    let vector = vectors;
    let place = out + (<usize>row << 2);
    for (let n: u32 = 0; n < count; n++) {
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      let at = matrix;
      const end = vector + width;
      while (vector < end) {
        const v = v128.load(vector);
        a = f32x4.add(a, f32x4.mul(v128.load(at), v));
        b = f32x4.add(b, f32x4.mul(v128.load(at + width), v));
        c = f32x4.add(c, f32x4.mul(v128.load(at + 2 * width), v));
        d = f32x4.add(d, f32x4.mul(v128.load(at + 3 * width), v));
        vector += 16;
        at += 16;
      }
      store<f32>(place, across(a));
      store<f32>(place, across(b), 4);
      store<f32>(place, across(c), 8);
      store<f32>(place, across(d), 12);
      place += width;
    }
    matrix += 4 * width;
  }
}

/** Bits of `x >= 0`, the first component in the lowest bit: `bytes` bytes of 8 floats each. */
export function signBits(values: usize, out: usize, bytes: u32): void {
  const zero = f32x4.splat(0);
  for (let i: u32 = 0; i < bytes; i++) {
    const low = i32x4.bitmask(f32x4.ge(v128.load(values), zero));
    const high = i32x4.bitmask(f32x4.ge(v128.load(values, 16), zero));
    store<u8>(out + i, low | (high << 4));
    values += 32;
  }
}
