/** Seeds of the hash: words and pieces that continue a word live in one table, apart. */
export const wordSeed = 0x811c9dc5;
export const pieceSeed = 0x2b4f6a91;
/** FNV's prime. */
export const hashPrime = 0x01000193;

/**
 * The vocabulary as an open-addressed hash table over UTF-16 code units, in plain arrays: looking
 * up a stretch of a buffer makes no string. The hash is FNV-1a over code units with a final mix of
 * the high bits, so that the hash of a longer stretch continues that of a shorter one.
 */
export interface VocabularyTable {
  /** Code units of all tokens, `##` left out, one after another. */
  readonly units: Uint16Array;
  /** Token `t` is `units[offsets[t] … offsets[t + 1])`. */
  readonly offsets: Uint32Array;
  /** 1 for a token that continues a word. */
  readonly continues: Uint8Array;
  /** A power of two of slots: a token's id + 1, or 0. */
  readonly slots: Uint32Array;
  /** The full hash of the slot's token. */
  readonly hashes: Uint32Array;
  /** Code units of the longest token. */
  readonly longest: number;
}

/** Spreads the hash over the low bits that choose the slot. */
export function slotOf(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}

/** Builds the table from the tokens in the order of their ids. */
export function buildVocabulary(tokens: readonly string[]): VocabularyTable {
  let size = 16;
  while (size < tokens.length * 2) size *= 2;
  const mask = size - 1;
  const slots = new Uint32Array(size);
  const hashes = new Uint32Array(size);
  const offsets = new Uint32Array(tokens.length + 1);
  const continues = new Uint8Array(tokens.length);
  let total = 0;
  for (const token of tokens) total += token.length;
  const units = new Uint16Array(total);
  let place = 0;
  let longest = 0;
  for (let id = 0; id < tokens.length; id++) {
    const token = tokens[id] as string;
    const isPiece = token.startsWith('##');
    if (isPiece) continues[id] = 1;
    offsets[id] = place;
    let hash = isPiece ? pieceSeed : wordSeed;
    const first = isPiece ? 2 : 0;
    for (let i = first; i < token.length; i++) {
      const unit = token.charCodeAt(i);
      units[place++] = unit;
      hash = Math.imul(hash ^ unit, hashPrime);
    }
    offsets[id + 1] = place;
    if (token.length === first) continue; // an empty piece can never be met
    longest = Math.max(longest, token.length - first);
    hash >>>= 0;
    let slot = slotOf(hash, mask);
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
    hashes[slot] = hash;
  }
  return { units: units.slice(0, place), offsets, continues, slots, hashes, longest };
}

/** A token as the vocabulary has it, `##` before one that continues a word. */
export function tokenAt(table: VocabularyTable, id: number): string | undefined {
  const { units, offsets, continues } = table;
  if (!(id >= 0 && id < continues.length)) return undefined;
  const own = String.fromCharCode(...units.subarray(offsets[id], offsets[id + 1]));
  return continues[id] === 1 ? `##${own}` : own;
}

/**
 * Id of the token that is exactly `buffer[start … end)`, or −1.
 * @param hash the stretch's hash from {@link wordSeed} or {@link pieceSeed}, unsigned
 */
export function findToken(
  table: VocabularyTable,
  buffer: Uint16Array,
  start: number,
  end: number,
  hash: number,
): number {
  const { slots, hashes, offsets, units } = table;
  const mask = slots.length - 1;
  const length = end - start;
  for (let slot = slotOf(hash, mask); ; slot = (slot + 1) & mask) {
    const entry = slots[slot] as number;
    if (entry === 0) return -1;
    if (hashes[slot] !== hash) continue;
    const offset = offsets[entry - 1] as number;
    if ((offsets[entry] as number) - offset !== length) continue;
    let i = 0;
    while (i < length && units[offset + i] === buffer[start + i]) i++;
    if (i === length) return entry - 1;
  }
}
