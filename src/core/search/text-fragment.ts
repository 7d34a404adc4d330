import { isUnspaced } from '../text/terms-words.ts';

/** Words of a stretch that a link points at, and of the context when they stand more than once. */
const minWords = 4;
const maxWords = 12;
const contextWords = 3;

/** The characters that part the directive's pieces must be written out, as the standard says. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D');
}

/** What a browser takes for the same when it looks for a stretch: case and the kind of blank aside. */
function folded(text: string): string {
  const small = text.toLowerCase();
  // Single blanks are nearly all there are: what has no others is looked through once.
  return / {2}|[^\S\n ]/.test(small)
    ? small.replace(/ {2,}[^\S\n]*| ?[^\S\n ][^\S\n]*/g, ' ')
    : small;
}

/** Whether a stretch, both folded, stands in the page more than once. */
function isRepeated(page: string, stretch: string): boolean {
  const first = page.indexOf(stretch);
  return first >= 0 && page.indexOf(stretch, first + 1) >= 0;
}

interface Word {
  readonly start: number;
  readonly end: number;
}

/** Made once, and only where a page needs it: it takes longer to make than a line to part. */
let segmenter: Intl.Segmenter | undefined;

/** The words of a line; in scripts without blanks as a browser parts them, for a match ends there. */
function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  // Scripts without blanks begin with Thai: a line of letters before it has nothing to look for.
  const isPlain = !/[\u0e00-\uffff]/.test(line);
  for (const { index, 0: run } of line.matchAll(/\S+/g)) {
    if (isPlain || /\p{Script=Hangul}/u.test(run) || !isUnspaced(run)) {
      words.push({ start: index, end: index + run.length });
      continue;
    }
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
    for (const { index: place, segment } of segmenter.segment(run)) {
      words.push({ start: index + place, end: index + place + segment.length });
    }
  }
  return words;
}

/** The stretches of a line that can be pointed at, from a word on. */
class Line {
  readonly #line: string;
  readonly #page: string;
  #words: readonly Word[] | undefined;

  /** @param page the page's text, folded */
  constructor(line: string, page: string) {
    this.#line = line;
    this.#page = page;
  }

  /** Parted when they are asked for: most lines of a passage are not. */
  get words(): readonly Word[] {
    this.#words ??= wordsOf(this.#line);
    return this.#words;
  }

  get isProse(): boolean {
    return isProse(this.#line);
  }

  slice(from: number, to: number): string {
    const begin = this.words[Math.max(0, from)]?.start ?? 0;
    return this.#line.slice(begin, this.words[Math.min(to, this.words.length) - 1]?.end ?? begin);
  }

  /** The shortest stretch from a word on that stands once on the page; the longest when none does. */
  stretch(from: number): { readonly text: string; readonly end: number; readonly isOnly: boolean } {
    const last = Math.min(from + maxWords, this.words.length);
    for (let end = Math.min(from + minWords, this.words.length); ; end++) {
      const text = this.slice(from, end);
      const isOnly = !isRepeated(this.#page, folded(text));
      if (isOnly || end >= last) return { text, end, isOnly };
    }
  }
}

/**
 * The first word of what follows a line, or the last of what is before it: context of a short one. One
 * word, because the next may be in another cell of a table, and context may not cross blocks either.
 */
function contextOf(lines: readonly Line[], at: number): { prefix?: string; suffix?: string } {
  const after = lines.slice(at + 1).find(({ words }) => words.length > 0);
  if (after !== undefined) return { suffix: after.slice(0, 1) };
  const before = lines.slice(0, at).findLast(({ words }) => words.length > 0);
  if (before === undefined) return {};
  return { prefix: before.slice(before.words.length - 1, before.words.length) };
}

/** Whether a line reads like a sentence: it is in one piece on the page, as a table's row is not. */
function isProse(line: string): boolean {
  // The last two code units have the last character, whichever it is.
  return line.length > 40 && /[\p{Sentence_Terminal}”"'’)]$/u.test(line.trimEnd().slice(-2));
}

/** One directive: a stretch, between what stands before it and after it where that is said. */
function directive(stretch: string, { prefix, suffix }: { prefix?: string; suffix?: string } = {}) {
  const before = prefix === undefined ? '' : `${encode(prefix)}-,`;
  return `text=${before}${encode(stretch)}${suffix === undefined ? '' : `,-${encode(suffix)}`}`;
}

/** The first stretch from some words on, of several ones each, that stands once on the page. */
function firstOnly(places: readonly { readonly line: Line; readonly from: number }[]) {
  for (const { line, from } of places) {
    if (from < 0 || from + minWords > line.words.length) continue;
    const stretch = line.stretch(from);
    if (stretch.isOnly) return stretch;
  }
  return undefined;
}

/**
 * An address that opens the page at a place of its text (WICG scroll-to-text-fragment):
 * `#:~:text=prefix-,words,-suffix`. The words lie within one line, since a stretch may not cross
 * blocks as its context may, and are as few as are found once on the page: a short stretch survives
 * edits around it. A second stretch beside it is found where the first was edited. A line of a few
 * words, as a heading is, may stand in a menu too, which is not stored: it is told by what is beside
 * it. A fragment of the address itself stays before the directive.
 *
 * @param passage the passage the place is in
 * @param at UTF-16 offset of the evidence in the passage
 * @param pageText all passages, joined by line breaks
 */
export function openUrlAt(url: string, passage: string, at: number, pageText: string): string {
  const page = folded(pageText);
  const lines = passage.split('\n').map((text) => new Line(text, page));
  const place = passage.slice(0, at).split('\n').length - 1;
  const line = lines[place];
  if (line === undefined || line.words.length === 0 || url === '') return url;
  const { words } = line;
  const offset = at - (passage.lastIndexOf('\n', at - 1) + 1);
  const index = words.findLastIndex(({ start }) => start <= offset);
  const first = Math.max(0, Math.min(index, words.length - minWords));
  const main = line.stretch(first);
  const isShort = words.length < minWords;
  const prefix = main.isOnly ? undefined : line.slice(Math.max(0, first - contextWords), first);
  const directives = [
    directive(main.text, isShort ? contextOf(lines, place) : prefix ? { prefix } : {}),
  ];
  const places = [
    ...[main.end, first - minWords].map((from) => ({ line, from, isProse: line.isProse })),
    ...lines.slice(place + 1).map((next) => ({ line: next, from: 0, isProse: next.isProse })),
  ].sort((a, b) => Number(b.isProse) - Number(a.isProse));
  const second = firstOnly(places);
  if (second !== undefined) directives.push(directive(second.text));
  const [base = url, fragment = ''] = url.split('#', 2);
  return `${base}#${fragment.replace(/:~:.*$/, '')}:~:${directives.join('&')}`;
}

/** An address that opens a PDF at a sheet, as the browsers' viewers read it (RFC 8118). */
export function openUrlAtSheet(url: string, sheet: number): string {
  return `${url.split('#', 1)[0]}#page=${sheet}`;
}
