import type { Timestamp } from '../ids.ts';
import type { ListedAddress } from './address-list.ts';
import type { ExportedPage } from './exported-page.ts';
import { isWebAddress, pageKey } from './page-key.ts';
import { judgePage, noSignals } from './private-rules.ts';
import { redactText, redactUrl } from './redact.ts';
import type { Settings } from './settings.ts';
import { findRule } from './site-rules.ts';

const maxTitleLength = 500;

/** A page of a list as it is stored, or why it is not. */
export type ListedPage =
  | { readonly page: ExportedPage }
  | { readonly refused: 'not-web' | 'excluded' | 'private' };

/** The words of an address: `example.org/black-tea?id=3` has "example.org black tea". */
function addressWords(url: string): string {
  const { host = '', path = '' } =
    /^\w+:\/\/(?<host>[^/?#]*)(?<path>[^?#]*)/.exec(url)?.groups ?? {};
  let words = path;
  try {
    words = decodeURIComponent(path);
  } catch {
    // Not UTF-8: the letters as they are.
  }
  const named = words
    .toWellFormed()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return `${host.replace(/^www\./, '')} ${named}`.trim();
}

/**
 * Makes a page of title and address alone, its one passage: what has none is found by no meaning. The same rules hold as for pages that are read; one that
 * looks private by its address or title is left out, as there is nobody to ask a thousand times.
 */
export function listedPage(
  { url, title, at }: ListedAddress,
  settings: Settings,
  now: Timestamp,
): ListedPage {
  const key = isWebAddress(url) ? pageKey(url) : null;
  if (key === null) return { refused: 'not-web' };
  const match = findRule(url, settings);
  if (match?.rule.action === 'never') return { refused: 'excluded' };
  const isOwnRule = match !== null && !match.isDefaultRule;
  const judged = judgePage({ url, title, text: '', signals: noSignals });
  if (!isOwnRule && judged.verdict !== 'ordinary') return { refused: 'private' };
  const moment = Math.min(at ?? now, now);
  const shown = redactText(
    title
      .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const address = redactUrl(url);
  return {
    page: {
      key,
      url: address,
      title: (shown || address).slice(0, maxTitleLength),
      lang: 'und',
      type: 'other',
      firstReadAt: moment,
      lastReadAt: moment,
      readCount: 1,
      isPinned: false,
      visits: [],
      passages: [{ text: `${shown}\n${addressWords(address)}`.trim() }],
    },
  };
}
