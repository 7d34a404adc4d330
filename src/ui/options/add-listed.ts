import type { ListedAddress } from '../../core/page/address-list.ts';
import type { ExportedPage } from '../../core/page/exported-page.ts';
import { listedPage } from '../../core/page/listed-page.ts';
import type { Ask } from '../parts/services.ts';

/** Pages of one message: a stop comes soon, and searches go on in between. */
const pagesPerSlice = 200;
const sliceTimeoutMs = 120_000;

/** What adding a list did, or would do. */
export interface AddResult {
  readonly added: number;
  readonly known: number;
  readonly refused: Readonly<Record<'not-web' | 'excluded' | 'private', number>>;
  readonly isStopped: boolean;
}

/**
 * Adds the pages of a list that are not stored yet, or only counts them. Stopping leaves what was
 * added; the same list again passes over it.
 */
export async function addListed(
  ask: Ask,
  list: readonly ListedAddress[],
  isTrial: boolean,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<AddResult> {
  const settings = await ask('page-background:get-settings', null);
  const now = Date.now();
  const refused = { 'not-web': 0, excluded: 0, private: 0 };
  const seen = new Set<string>();
  const pages: ExportedPage[] = [];
  for (const address of list) {
    const made = listedPage(address, settings, now);
    if ('refused' in made) refused[made.refused] += 1;
    else if (!seen.has(made.page.key)) pages.push(made.page);
    if ('page' in made) seen.add(made.page.key);
  }
  let added = 0;
  for (let from = 0; from < pages.length; from += pagesPerSlice) {
    if (signal.aborted) return { added, known: 0, refused, isStopped: true };
    const receipt = await ask(
      'page-engine:import-pages',
      { pages: pages.slice(from, from + pagesPerSlice), isTrial, onlyNew: true },
      { timeoutMs: sliceTimeoutMs },
    );
    added += receipt.added;
    onProgress(Math.min(pages.length, from + pagesPerSlice));
  }
  return { added, known: pages.length - added, refused, isStopped: false };
}
