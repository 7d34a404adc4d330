import type { BlockKind, TextBlock } from '../../core/page/types.ts';
import { type PdfLine, withoutRunningLines } from './pdf-lines.ts';

/** A line this much larger than the text is a heading … */
const headingFactor = 1.15;
/** … unless it goes on for longer than this. */
const longestHeading = 200;
/** A gap this much wider than usual parts paragraphs. */
const gapFactor = 1.35;
const sizeTolerance = 0.12;
const listItem = /^(?:[•‣▪●○◦∙·*–-]|\(?\d{1,3}[.)]|\(?[a-z][.)]|[①-⑳])\s+\S/u;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The size that most characters have. */
function bodySizeOf(sheets: readonly (readonly PdfLine[])[]): number {
  const lengths = new Map<number, number>();
  for (const { size, text } of sheets.flat()) {
    const rounded = Math.round(size * 2) / 2;
    lengths.set(rounded, (lengths.get(rounded) ?? 0) + text.length);
  }
  let best = 0;
  for (const [size, length] of lengths) if (length > (lengths.get(best) ?? 0)) best = size;
  return best;
}

/** The usual distance of two lines that follow one another, in sizes of the text. */
function leadingOf(sheets: readonly (readonly PdfLine[])[]): number {
  const leadings: number[] = [];
  for (const lines of sheets) {
    lines.forEach((line, i) => {
      const before = lines[i - 1];
      const gap = before === undefined ? 0 : (before.y - line.y) / line.size;
      if (gap > 0.8 && gap < 3) leadings.push(gap);
    });
  }
  return leadings.length === 0 ? 1.2 : median(leadings);
}

/** Two lines of one paragraph as one text: a word parted at the line's end is made whole. */
function joined(before: string, after: string): string {
  if (/\p{L}\u00ad$/u.test(before)) return before.slice(0, -1) + after;
  if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(after)) return before.slice(0, -1) + after;
  const isUnspaced = /[\u3040-\u30ff\u3400-\u9fff\u3000-\u303f]$/u.test(before);
  if (isUnspaced && /^[\u3040-\u30ff\u3400-\u9fff\u3000-\u303f]/u.test(after))
    return before + after;
  return `${before} ${after}`;
}

/** Whether a line begins a paragraph. */
function beginsBlock(before: PdfLine, line: PdfLine, leading: number): boolean {
  if (Math.abs(line.size - before.size) > before.size * sizeTolerance) return true;
  if (listItem.test(line.text)) return true;
  const gap = before.y - line.y;
  // Back up: another column, in which the paragraph may go on.
  if (gap < 0) return /[.!?。…:]["”’)\]]?$/u.test(before.text);
  if (gap > line.size * leading * gapFactor) return true;
  const indent = line.x - before.x;
  return indent > line.size && indent < line.size * 4 && !listItem.test(before.text);
}

/**
 * The text of a PDF as blocks, each with the sheet it begins on. Paragraphs are told by gaps,
 * indents and sizes, as a reader tells them.
 *
 * @param sheets the lines of each sheet; an empty one for a sheet that cannot be read
 */
export function blocksOfSheets(sheets: readonly (readonly PdfLine[])[]): readonly TextBlock[] {
  const bodySize = bodySizeOf(sheets);
  const leading = leadingOf(sheets);
  const kindOf = ({ size, text }: PdfLine): BlockKind => {
    if (size > bodySize * headingFactor && text.length < longestHeading) return 'heading';
    return listItem.test(text) ? 'list' : 'text';
  };
  const blocks: TextBlock[] = [];
  for (const [index, lines] of withoutRunningLines(sheets).entries()) {
    let open: { kind: BlockKind; text: string } | null = null;
    const close = (): void => {
      if (open !== null) blocks.push({ ...open, sheet: index + 1 });
      open = null;
    };
    lines.forEach((line, i) => {
      const before = lines[i - 1];
      if (before === undefined || beginsBlock(before, line, leading)) close();
      open =
        open === null
          ? { kind: kindOf(line), text: line.text }
          : { kind: open.kind, text: joined(open.text, line.text) };
    });
    close();
  }
  return blocks;
}

/** The largest words of the first sheet, where they stand out; empty otherwise. */
export function titleOfSheets(blocks: readonly TextBlock[]): string {
  const first = blocks.find(({ kind, sheet }) => kind === 'heading' && sheet === 1);
  return first !== undefined && /\p{L}{2}/u.test(first.text) ? first.text : '';
}
