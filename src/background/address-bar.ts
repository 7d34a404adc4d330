import type { AskHost } from '../messaging/host-client.ts';
import { localized } from '../platform/events.ts';
import { type OmniboxPlace, type OmniboxSuggestion, onOmnibox } from '../platform/omnibox.ts';
import { openPage } from '../platform/tabs.ts';

/** Lines that the browsers show at most. */
const mostSuggestions = 5;

/** Pages for what is typed behind the keyword; none while the engine is not there. */
export async function suggestPages(
  askHost: AskHost,
  text: string,
): Promise<readonly OmniboxSuggestion[]> {
  if (text.trim() === '') return [];
  try {
    const { hits } = await askHost('page-engine:search', {
      query: text,
      limit: mostSuggestions,
      client: 'address-bar',
    });
    return hits
      .filter((hit) => !hit.isWeak)
      .map(({ page, openUrl }) => ({ content: openUrl, title: page.title, note: page.site }));
  } catch {
    // Superseded by the next letter, or the engine is starting: Enter still opens the search page.
    return [];
  }
}

/** Where a chosen line leads: the page itself, or the search page for words. */
export function addressFor(contentOrText: string): string {
  return /^https?:\/\//i.test(contentOrText)
    ? contentOrText
    : `/search.html?q=${encodeURIComponent(contentOrText)}`;
}

/** Search from the address bar: the keyword `dl`, a blank, words. */
export function listenToAddressBar(askHost: AskHost, report: (thrown: unknown) => void): void {
  onOmnibox({
    hint: localized('searchHint', 'Search what you have read'),
    suggest: (text) => suggestPages(askHost, text),
    enter: (text, place: OmniboxPlace) => void openPage(addressFor(text), place).catch(report),
  });
}
