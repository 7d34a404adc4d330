import { AppError } from '../errors.ts';
import type { PageKey, Timestamp } from '../ids.ts';
import { siteOf } from './page-key.ts';
import { checkTextLength } from './text-length.ts';
import { type PageType, type Passage, pageTypes } from './types.ts';

/** All that is stored of a page, as an export holds it; docs/export-format.md has the file. */
export interface ExportedPage {
  readonly key: PageKey;
  readonly url: string;
  readonly title: string;
  readonly lang: string;
  readonly type: PageType;
  readonly firstReadAt: Timestamp;
  readonly lastReadAt: Timestamp;
  readonly readCount: number;
  readonly isPinned: boolean;
  /** Moments of all visits, ascending. */
  readonly visits: readonly Timestamp[];
  readonly passages: readonly Passage[];
}

const limits = {
  address: 8192,
  title: 10_000,
  lang: 100,
  visits: 100_000,
  passages: 100_000,
} as const;
const fieldNames = [
  'key',
  'url',
  'title',
  'lang',
  'type',
  'firstReadAt',
  'lastReadAt',
  'readCount',
  'isPinned',
  'visits',
  'passages',
] as const satisfies readonly (keyof ExportedPage)[];

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;
const isMoment = (value: unknown): value is Timestamp =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= 8.64e15;
const isAddress = (value: unknown): boolean =>
  isText(value, limits.address) && siteOf(value) !== '';

const checks: { readonly [K in keyof ExportedPage]: (value: unknown) => boolean } = {
  key: isAddress,
  url: isAddress,
  title: (value) => isText(value, limits.title),
  lang: (value) => isText(value, limits.lang),
  type: (value) => (pageTypes as readonly unknown[]).includes(value),
  firstReadAt: isMoment,
  lastReadAt: isMoment,
  readCount: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  isPinned: (value) => typeof value === 'boolean',
  visits: (value) => Array.isArray(value) && value.length <= limits.visits && value.every(isMoment),
  passages: (value) =>
    Array.isArray(value) && value.length <= limits.passages && value.every(isPassage),
};

function isPassage(value: unknown): value is Passage {
  if (typeof value !== 'object' || value === null) return false;
  const { text, heading, sheet } = value as Record<string, unknown>;
  return (
    typeof text === 'string' &&
    (heading === undefined || typeof heading === 'string') &&
    (sheet === undefined || Number.isSafeInteger(sheet))
  );
}

/**
 * Reads a page of an export. Fields that are not known are left out.
 * @throws AppError `bad-request` that names the first field which is missing or not of its shape, or
 *   the length of a text too long
 */
export function readExportedPage(value: unknown): ExportedPage {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  for (const name of fieldNames) {
    if (!checks[name](given[name])) {
      throw new AppError('bad-request', `An exported page needs a valid "${name}"`, {
        details: { name },
      });
    }
  }
  checkTextLength(given.passages as readonly Passage[]);
  return Object.fromEntries(
    fieldNames.map((name) => [
      name,
      name === 'passages' ? (given.passages as readonly Passage[]).map(passageOf) : given[name],
    ]),
  ) as unknown as ExportedPage;
}

function passageOf({ text, heading, sheet }: Passage): Passage {
  return {
    text,
    ...(heading === undefined ? {} : { heading }),
    ...(sheet === undefined ? {} : { sheet }),
  };
}
