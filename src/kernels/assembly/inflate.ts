// Raw deflate, unpacked in one call (RFC 1951). A table of the first ten bits decodes nearly every
// symbol; a longer code is found bit by bit, by how many codes each length has.

/** Bits of a code that the table looks up, and its entries of two bytes: symbol × 16 + length. */
const tableBits: u32 = 10;
const tableBytes: usize = 2 << 10;
const longestCode: u32 = 15;
const endOfBlock: u32 = 256;
const lengthSymbols: u32 = 288;
const distanceSymbols: u32 = 32;

// A decoder: the table, the number of codes of each length, what making it needs of each length, the
// symbols in the order of their codes.
const countsPart: usize = tableBytes;
const codesPart: usize = countsPart + 2 * 16;
const placesPart: usize = codesPart + 2 * 16;
const symbolsPart: usize = placesPart + 2 * 16;
const decoderBytes: usize = symbolsPart + 2 * 288;

/** In which order the lengths of the code of code lengths come. */
const orderOfLengths = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);
/** Of each symbol of a length and of a distance: the least it means, and how many bits more follow. */
const baseOfLength = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
]);
const moreOfLength = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const baseOfDistance = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
]);
const moreOfDistance = memory.data<u8>([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);

const malformed: i32 = -1;
const isFull: i32 = -2;

/** The bits read ahead, how many of them count, and where the next byte is. */
let bits: u64 = 0;
let held: u64 = 0;
let at: usize = 0;

/** At least 56 bits from here on; those behind the input's end are whatever lies there. */
// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= load<u64>(at) << held;
  at += <usize>((63 - held) >> 3);
  held |= 56;
}

// @ts-ignore: decorator
@inline
function take(count: u32): u32 {
  const value = <u32>(bits & (((<u64>1) << count) - 1));
  bits >>= count;
  held -= count;
  return value;
}

/** Makes a decoder of the code lengths of some symbols; whether they make a code. */
function makeDecoder(lengths: usize, symbols: u32, decoder: usize): bool {
  const counts = decoder + countsPart;
  const sorted = decoder + symbolsPart;
  const codes = decoder + codesPart;
  const places = decoder + placesPart;
  memory.fill(decoder, 0, symbolsPart);
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = counts + (<usize>load<u8>(lengths + symbol) << 1);
    store<u16>(count, load<u16>(count) + 1);
  }
  store<u16>(counts, 0);
  // What a length leaves of the codes that the ones before it left.
  let left: i32 = 1;
  let used: u32 = 0;
  for (let length: u32 = 1; length <= longestCode; length++) {
    const count = load<u16>(counts + (<usize>length << 1));
    left = (left << 1) - count;
    used += count;
    if (left < 0) return false;
  }
  // A code that is not whole is allowed where it has one symbol, of one bit, or none.
  if (left > 0 && (used > 1 || (used == 1 && load<u16>(counts, 2) != 1))) return false;
  // The first code of each length, and where its symbols begin among all.
  let code: u32 = 0;
  let place: u32 = 0;
  for (let length: u32 = 1; length <= longestCode; length++) {
    const count = load<u16>(counts + (<usize>length << 1));
    store<u16>(codes + (<usize>length << 1), <u16>code);
    store<u16>(places + (<usize>length << 1), <u16>place);
    code = (code + count) << 1;
    place += count;
  }
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const own = <usize>length << 1;
    place = load<u16>(places + own);
    store<u16>(places + own, <u16>(place + 1));
    store<u16>(sorted + (<usize>place << 1), <u16>symbol);
    code = load<u16>(codes + own);
    store<u16>(codes + own, <u16>(code + 1));
    if (length <= tableBits) fillTable(decoder, code, length, symbol);
  }
  return true;
}

