import { createLock } from '../core/lock.ts';
import { withoutFragment } from '../core/page/page-key.ts';
import { asksNotToBeKept } from '../core/page/private-rules.ts';
import { fingerprint } from '../core/text/fingerprint.ts';
import type { Answer } from '../platform/answer-headers.ts';
import type { KeyValueStore } from '../platform/storage.ts';

const answersKey = 'answers';
/** Tabs that are remembered; the one whose page came longest ago leaves first. */
const mostTabs = 200;

/** A tab with the fingerprint of the address that asked; the address itself is kept nowhere. */
type Entry = readonly [tabId: number, address: number];

/**
 * Which tabs show a page whose headers ask that no copy be kept. The headers come long before the
 * page is offered, and the background may be stopped in between.
 */
export interface Answers {
  note(answer: Answer): Promise<void>;
  /** Whether the page that a tab has loaded from an address came with such a header. */
  asksNotToBeKept(tabId: number, url: string): Promise<boolean>;
  /** Headers are not to be seen any more, and what was seen counts no longer. */
  clear(): Promise<void>;
}

/** @param store in memory; outlives the background */
export function createAnswers(store: KeyValueStore): Answers {
  const lock = createLock();
  const entries = async (): Promise<readonly Entry[]> =>
    ((await store.get(answersKey)) as readonly Entry[] | undefined) ?? [];
  return {
    note: ({ tabId, url, asks }) =>
      lock(async () => {
        const known = await entries();
        const others = known.filter(([id]) => id !== tabId);
        const isNews = asksNotToBeKept(asks);
        if (!isNews && others.length === known.length) return;
        const now: readonly Entry[] = isNews ? [...others, [tabId, printOf(url)]] : others;
        await store.set(answersKey, now.slice(-mostTabs));
      }),
    asksNotToBeKept: (tabId, url) =>
      lock(async () => {
        const print = printOf(url);
        return (await entries()).some(([id, address]) => id === tabId && address === print);
      }),
    clear: () => lock(() => store.remove([answersKey])),
  };
}

const printOf = (url: string): number => fingerprint(withoutFragment(url));
