import type { Passage, TextBlock } from '../page/types.ts';
import { fingerprint } from './fingerprint.ts';
import { type Piece, piecesOf } from './pieces.ts';

export interface PassageOptions {
  /** Words of an ordinary passage; lengths spread from two to four thirds of it. */
  readonly targetWords: number;
  /** A last passage of fewer words joins the one before it. */
  readonly minWords: number;
}

export const defaultPassageOptions: PassageOptions = { targetWords: 90, minWords: 15 };

/** Longest part of a title that goes before a passage, in UTF-16 code units. */
const maxTitleLength = 120;

/**
 * Cuts a page's text into passages of about 90 words. Cuts fall at sentence ends, rather at the
 * ends of blocks; a heading or a sheet starts a passage when the one before it is half full. Among equal
 * places the text itself decides (by a hash of the sentence before the cut), so an edit moves
 * only the cuts near it. A page without text has one empty passage: its title stands for it.
 * Linear in the text.
 */
export function splitPassages(
  blocks: readonly TextBlock[],
  options: PassageOptions = defaultPassageOptions,
): Passage[] {
  const { targetWords, minWords } = options;
  const maxWords = Math.round((targetWords * 4) / 3);
  const pieces = piecesOf(blocks, maxWords);
  if (pieces.length === 0) return [{ text: '' }];
  const cuts = [0];
  let words = 0; // of the pieces since the last cut
  let best = -1; // the best place to cut so far: before this piece
  let bestRank = -1;
  let i = 0;
  while (i < pieces.length) {
    const piece = pieces[i] as Piece;
    const isFull = words > 0 && words + piece.words > maxWords;
    const isNewPart = piece.isHeading || piece.sheet !== pieces[i - 1]?.sheet;
    if (isFull || (isNewPart && words >= targetWords / 2)) {
      // A piece that fits nowhere leaves no better place than right before it.
      const cut = isFull && best > 0 ? best : i;
      cuts.push(cut);
      i = cut;
      words = 0;
      best = -1;
      bestRank = -1;
      continue;
    }
    if (words >= (targetWords * 2) / 3) {
      const rank = rankOfCut(pieces[i - 1] as Piece, piece);
      if (rank > bestRank) {
        best = i;
        bestRank = rank;
      }
    }
    words += piece.words;
    i++;
  }
  if (words < minWords && cuts.length > 1) cuts.pop();
  return cuts.map((cut, c) => passageOf(pieces, cut, cuts[c + 1] ?? pieces.length));
}

/** How good a place is to cut: ends of blocks first, then what the hash of the text says. */
function rankOfCut(before: Piece, after: Piece): number {
  let hash = fingerprint(before.text.slice(-64));
  hash ^= hash >>> 15;
  return (after.startsBlock ? 1 : 0) + (hash >>> 0) / 2 ** 32;
}

function passageOf(pieces: readonly Piece[], start: number, end: number): Passage {
  const first = pieces[start] as Piece;
  let text = first.text;
  for (let i = start + 1; i < end; i++) {
    const piece = pieces[i] as Piece;
    text += piece.gap + piece.text;
  }
  return {
    text,
    ...(first.heading === undefined ? {} : { heading: first.heading }),
    ...(first.sheet === undefined ? {} : { sheet: first.sheet }),
  };
}

/** What the model reads of a passage: the page's title, at most 120 code units, then the text. */
export function passageInput(title: string, passage: Pick<Passage, 'text'>): string {
  let head = title.slice(0, maxTitleLength);
  const last = head.charCodeAt(head.length - 1);
  // Not between the halves of a character.
  if (title.length > maxTitleLength && last >= 0xd800 && last <= 0xdbff) head = head.slice(0, -1);
  if (head === '') return passage.text;
  return passage.text === '' ? head : `${head}. ${passage.text}`;
}
