import { AppError } from '../errors.ts';

/**
 * The longest text of a page, in UTF-16 units, its headings counted: twice of what a snapshot or a
 * PDF may have. In JSON and UTF-8 a unit has six bytes at most, so that whatever is stored can be
 * unpacked again.
 */
const mostTextLength = 8 * 1024 * 1024;

/** @throws AppError `bad-request` for a page of more text than one may have */
export function checkTextLength(
  parts: readonly { readonly text: string; readonly heading?: string }[],
): void {
  const length = parts.reduce(
    (sum, { text, heading = '' }) => sum + text.length + heading.length,
    0,
  );
  if (length <= mostTextLength) return;
  throw new AppError(
    'bad-request',
    `A page has a text of ${length} characters; at most ${mostTextLength} are allowed.`,
    { details: { length, most: mostTextLength } },
  );
}
