/** A text without any character beyond ASCII. */
const asciiOnly = /^[\0-\x7f]*$/;

/**
 * Characters of which, once NFKC, no decomposition holds a mark of U+0300–036F: ASCII and Latin-1
 * signs, general punctuation, kana, bopomofo, Han, Hangul.
 */
const withoutMarks =
  /^[\0-\xbf\u2000-\u206f\u3000-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]*$/;

const marks = /[\u0300-\u036f]/g;

/**
 * The model's form of a text: NFKC, lower case, NFD, without the marks U+0300–036F, NFC. Control
 * characters stay; the tokenizer drops them. Total and linear: lone surrogates pass through.
 */
export function normaliseText(text: string): string {
  if (asciiOnly.test(text)) return text.toLowerCase();
  const folded = text.normalize('NFKC').toLowerCase();
  // NFKC text is NFC already: the detour over NFD is only worth its time when marks can appear.
  if (withoutMarks.test(folded)) return folded;
  return folded.normalize('NFD').replace(marks, '').normalize('NFC');
}

/** Normalised text with, for each of its UTF-16 code units, the stretch of the text it came from. */
export interface AlignedText {
  readonly text: string;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Characters that normalise together: a base with its marks, a run of Hangul jamo. */
const clusters =
  /[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]+|[^\p{M}][\p{M}\uff9e\uff9f\u200d]*|\p{M}+/gsu;

/** Words of ASCII alone, as many as stand together: each character stays where it is. */
const plainWords = /[\0-\x7f]+(?![^\0-\x20])/y;

/**
 * {@link normaliseText} with origins. The text is cut before each blank, where no normalisation
 * reaches across; within a word, characters are aligned one by one, or, when their forms depend on
 * each other, as the whole word.
 */
export function normaliseAligned(text: string): AlignedText {
  const parts: string[] = [];
  const starts = new Offsets(text.length);
  const ends = new Offsets(text.length);
  let start = 0;
  while (start < text.length) {
    plainWords.lastIndex = start;
    const plain = plainWords.exec(text)?.[0];
    if (plain !== undefined) {
      parts.push(plain.toLowerCase());
      for (const end = start + plain.length; start < end; start++) {
        starts.push(start);
        ends.push(start + 1);
      }
      continue;
    }
    let end = start + 1;
    while (end < text.length && text.charCodeAt(end) > 0x20) end++;
    const word = text.slice(start, end);
    const form = normaliseText(word);
    parts.push(form);
    if (!alignClusters(word, form, start, starts, ends)) {
      for (let i = 0; i < form.length; i++) {
        starts.push(start);
        ends.push(end);
      }
    }
    start = end;
  }
  return { text: parts.join(''), starts: starts.values(), ends: ends.values() };
}

function alignClusters(
  word: string,
  form: string,
  offset: number,
  starts: Offsets,
  ends: Offsets,
): boolean {
  if (form.length === word.length && withoutMarks.test(word)) {
    for (let i = 0; i < form.length; i++) {
      starts.push(offset + i);
      ends.push(offset + i + 1);
    }
    return true;
  }
  const sizes: number[] = [];
  const lengths: number[] = [];
  let total = 0;
  for (const [cluster] of word.matchAll(clusters)) {
    const length = normaliseText(cluster).length;
    sizes.push(cluster.length);
    lengths.push(length);
    total += length;
  }
  if (total !== form.length) return false;
  let place = offset;
  for (let c = 0; c < sizes.length; c++) {
    const size = sizes[c] ?? 0;
    for (let i = lengths[c] ?? 0; i > 0; i--) {
      starts.push(place);
      ends.push(place + size);
    }
    place += size;
  }
  return true;
}

/** A growing list of offsets. */
class Offsets {
  private list: Uint32Array;
  private size = 0;

  constructor(capacity: number) {
    this.list = new Uint32Array(capacity + 16);
  }

  push(value: number): void {
    if (this.size === this.list.length) {
      const larger = new Uint32Array(this.size * 2);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.size++] = value;
  }

  values(): Uint32Array {
    return this.list.slice(0, this.size);
  }
}
