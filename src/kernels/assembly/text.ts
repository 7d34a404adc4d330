// Text to tokens.

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

/** Places of the tokenizer's tables, in the order of src/kernels/wasm-tokenizer.ts. */
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
 * Lays out the slots of a vocabulary (src/core/model/vocabulary.ts has the four columns) as
 * {@link find} looks them up: a tag a slot, and 32 bytes.
 */
export function layVocabulary(
  slots: usize,
  hashes: usize,
  offsets: usize,
  units: usize,
  count: u32,
  tags: usize,
  entries: usize,
): void {
  for (let slot: u32 = 0; slot < count; slot++, entries += 32) {
    const token = load<u32>(slots + (<usize>slot << 2));
    if (token == 0) continue;
    const offset = offsets + (<usize>token << 2);
    const start = load<u32>(offset - 4);
    const length = load<u32>(offset) - start;
    store<u8>(tags + slot, <u8>((load<u32>(hashes + (<usize>slot << 2)) >>> 24) | 1));
    store<u32>(entries, token - 1);
    store<u32>(entries, length, 4);
    if (length > SLOT_UNITS) store<u32>(entries, start << 1, 8);
    else memory.copy(entries + 8, units + (<usize>start << 1), <usize>length << 1);
  }
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
