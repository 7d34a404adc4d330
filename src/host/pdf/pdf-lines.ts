/** A run of text as pdf.js finds it on a sheet, in the order of the file. */
export interface PdfRun {
  readonly str: string;
  /** Text space to the sheet's points; the last two are where the run's baseline begins. */
  readonly transform: readonly number[];
  /** Points. */
  readonly width: number;
  readonly height: number;
  /** Whether a line ends after it. */
  readonly hasEOL: boolean;
}

/** A line of a sheet. Points; y grows upwards, as PDF has it. */
export interface PdfLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Height of its largest run. */
  readonly size: number;
}

function sizeOf({ transform, height }: PdfRun): number {
  return Math.hypot(transform[2] ?? 0, transform[3] ?? 0) || height;
}

/** The lines of a sheet, in the order of the file, which is nearly always that of reading. */
export function linesOf(runs: readonly PdfRun[]): readonly PdfLine[] {
  const lines: PdfLine[] = [];
  let text = '';
  let x = 0;
  let y = 0;
  let size = 0;
  const end = (): void => {
    const clean = text.replace(/\s+/gu, ' ').trim();
    if (clean !== '') lines.push({ text: clean, x, y, size });
    text = '';
    size = 0;
  };
  for (const run of runs) {
    const [, , , , runX = 0, runY = 0] = run.transform;
    if (text !== '' && Math.abs(runY - y) > Math.max(size, sizeOf(run)) * 0.6) end();
    if (text === '') {
      x = runX;
      y = runY;
    }
    text += run.str;
    if (run.str.trim() !== '') size = Math.max(size, sizeOf(run));
    if (run.hasEOL) end();
  }
  end();
  return lines;
}

/** Lines at the top and the foot of a sheet that are looked at for repetition: one of a few. */
const edgeLines = (count: number): number => (count < 6 ? 1 : 2);
/** A line there is a running head when it stands on this share of the sheets, on three at least. */
const runningShare = 0.3;
const pageNumber =
  /^(?:page|p\.|쪽)?\s*[-–—|]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:of|\/)\s*\d{1,4})?\s*[-–—|]?$/i;

const isEdge = (index: number, count: number): boolean =>
  index < edgeLines(count) || index >= count - edgeLines(count);
/** Heads differ by their number only. */
const shapeOf = (text: string): string => text.toLowerCase().replace(/\d+/g, '#');

/** The sheets without running heads, feet and page numbers. */
export function withoutRunningLines(
  sheets: readonly (readonly PdfLine[])[],
): readonly (readonly PdfLine[])[] {
  const counts = new Map<string, number>();
  for (const lines of sheets) {
    const shapes = lines.filter((_, i) => isEdge(i, lines.length)).map(({ text }) => shapeOf(text));
    for (const shape of new Set(shapes)) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const needed = Math.max(3, sheets.length * runningShare);
  return sheets.map((lines) =>
    lines.filter(
      ({ text }, i) =>
        !isEdge(i, lines.length) ||
        !(
          (counts.get(shapeOf(text)) ?? 0) >= needed ||
          (lines.length > 1 && pageNumber.test(text))
        ),
    ),
  );
}
