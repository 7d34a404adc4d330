/** Words of the stretch a link points at, and of the context when they stand more than once. */
const minWords = 4;
const maxWords = 12;
const contextWords = 3;

/** The characters that part the directive's pieces must be written out, as the standard says. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D');
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0 && count < 2; at = text.indexOf(part, at + 1)) count++;
  return count;
}

function lineAround(text: string, at: number): { line: string; start: number } {
  const start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const end = text.indexOf('\n', at);
  return { line: text.slice(start, end < 0 ? text.length : end), start };
}

/**
 * An address that opens the page at a place of its text (WICG scroll-to-text-fragment):
 * `#:~:text=prefix-,words`. The words lie within one line, since a fragment's piece may not cross
 * blocks, and are as few as are found once on the page: a short stretch survives edits around it.
 * A fragment of the address itself stays before the directive.
 *
 * @param passage the passage the place is in
 * @param at UTF-16 offset of the evidence in the passage
 * @param pageText all passages, joined by line breaks
 */
export function openUrlAt(url: string, passage: string, at: number, pageText: string): string {
  const { line, start } = lineAround(passage, at);
  const words = [...line.matchAll(/\S+/g)];
  if (words.length === 0 || url === '') return url;
  const index = Math.max(
    0,
    words.findLastIndex((word) => start + word.index <= at),
  );
  const first = Math.max(0, Math.min(index, words.length - minWords));
  const slice = (from: number, to: number) => {
    const last = words[Math.min(to, words.length) - 1];
    const begin = words[from];
    if (last === undefined || begin === undefined) return '';
    return line.slice(begin.index, last.index + last[0].length);
  };
  let target = '';
  for (let count = minWords; count <= maxWords; count++) {
    target = slice(first, first + count);
    if (occurrences(pageText, target) <= 1) break;
    if (first + count >= words.length) break;
  }
  let directive = encode(target);
  if (first > 0 && occurrences(pageText, target) > 1) {
    const prefix = slice(Math.max(0, first - contextWords), first);
    directive = `${encode(prefix)}-,${directive}`;
  }
  const [base = url, fragment = ''] = url.split('#', 2);
  return `${base}#${fragment.replace(/:~:.*$/, '')}:~:text=${directive}`;
}

/** An address that opens a PDF at a sheet, as the browsers' viewers read it (RFC 8118). */
export function openUrlAtSheet(url: string, sheet: number): string {
  return `${url.split('#', 1)[0]}#page=${sheet}`;
}
