// BM25 over compressed postings, a part of the index at a time: numbers are those of its pages. What
// is written at random is as large as a part. The formats are those of src/core/index/postings.ts.

const largestCount: u32 = 65535;

/** The rest of a number whose first byte says that more follow: its value, and above it its bytes. */
function restOfNumber(at: usize, end: usize): u64 {
  let value = <u32>load<u8>(at) & 127;
  for (let bytes: u32 = 1; bytes < 5; bytes++) {
    if (at + bytes >= end) return 0;
    const byte = <u32>load<u8>(at + bytes);
    value |= (byte & 127) << (7 * bytes);
    if (byte < 128) return (<u64>(bytes + 1) << 32) | value;
  }
  return 0;
}

/**
 * Reads postings: the pages that have the term, ascending, and its counts there. Both have room for all
 * pages of the part. Says how many they are, or −1 for bytes that are no postings. Reads one byte
 * behind the end.
 */
export function readPostings(from: usize, size: u32, pages: u32, locals: usize, counts: usize): i32 {
  const end = from + size;
  let at = from;
  let next: u32 = 0;
  let n: usize = 0;
  while (at < end) {
    let head = <u32>load<u8>(at);
    if (head < 128) at++;
    else {
      const rest = restOfNumber(at, end);
      if (rest == 0) return -1;
      head = <u32>rest;
      at += <usize>(rest >> 32);
    }
    // Whether a count follows is as good as chance: no jump hangs on it.
    const follows = head & 1;
    let count = select<u32>(load<u8>(at), 1, follows);
    if (count < 128) at += follows;
    else {
      const rest = restOfNumber(at, end);
      if (rest == 0) return -1;
      count = <u32>rest;
      at += <usize>(rest >> 32);
    }
    const local = next + (head >> 1);
    if (local >= pages || count - 1 >= largestCount) return -1;
    store<u32>(locals + n, local);
    store<u32>(counts + n, count);
    next = local + 1;
    n += 4;
  }
  return at == end ? <i32>(n >> 2) : -1;
}

/** What a count scores on a page of a length, in double precision as the reference does. */
// @ts-ignore: decorator
@inline
function scoreOf(count: u32, length: u32, top: f64, base: f64, slope: f64): f32 {
  return <f32>((top * <f64>count) / (<f64>count + (base + slope * <f64>length)));
}

/** Puts a page of the index into a set; pages beyond the limit, removed ones, are in none. */
// @ts-ignore: decorator
@inline
function addToSet(met: usize, page: u32): void {
  const word = met + ((<usize>page >> 5) << 2);
  store<u32>(word, load<u32>(word) | (1 << (page & 31)));
}

/** Adds what postings score to the pages' scores, and the pages to a set. */
export function addScores(
  count: u32,
  locals: usize,
  counts: usize,
  lengths: usize,
  ordinals: usize,
  limit: u32,
  top: f64,
  base: f64,
  slope: f64,
  scores: usize,
  met: usize,
): void {
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const place = <usize>load<u32>(locals + i) << 2;
    const page = load<u32>(ordinals + place);
    if (page >= limit) continue;
    const score = scoreOf(load<u32>(counts + i), load<u32>(lengths + place), top, base, slope);
    if (score == 0) continue;
    store<f32>(scores + place, load<f32>(scores + place) + score);
    addToSet(met, page);
  }
}

/** Adds postings' counts to the pages' sums. */
export function addCounts(count: u32, locals: usize, counts: usize, sums: usize): void {
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const sum = sums + (<usize>load<u32>(locals + i) << 2);
    store<u32>(sum, load<u32>(sum) + load<u32>(counts + i));
  }
}

/** Raises the pages' scores of a term to what the sums score, and empties the sums. */
export function raiseScores(
  sums: usize,
  pages: u32,
  lengths: usize,
  top: f64,
  base: f64,
  slope: f64,
  ofTerm: usize,
): void {
  for (let i: usize = 0; i < <usize>pages << 2; i += 4) {
    const count = load<u32>(sums + i);
    if (count == 0) continue;
    store<u32>(sums + i, 0);
    const score = scoreOf(count, load<u32>(lengths + i), top, base, slope);
    if (score > load<f32>(ofTerm + i)) store<f32>(ofTerm + i, score);
  }
}

/** Adds the pages' scores of a term to their scores, the pages to a set, and empties the former. */
export function mergeScores(
  ofTerm: usize,
  pages: u32,
  ordinals: usize,
  limit: u32,
  scores: usize,
  met: usize,
): void {
  for (let i: usize = 0; i < <usize>pages << 2; i += 4) {
    const score = load<f32>(ofTerm + i);
    if (score == 0) continue;
    store<f32>(ofTerm + i, 0);
    const page = load<u32>(ordinals + i);
    if (page >= limit) continue;
    store<f32>(scores + i, load<f32>(scores + i) + score);
    addToSet(met, page);
  }
}

/**
 * Takes the scores above 0 out of a part and empties them: adds each, and its square, to the two
 * doubles at `sums`, and puts it with its page behind those `found` before, where `mask` has a 1 for the
 * page (all, where `mask` is 0). Says how many there are then. Reads the scores by four; there is room
 * for one more than all pages of all parts.
 */
export function takeScores(
  scores: usize,
  pages: u32,
  ordinals: usize,
  limit: u32,
  mask: usize,
  sums: usize,
  pagesOut: usize,
  scoresOut: usize,
  found: u32,
): u32 {
  let sum = load<f64>(sums);
  let squares = load<f64>(sums, 8);
  let to = <usize>found << 2;
  for (let i: usize = 0; i < <usize>pages << 2; i += 16) {
    if (!v128.any_true(v128.load(scores + i))) continue;
    for (let at = i; at < i + 16; at += 4) {
      const page = load<u32>(ordinals + at);
      if (page >= limit) continue;
      // One that is 0 changes nothing, and the next is put in its place.
      const score = load<f32>(scores + at);
      sum += <f64>score;
      squares += <f64>score * <f64>score;
      store<u32>(pagesOut + to, page);
      store<f32>(scoresOut + to, score);
      const isAccepted = mask == 0 ? 1 : i32(load<u8>(mask + page) == 1);
      // No jump: which pages have a score is as good as chance.
      to += <usize>(i32(score != 0) & isAccepted) << 2;
    }
    v128.store(scores + i, i32x4.splat(0));
  }
  store<f64>(sums, sum);
  store<f64>(sums, squares, 8);
  return <u32>(to >> 2);
}
