/**
 * Splits a text into pieces of at most `length` UTF-16 units that join to the same text. A pair of
 * surrogates is never parted: a lone half would not survive the way through JSON unharmed everywhere.
 * The empty text is one empty piece.
 */
export function splitText(text: string, length: number): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > length) {
    let end = start + length;
    const last = text.charCodeAt(end - 1);
    if (length > 1 && last >= 0xd800 && last <= 0xdbff) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  pieces.push(text.slice(start));
  return pieces;
}
