import type { FoundPlace } from '../core/page/opened.ts';
import type { AskHost } from '../messaging/host-client.ts';
import { localized } from '../platform/events.ts';
import { type OmniboxPlace, type OmniboxSuggestion, onOmnibox } from '../platform/omnibox.ts';
import { openPage } from '../platform/tabs.ts';
import type { OpenedPages } from './opened-pages.ts';

/** Lines that the browsers show at most. */
const mostSuggestions = 5;

/** A line that stands for a page, with the place in it that was found. */
type FoundSuggestion = OmniboxSuggestion & { readonly found: FoundPlace };

/** Pages for what is typed behind the keyword; none while the engine is not there. */
export async function suggestPages(
  askHost: AskHost,
  text: string,
): Promise<readonly FoundSuggestion[]> {
  if (text.trim() === '') return [];
  try {
    const { hits } = await askHost('page-engine:search', {
      query: text,
      limit: mostSuggestions,
      client: 'address-bar',
    });
    return hits
      .filter((hit) => !hit.isWeak)
      .map(({ page, openUrl, passageIndex, snippet }) => ({
        content: openUrl,
        title: page.title,
        note: page.site,
        found: { id: page.id, index: passageIndex, text: snippet.text },
      }));
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
export function listenToAddressBar(
  askHost: AskHost,
  opened: Pick<OpenedPages, 'open'>,
  report: (thrown: unknown) => void,
): void {
  // A background that was stopped in between opens the page all the same.
  let suggested: readonly FoundSuggestion[] = [];
  const open = async (text: string, place: OmniboxPlace): Promise<void> => {
    const found = suggested.find(({ content }) => content === text)?.found;
    const url = addressFor(text);
    if (found === undefined) await openPage(url, place);
    else await opened.open(found, url, () => openPage(url, place));
  };
  onOmnibox({
    hint: localized('searchHint', 'Search what you have read'),
    async suggest(text) {
      suggested = await suggestPages(askHost, text);
      return suggested;
    },
    enter: (text, place) => void open(text, place).catch(report),
  });
}