/** Puts a code, whose first bit comes first, at all entries that begin with it. */
// @ts-ignore: decorator
@inline
function fillTable(decoder: usize, code: u32, length: u32, symbol: u32): void {
  let reversed: u32 = 0;
  for (let bit: u32 = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  const entry = <u16>((symbol << 4) | length);
  for (let index = reversed; index < 1 << tableBits; index += 1 << length) {
    store<u16>(decoder + (<usize>index << 1), entry);
  }
}

/** The next symbol; −1 for bits that are no code. At least 15 bits must be held. */
// @ts-ignore: decorator
@inline
function symbolOf(decoder: usize): i32 {
  const entry = load<u16>(decoder + ((<usize>bits & ((1 << tableBits) - 1)) << 1));
  if (entry != 0) {
    take(entry & 15);
    return entry >> 4;
  }
  return longSymbolOf(decoder);
}

function longSymbolOf(decoder: usize): i32 {
  let code: i32 = 0;
  let first: i32 = 0;
  let place: i32 = 0;
  for (let length: u32 = 1; length <= longestCode; length++) {
    code |= <i32>((bits >> (length - 1)) & 1);
    const count = <i32>load<u16>(decoder + countsPart + (<usize>length << 1));
    if (code - count < first) {
      take(length);
      return load<u16>(decoder + symbolsPart + (<usize>(place + code - first) << 1));
    }
    place += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return -1;
}

/** The code lengths that every block of the second kind has. */
function fixedLengths(lengths: usize): void {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  memory.fill(lengths + lengthSymbols, 5, distanceSymbols);
}

/**
 * Reads the code lengths that a block of the third kind brings, those of distances after all the
 * others; whether they can be.
 */
function readLengths(lengths: usize, decoder: usize): bool {
  refill();
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const brought = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  memory.fill(lengths, 0, 19);
  for (let index: u32 = 0; index < brought; index++) {
    refill();
    store<u8>(lengths + load<u8>(orderOfLengths + index), <u8>take(3));
  }
  if (!makeDecoder(lengths, 19, decoder)) return false;
  memory.fill(lengths, 0, lengthSymbols + distanceSymbols);
  const wanted = literals + distances;
  let last: u8 = 0;
  for (let index: u32 = 0; index < wanted; ) {
    refill();
    const symbol = symbolOf(decoder);
    if (symbol < 0) return false;
    let times: u32 = 1;
    if (symbol < 16) last = <u8>symbol;
    else if (symbol == 16) {
      if (index == 0) return false;
      times = 3 + take(2);
    } else {
      last = 0;
      times = symbol == 17 ? 3 + take(3) : 11 + take(7);
    }
    if (index + times > wanted) return false;
    for (; times > 0; times--, index++) {
      const place = index < literals ? index : lengthSymbols + index - literals;
      store<u8>(lengths + place, last);
    }
  }
  return load<u8>(lengths + endOfBlock) != 0;
}

/** Copies bytes that were unpacked before: byte by byte where they overlap, eight at a time else. */
// @ts-ignore: decorator
@inline
function repeat(out: usize, distance: usize, length: usize): void {
  const end = out + length;
  if (distance >= 8) {
    for (; out < end; out += 8) store<u64>(out, load<u64>(out - distance));
  } else {
    for (; out < end; out++) store<u8>(out, load<u8>(out - distance));
  }
}

/**
 * Unpacks raw deflate. May write up to 8 bytes beyond `room`, and reads as many beyond the input.
 * @param base where what repetitions may reach back to begins: `to`, or a dictionary that ends there
 * @param work 5,760 bytes
 * @returns how many bytes they are, −1 for input that is not deflate, −2 when `room` is too small
 */
export function inflate(
  from: usize,
  size: u32,
  base: usize,
  to: usize,
  room: u32,
  work: usize,
): i32 {
  const lengths = work;
  const literal = work + lengthSymbols + distanceSymbols;
  const far = literal + decoderBytes;
  const end = from + size;
  const full = to + room;
  let out = to;
  bits = 0;
  held = 0;
  at = from;
  let isLast = false;
  while (!isLast) {
    refill();
    isLast = take(1) == 1;
    const kind = take(2);
    if (kind == 0) {
      take(<u32>held & 7);
      at -= <usize>(held >> 3);
      bits = 0;
      held = 0;
      if (at + 4 > end) return malformed;
      const length = load<u16>(at);
      if (length != (load<u16>(at, 2) ^ 0xffff) || at + 4 + length > end) return malformed;
      if (out + length > full) return isFull;
      memory.copy(out, at + 4, length);
      out += length;
      at += 4 + length;
      continue;
    }
    if (kind == 3) return malformed;
    if (kind == 1) fixedLengths(lengths);
    else if (!readLengths(lengths, literal)) return malformed;
    if (
      !makeDecoder(lengths, lengthSymbols, literal) ||
      !makeDecoder(lengths + lengthSymbols, distanceSymbols, far)
    ) {
      return malformed;
    }
    for (;;) {
      refill();
      if (at - <usize>(held >> 3) > end) return malformed;
      let symbol = symbolOf(literal);
      if (symbol < 0) return malformed;
      if (symbol < 256) {
        if (out >= full) return isFull;
        store<u8>(out++, <u8>symbol);
        continue;
      }
      if (symbol == endOfBlock) break;
      symbol -= 257;
      if (symbol > 28) return malformed;
      const length =
        load<u16>(baseOfLength + (<usize>symbol << 1)) + take(load<u8>(moreOfLength + symbol));
      symbol = symbolOf(far);
      if (symbol < 0 || symbol > 29) return malformed;
      const distance = <usize>(
        load<u16>(baseOfDistance + (<usize>symbol << 1)) + take(load<u8>(moreOfDistance + symbol))
      );
      if (distance > out - base) return malformed;
      if (out + length > full) return isFull;
      repeat(out, distance, length);
      out += length;
    }
  }
  return at - <usize>(held >> 3) > end ? malformed : <i32>(out - to);
}
