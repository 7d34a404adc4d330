// AssemblyScript: the hot loops, compiled by bin/build-kernels.ts. Every function works on places
// in memory that its caller lays out; nothing here allocates. docs/kernels.md has the layout.

/** Set bits of one code of 64 bytes against the query, by bytes: 16 sums of at most 32. */
// @ts-ignore: decorator
@inline
function differences(code: usize, q0: v128, q1: v128, q2: v128, q3: v128): v128 {
  return i8x16.add(
    i8x16.add(
      i8x16.popcnt(v128.xor(v128.load(code, 0), q0)),
      i8x16.popcnt(v128.xor(v128.load(code, 16), q1)),
    ),
    i8x16.add(
      i8x16.popcnt(v128.xor(v128.load(code, 32), q2)),
      i8x16.popcnt(v128.xor(v128.load(code, 48), q3)),
    ),
  );
}

/** Adds the halves of two vectors: 8 sums of the first, then 8 of the second. */
// @ts-ignore: decorator
@inline
function fold16(a: v128, b: v128): v128 {
  return i8x16.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
}

/** Four rows' byte sums as two 16-bit sums a row, rows in order. */
// @ts-ignore: decorator
@inline
function fold4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = fold16(a, b);
  const cd = fold16(c, d);
  // Bytes stay below 256: at most 32 × 4 = 128.
  return i16x8.extadd_pairwise_i8x16_u(
    i8x16.add(
      i8x16.shuffle(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
      i8x16.shuffle(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31),
    ),
  );
}

/**
 * Hamming distances of a query to codes of 64 bytes. Writes a multiple of 8 distances: `out` has
 * room for `rows` rounded up to 8, and so have the codes.
 */
export function distances(codes: usize, query: usize, out: usize, rows: u32): void {
  const q0 = v128.load(query, 0);
  const q1 = v128.load(query, 16);
  const q2 = v128.load(query, 32);
  const q3 = v128.load(query, 48);
  for (let row: u32 = 0; row < rows; row += 8) {
    const low = fold4(
      differences(codes, q0, q1, q2, q3),
      differences(codes + 64, q0, q1, q2, q3),
      differences(codes + 128, q0, q1, q2, q3),
      differences(codes + 192, q0, q1, q2, q3),
    );
    const high = fold4(
      differences(codes + 256, q0, q1, q2, q3),
      differences(codes + 320, q0, q1, q2, q3),
      differences(codes + 384, q0, q1, q2, q3),
      differences(codes + 448, q0, q1, q2, q3),
    );
    v128.store(
      out,
      i16x8.add(
        i8x16.shuffle(low, high, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29),
        i8x16.shuffle(low, high, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31),
      ),
    );
    codes += 512;
    out += 16;
  }
}

