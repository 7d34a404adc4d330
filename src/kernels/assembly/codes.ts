// Bit codes: distances, the nearest of each page, near-duplicates, the asymmetric second look.

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
