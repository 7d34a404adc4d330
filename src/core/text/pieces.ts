import type { TextBlock } from '../page/types.ts';
import { splitSentences } from './sentences.ts';
import { measureWords } from './words.ts';

/** The smallest part of a page that stays whole: a sentence, a row, a heading. */
export interface Piece {
  readonly text: string;
  readonly words: number;
  /** What stands between the piece before and this one when both are in one passage. */
  readonly gap: '\n' | ' ' | '';
  readonly startsBlock: boolean;
  readonly isHeading: boolean;
  /** The nearest heading above, or the piece itself when it is one. */
  readonly heading: string | undefined;
  readonly sheet: number | undefined;
}

const loneSurrogates = /\p{Cs}/gu;
// Control characters but for tab and line feed.
const controls = /[^\P{Cc}\t\n]/gu;
const clauseEnd = /[,;:，、；：،؛\u2014)\]]/u;

/** The page's text as pieces of at most `maxWords` words, in order. */
export function piecesOf(blocks: readonly TextBlock[], maxWords: number): Piece[] {
  const pieces: Piece[] = [];
  let heading: string | undefined;
  for (const block of blocks) {
    const text = cleanText(block.text);
    const isHeading = block.kind === 'heading';
    if (isHeading && text.trim() !== '') heading = collapse(text).slice(0, 200);
    let startsBlock = true;
    const add = (piece: string, gap: Piece['gap']) => {
      for (const part of fittingParts(piece, maxWords)) {
        pieces.push({
          text: part.text,
          words: part.words,
          gap: startsBlock ? '\n' : part.isFirst ? gap : part.gap,
          startsBlock,
          isHeading: isHeading && startsBlock,
          heading,
          sheet: block.sheet,
        });
        startsBlock = false;
      }
    };
    if (block.kind === 'code' || block.kind === 'list' || block.kind === 'table') {
      addRows(text, block.kind === 'code', add);
    } else {
      let last = -1;
      for (const { start, end } of splitSentences(text)) {
        add(collapse(text.slice(start, end)), start === last ? '' : ' ');
        last = end;
      }
    }
  }
  return pieces;
}

function addRows(text: string, isCode: boolean, add: (row: string, gap: '\n') => void): void {
  for (const row of text.split('\n')) {
    const clean = isCode ? row.trimEnd() : collapse(row);
    if (clean !== '') add(clean, '\n');
  }
}

/** Text that survives UTF-8 and storage as it is: no control characters, no halves of characters. */
function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(controls, '').replace(loneSurrogates, '\ufffd');
}

function collapse(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

interface Part {
  readonly text: string;
  readonly words: number;
  readonly gap: ' ' | '';
  readonly isFirst: boolean;
}

/**
 * A piece as it is when it fits, otherwise cut near the limit: after a clause, at a blank, or, in
 * a run without either, between two characters.
 */
function fittingParts(text: string, maxWords: number): Part[] {
  const words = measureWords(text);
  const maxLength = maxWords * 12; // of a run that is no words at all
  if (words <= maxWords && text.length <= maxLength) {
    return [{ text, words, gap: ' ', isFirst: true }];
  }
  const parts: Part[] = [];
  let start = 0;
  let gap: Part['gap'] = ' ';
  while (start < text.length) {
    const end = endOfPart(text, start, maxWords, maxLength);
    const part = text.slice(start, end).trim();
    if (part !== '') {
      parts.push({ text: part, words: measureWords(part), gap, isFirst: parts.length === 0 });
    }
    const hadBlank = text[end - 1] === ' ' || text[end] === ' ';
    gap = hadBlank ? ' ' : '';
    start = end;
  }
  return parts;
}

function endOfPart(text: string, start: number, maxWords: number, maxLength: number): number {
  let words = 0;
  let clause = -1;
  let blank = -1;
  let step = start;
  const limit = Math.min(text.length, start + maxLength);
  while (step < limit) {
    // One word, or one character of a script without blanks, at a time.
    let next = step + 1;
    if (text.charCodeAt(step) < 128) {
      while (next < limit && text.charCodeAt(next) > 32 && text.charCodeAt(next) < 128) next++;
    } else if ((text.codePointAt(step) ?? 0) > 0xffff) next++;
    words += measureWords(text, step, next);
    if (words > maxWords && step > start) break;
    step = next;
    if (words >= maxWords / 2 && clauseEnd.test(text.charAt(step - 1))) clause = step;
    if (text.charAt(step) === ' ') blank = step;
  }
  if (step >= text.length) return text.length;
  if (clause > start) return clause;
  if (blank > start) return blank;
  const low = text.charCodeAt(step);
  return low >= 0xdc00 && low <= 0xdfff && step > start + 1 ? step - 1 : step;
}