/** The least of eight 16-bit numbers. */
// @ts-ignore: decorator
@inline
function leastOf(v: v128): u32 {
  v = i16x8.min_u(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  v = i16x8.min_u(v, i8x16.shuffle(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  v = i16x8.min_u(v, i8x16.shuffle(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  return i16x8.extract_lane_u(v, 0);
}

/**
 * For each page the least distance of its rows (65,535 without any) to `nearest`, and of the pages
 * that `mask` has a 1 for (all, where `mask` is 0) the rows not farther than `bound`, page after page,
 * to `rows` and `found`. Says how many, or −1 when they are more than `room`. A page's distances are
 * read in groups of 8.
 */
export function select(
  distances: usize,
  firsts: usize,
  counts: usize,
  pages: u32,
  mask: usize,
  bound: u32,
  nearest: usize,
  rows: usize,
  found: usize,
  room: u32,
): i32 {
  const places = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  let n: u32 = 0;
  for (let page: u32 = 0; page < pages; page++) {
    const count = load<u32>(counts + (<usize>page << 2));
    let least: u32 = 0xffff;
    if (count > 0) {
      let row = load<u32>(firsts + (<usize>page << 2));
      const end = row + count;
      let at = distances + (<usize>row << 1);
      let v = i16x8.splat(-1);
      let rest = count;
      for (; rest >= 8; rest -= 8) {
        v = i16x8.min_u(v, v128.load(at));
        at += 16;
      }
      // What follows the page's last row counts as far away.
      const others = i16x8.ge_u(places, i16x8.splat(<i16>rest));
      least = leastOf(i16x8.min_u(v, v128.or(v128.load(at), others)));
      if (least <= bound && (mask == 0 || load<u8>(mask + page) == 1)) {
        at = distances + (<usize>row << 1);
        for (; row < end; row++) {
          const distance = <u32>load<u16>(at);
          at += 2;
          if (distance > bound) continue;
          if (n == room) return -1;
          store<u32>(rows + (<usize>n << 2), row);
          store<u16>(found + (<usize>n << 1), distance);
          n++;
        }
      }
    }
    store<u16>(nearest + (<usize>page << 1), least);
  }
  return n;
}

/**
 * How many codes of 64 bytes have one among others that differs in `bits` bits at most; stops when
 * `needed` cannot be reached any more. Most pairs differ in more after 24 bytes already.
 */
export function countAlike(
  rows: usize,
  count: u32,
  others: usize,
  otherCount: u32,
  bits: u32,
  needed: u32,
): u32 {
  const most = <u64>bits;
  const othersEnd = others + (<usize>otherCount << 6);
  let alike: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (alike + count - i < needed) break;
    const a = load<u64>(rows);
    const b = load<u64>(rows, 8);
    const c = load<u64>(rows, 16);
    for (let other = others; other < othersEnd; other += 64) {
      let distance =
        popcnt<u64>(a ^ load<u64>(other)) +
        popcnt<u64>(b ^ load<u64>(other, 8)) +
        popcnt<u64>(c ^ load<u64>(other, 16));
      if (distance > most) continue;
      for (let place: usize = 24; place < 64; place += 8) {
        distance += popcnt<u64>(load<u64>(rows + place) ^ load<u64>(other + place));
      }
      if (distance > most) continue;
      alike++;
      break;
    }
    rows += 64;
  }
  return alike;
}

/** Reads the codes and does nothing with them but one OR: the floor of every scan, for benchmarks. */
export function readOnly(codes: usize, rows: u32): u32 {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let row: u32 = 0; row < rows; row++) {
    a = v128.or(a, v128.load(codes, 0));
    b = v128.or(b, v128.load(codes, 16));
    c = v128.or(c, v128.load(codes, 32));
    d = v128.or(d, v128.load(codes, 48));
    codes += 64;
  }
  return i32x4.extract_lane(v128.or(v128.or(a, b), v128.or(c, d)), 0);
}

// @ts-ignore: decorator
@inline
function codeOf(codes: usize, rows: usize, i: u32): usize {
  return codes + (<usize>load<u32>(rows + (<usize>i << 2)) << 6);
}

// @ts-ignore: decorator
@inline
function tableValue(table: usize, code: usize): f64 {
  return <f64>load<f32>(table + (<usize>load<u8>(code) << 2));
}

/**
 * Asymmetric scores of chosen codes of 64 bytes by byte tables (64 × 256 floats): the sum over
 * the bytes, in their order and in double precision, as the reference adds them. Four rows at a
 * time: each sum waits for its own last addition only.
 */
export function signScores(codes: usize, tables: usize, rows: usize, out: usize, count: u32): void {
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const a = codeOf(codes, rows, i);
    const b = codeOf(codes, rows, i + 1);
    const c = codeOf(codes, rows, i + 2);
    const d = codeOf(codes, rows, i + 3);
    let sa: f64 = 0;
    let sb: f64 = 0;
    let sc: f64 = 0;
    let sd: f64 = 0;
    let table = tables;
    for (let place: usize = 0; place < 64; place++) {
      sa += tableValue(table, a + place);
      sb += tableValue(table, b + place);
      sc += tableValue(table, c + place);
      sd += tableValue(table, d + place);
      table += 1024;
    }
    const to = out + (<usize>i << 2);
    store<f32>(to, <f32>sa, 0);
    store<f32>(to, <f32>sb, 4);
    store<f32>(to, <f32>sc, 8);
    store<f32>(to, <f32>sd, 12);
  }
  for (; i < count; i++) {
    const code = codeOf(codes, rows, i);
    let score: f64 = 0;
    let table = tables;
    for (let place: usize = 0; place < 64; place++) {
      score += tableValue(table, code + place);
      table += 1024;
    }
    store<f32>(out + (<usize>i << 2), <f32>score);
  }
}

/** Widens signed bytes to 16 bits: `count` is a multiple of 8. */
export function widen(from: usize, to: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 8) {
    v128.store(to, v128.load_ext<i8>(from));
    from += 8;
    to += 16;
  }
}

/**
 * Rows of four bits, two values a byte, as bytes: `to` may lie before `from` by as many bytes as are
 * read, a multiple of 16. The value is the nibble − 8, the low one first.
 */
export function unpack(from: usize, to: usize, bytes: u32): void {
  const low = i8x16.splat(15);
  const eight = i8x16.splat(8);
  for (const end = from + bytes; from < end; from += 16) {
    const pairs = v128.load(from);
    const even = i8x16.sub(v128.and(pairs, low), eight);
    const odd = i8x16.sub(i8x16.shr_u(pairs, 4), eight);
    v128.store(
      to,
      i8x16.shuffle(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
    );
    v128.store(
      to,
      i8x16.shuffle(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
      16,
    );
    to += 32;
  }
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
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  unit: f64,
  units: usize,
  mean: usize,
): v128 {
  const sums = totals(a, b, c, d);
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
 * Four dot products of a row of four-bit values with queries whose values have 8 added (0 to 15), so
 * that they fit the seven bits that relaxed SIMD multiplies the same everywhere; `eights` is what
 * that adds. Sixteen dims at once, against eight without it. Sums of up to 1,024 dims fit 16 bits.
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
  let a = i16x8.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (; row < rowEnd; row += 16) {
    const token = v128.load(row);
    a = i16x8.add(a, i16x8.relaxed_dot_i8x16_i7x16_s(token, v128.load(narrow)));
    b = i16x8.add(b, i16x8.relaxed_dot_i8x16_i7x16_s(token, v128.load(narrow + dims)));
    c = i16x8.add(c, i16x8.relaxed_dot_i8x16_i7x16_s(token, v128.load(narrow + 2 * dims)));
    d = i16x8.add(d, i16x8.relaxed_dot_i8x16_i7x16_s(token, v128.load(narrow + 3 * dims)));
    narrow += 16;
  }
  return storeCosines(
    to,
    i32x4.extadd_pairwise_i16x8_s(i16x8.sub(a, eights)),
    i32x4.extadd_pairwise_i16x8_s(i16x8.sub(b, eights)),
    i32x4.extadd_pairwise_i16x8_s(i16x8.sub(c, eights)),
    i32x4.extadd_pairwise_i16x8_s(i16x8.sub(d, eights)),
    unit,
    units,
    mean,
  );
}

// @ts-ignore: decorator
@inline
function eightTimes(row: usize, rowEnd: usize): v128 {
  const eight = i8x16.splat(8);
  let sums = i16x8.splat(0);
  for (; row < rowEnd; row += 16) {
    sums = i16x8.add(sums, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(row), eight));
  }
  return sums;
}

/**
 * Makes the cosines of a token with the queries, unless `epoch` has them; returns their place. A
 * module with relaxed SIMD reads the queries at `narrow`, where that is not 0.
 * Where `shadows` is not 0, the token's weighted vector times the queries' mean is left there.
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
    const row = rows + <usize>id * dims;
    const rowEnd = row + dims;
    let along = f64x2.splat(0);
    let isMade = false;
    if (ASC_FEATURE_RELAXED_SIMD) {
      if (narrow != 0) {
        const eights = eightTimes(row, rowEnd);
        for (let group: u32 = 0; group < queries; group += 4) {
          const first = narrow + <usize>group * dims;
          const to = place + (<usize>group << 2);
          const groupUnits = queryUnits + (<usize>group << 3);
          const part = mean + (<usize>group << 3);
          along = f64x2.add(
            along,
            narrowCosines(row, rowEnd, first, dims, eights, to, unit, groupUnits, part),
          );
        }
        isMade = true;
      }
    }
    let q = query;
    for (let group: u32 = 0; !isMade && group < queries; group += 4) {
      let a = i32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      let wide = q;
      for (let at = row; at < rowEnd; at += 8) {
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
        storeCosines(place + (groupPlace << 2), a, b, c, d, unit, groupUnits, part),
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
  dims: u32,
  units: usize,
  vocabulary: u32,
  stamps: usize,
  epoch: u32,
  cosines: usize,
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
      dims,
      units,
      stamps,
      epoch,
      cosines,
      queryUnits,
      0,
      0,
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
    let row = rows + <usize>id * dims;
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
  // What has to be made needs rows from all over the table: asked for together, they come together.
  const idsAt = at;
  let id: u32 = 0xffffffff;
  let touched = i32x4.splat(0);
  for (let i: u32 = 0; i < distinct; i++) {
    id += varint() + 1;
    const own = <usize>min(id, vocabulary);
    if (load<u32>(stamps + (own << 2)) == epoch) continue;
    const row = rows + own * dims;
    for (let line = row; line < row + dims; line += 64) {
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
        ? shadowOf(own, unit, part, scale, rows, dims, weights, unitStamps, unitEpoch, shadows)
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

/** Adds whole numbers of 32 bits to four doubles in memory. */
// @ts-ignore: decorator
@inline
function addWhole(sums: usize, more: v128): void {
  const high = i8x16.shuffle(more, more, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.convert_low_i32x4_s(more)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.convert_low_i32x4_s(high)), 16);
}

/**
 * Adds token vectors to `sums` (doubles, whole numbers): rows of `dims` bytes (a multiple of 32) by
 * id, each times its weight of 16 bits. Two tokens share a multiplication; `count` is at most 1,000,
 * so that 32 bits hold the sums under way. Ids from `vocabulary` on share the row behind the last,
 * which is zero. `pairs` has room for 12 bytes for each two ids; behind an odd number of ids one
 * more is written.
 */
export function pool(
  ids: usize,
  count: u32,
  rows: usize,
  weights: usize,
  vocabulary: u32,
  dims: u32,
  pairs: usize,
  sums: usize,
): void {
  const end = ids + (<usize>count << 2);
  if (count & 1) store<u32>(end, vocabulary);
  let pairsEnd = pairs;
  for (; ids < end; ids += 8) {
    const first = <usize>min(load<u32>(ids), vocabulary);
    const second = <usize>min(load<u32>(ids, 4), vocabulary);
    const low = <u32>load<u16>(weights + (first << 1));
    store<usize>(pairsEnd, rows + first * dims);
    store<usize>(pairsEnd, rows + second * dims, 4);
    store<u32>(pairsEnd, low | (<u32>load<u16>(weights + (second << 1)) << 16), 8);
    pairsEnd += 12;
  }
  for (let d: usize = 0; d < <usize>dims; d += 32) {
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
    addWhole(sums, s0);
    addWhole(sums + 32, s1);
    addWhole(sums + 64, s2);
    addWhole(sums + 96, s3);
    addWhole(sums + 128, s4);
    addWhole(sums + 160, s5);
    addWhole(sums + 192, s6);
    addWhole(sums + 224, s7);
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

// What the tokenizer does with a character of text: the high half of its entry in `forms`. The low
// half is the code unit it becomes, or for `EXPANDED` the place of its UTF-8 bytes.
// docs/kernels.md names the tables.
const WORD: u32 = 0;
const SPACE: u32 = 1;
const DROPPED: u32 = 2;
const EXPANDED: u32 = 6;
const REFUSED: u32 = 7;

/** The hash of src/core/model/vocabulary.ts. */
const HASH_PRIME: u32 = 0x01000193;
const WORD_SEED: u32 = 0x811c9dc5;
const PIECE_SEED: u32 = 0x2b4f6a91;

/** Code units of a token that its slot has room for. */
const SLOT_UNITS: u32 = 12;

/** Ends a text, and the bytes of an expansion: no byte of UTF-8. */
const END: u32 = 0xff;

/** Whether `bytes` bytes, an even number, are the same; both places can be read 8 bytes further. */
// @ts-ignore: decorator
@inline
function same(a: usize, b: usize, bytes: u32): bool {
  let rest = bytes;
  while (rest >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    rest -= 8;
  }
  return rest == 0 || (load<u64>(a) ^ load<u64>(b)) << (64 - 8 * rest) == 0;
}

/** Places of the tokenizer's tables, in the order of src/kernels/text-memory.ts. */
// @ts-ignore: decorator
@unmanaged
class Tables {
  forms: u32;
  expansions: u32;
  letters: u32;
  tags: u32;
  slots: u32;
  mask: u32;
  units: u32;
  longest: u32;
  maxWordChars: u32;
  unknown: u32;
  word: u32;
  hashes: u32;
}

/**
 * Id of the token that is these code units, or −1. A slot's tag, a byte of its token's hash, keeps
 * most of those that are not meant from being looked at. The slot has 32 bytes: the id, the length
 * in code units, and the units, or the place of them when they are more than {@link SLOT_UNITS}.
 */
function find(tables: Tables, at: usize, length: u32, hash: u32): i32 {
  const tags = tables.tags;
  const mask = tables.mask;
  const wanted = (hash >>> 24) | 1;
  let slot = (hash ^ (hash >>> 15)) & mask;
  let tag = <u32>load<u8>(tags + slot);
  while (tag != 0) {
    if (tag == wanted) {
      const entry = tables.slots + (slot << 5);
      if (load<u32>(entry, 4) == length) {
        const units = length <= SLOT_UNITS ? entry + 8 : tables.units + load<u32>(entry, 8);
        if (same(units, at, length << 1)) return load<i32>(entry);
      }
    }
    slot = (slot + 1) & mask;
    tag = load<u8>(tags + slot);
  }
  return -1;
}

/** Covers a word by the longest pieces from its start; returns where the next id goes. */
function split(tables: Tables, length: u32, out: usize): usize {
  const word = tables.word;
  const hashes = tables.hashes;
  const longest = tables.longest;
  let to = out;
  let start: u32 = 0;
  while (start < length) {
    const limit = min(length, start + longest);
    let hash = start == 0 ? WORD_SEED : PIECE_SEED;
    for (let i = start; i < limit; i++) {
      hash = (hash ^ load<u16>(word + (i << 1))) * HASH_PRIME;
      store<u32>(hashes + (i << 2), hash);
    }
    let id = -1;
    let end = limit;
    for (; end > start; end--) {
      id = find(tables, word + (start << 1), end - start, load<u32>(hashes + (end << 2) - 4));
      if (id >= 0) break;
    }
    if (id < 0) {
      store<u32>(out, tables.unknown);
      return out + 4;
    }
    store<u32>(to, id);
    to += 4;
    start = end;
  }
  return to;
}

/** Writes the ids of the word under way; returns where the next id goes. */
function endWord(tables: Tables, length: u32, hash: u32, to: usize): usize {
  if (length > tables.maxWordChars) {
    store<u32>(to, tables.unknown);
    return to + 4;
  }
  if (length <= tables.longest) {
    const id = find(tables, tables.word, length, hash);
    if (id >= 0) {
      store<u32>(to, id);
      return to + 4;
    }
  }
  return split(tables, length, to);
}

/**
 * Normalises and tokenizes UTF-8 text of characters that `forms` knows; says how many ids it wrote,
 * or −1 at a character that only the general way can normalise. Writes {@link END} behind the text.
 */
export function tokenise(text: usize, bytes: u32, tables: Tables, out: usize): i32 {
  const forms = tables.forms;
  const expansions = tables.expansions;
  const letters = tables.letters;
  const word = tables.word;
  const room = tables.maxWordChars + 1;
  store<u8>(text + bytes, END);
  let to = out;
  let length: u32 = 0;
  let hash = WORD_SEED;
  let at = text;
  let back: usize = 0;
  for (;;) {
    while (length < room) {
      const letter = <u32>load<u8>(letters + load<u8>(at));
      if (letter == 0) break;
      store<u16>(word + (length << 1), letter);
      hash = (hash ^ letter) * HASH_PRIME;
      length++;
      at++;
    }
    const byte = <u32>load<u8>(at);
    let character = byte;
    if (byte < 0x80) {
      at++;
    } else if (byte < 0xe0) {
      character = ((byte & 0x1f) << 6) | (load<u8>(at, 1) & 0x3f);
      at += 2;
    } else if (byte < 0xf0) {
      character = ((byte & 0xf) << 12) | ((<u32>load<u8>(at, 1) & 0x3f) << 6) | (load<u8>(at, 2) & 0x3f);
      at += 3;
    } else if (byte != END) {
      return -1;
    } else if (back != 0) {
      at = back;
      back = 0;
      continue;
    } else {
      break;
    }
    const form = load<u32>(forms + (character << 2));
    const kind = form >>> 16;
    if (kind == WORD) {
      if (length == room) continue; // too long already
      store<u16>(word + (length << 1), form);
      hash = (hash ^ (form & 0xffff)) * HASH_PRIME;
      length++;
    } else if (kind == EXPANDED) {
      back = at;
      at = expansions + (form & 0xffff);
    } else if (kind == REFUSED) {
      return -1;
    } else if (kind != DROPPED) {
      if (length > 0) to = endWord(tables, length, hash, to);
      length = 0;
      hash = WORD_SEED;
      if (kind == SPACE) continue;
      // Punctuation, or a Han character: a word by itself.
      store<u16>(word, form);
      to = endWord(tables, 1, (WORD_SEED ^ (form & 0xffff)) * HASH_PRIME, to);
    }
  }
  if (length > 0) to = endWord(tables, length, hash, to);
  return <i32>((to - out) >>> 2);
}
